import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FindingCode } from '../finding.ts'
import type { Fields } from '../record.ts'
import { packOf, sourceOf } from '../test-pack.ts'
import type { Entry } from '../test-pack.ts'
import { minute, person, story } from '../test-story.ts'
import { verifyPack } from '../verify-pack.ts'
import type { Verdict } from '../verify-pack.ts'

/*
 * Logs that are well sealed and truly signed, and in which something did not happen as it must: the tree cannot find
 * these, only following can.
 */

interface Told {
  readonly verdict: Verdict
  /** `<code> <record> <index>` */
  readonly findings: readonly string[]
}

async function told(entries: readonly Entry[]): Promise<Told> {
  const pack = await packOf(entries)
  const verdict = await verifyPack(sourceOf(pack.files), { checkpoints: [pack.checkpoint], key: pack.key })
  const findings = verdict.findings.map(({ code, record, index }) => `${code} ${record} ${index}`)
  for (const { record, index } of verdict.findings) assert.equal(record, pack.names[index ?? -1])
  return { verdict, findings }
}

/** The story without the entries that match. */
function without(matches: (entry: Entry) => boolean): Entry[] {
  const rest = story().filter((entry) => !matches(entry))
  assert.ok(rest.length < story().length, 'nothing was left out')
  return rest
}

/** The story with some data of one entry changed. A field that is undefined is left out. */
function changed(stream: string, type: string, data: Fields, more: Partial<Entry> = {}): Entry[] {
  const entries = story()
  const at = entries.findIndex((entry) => entry.stream === stream && entry.type === type)
  const entry = entries[at]
  assert.ok(entry !== undefined, 'no such entry')
  const kept = Object.fromEntries(Object.entries({ ...entry.data, ...data }).filter(([, value]) => value !== undefined))
  return entries.with(at, { ...entry, ...more, data: kept })
}

const is =
  (stream: string, type: string, changeId?: string) =>
  (entry: Entry): boolean =>
    entry.stream === stream && entry.type === type && (changeId === undefined || entry.data['changeId'] === changeId)

const ADA = 'membership/okta/00gDatabase/per_ada'
const CY = 'membership/okta/00gSupport/per_cy'

/** Where the story, as left or as changed, has a record. */
function placeOf(entries: readonly Entry[], stream: string, version: number): string {
  const places = [...entries.entries()].filter(([, entry]) => entry.stream === stream).map(([index]) => index)
  return `${stream}@${version} ${places[version - 1]}`
}

async function assertTold(entries: readonly Entry[], expected: readonly (readonly [FindingCode, string, number])[]) {
  const { findings, verdict } = await told(entries)
  assert.deepEqual(
    findings,
    expected.map(([code, stream, version]) => `${code} ${placeOf(entries, stream, version)}`),
  )
  assert.equal(verdict.verified, expected.length === 0)
}

test('in the story every change leads to its four parts [I24]', async () => {
  await assertTold(story(), [])
})

test('a change without a trigger is named [I24]', async () => {
  await assertTold(without(is('request/req_db', 'RequestSubmitted')), [
    ['no trigger', 'request/req_db', 1],
    ['no decision', 'grant/gra_db', 1],
    ['no trigger', ADA, 5],
    ['no decision', ADA, 5],
    ['no trigger', ADA, 9],
    ['no decision', ADA, 9],
  ])
})

test('a change without an approval is named, the one back and the one forth [I24]', async () => {
  await assertTold(without(is('request/req_db', 'RequestApproved')), [
    ['no decision', 'grant/gra_db', 1],
    ['no decision', ADA, 5],
    ['no decision', ADA, 9],
  ])
})

test('an approval that came after the change does not count [I24]', async () => {
  const approval = story().find(is('request/req_db', 'RequestApproved'))
  assert.ok(approval !== undefined)
  const entries = [...without(is('request/req_db', 'RequestApproved')), approval]
  const { findings } = await told(entries)
  assert.ok(findings.includes(`no decision ${placeOf(entries, ADA, 5)}`))
})

test('a decision under a rule version that was never published is named [I24]', async () => {
  const rule = { id: 'app-owner', version: 2 }
  await assertTold(changed('request/req_db', 'RequestApproved', { rule }), [
    ['rule version unknown', 'request/req_db', 2],
  ])
  await assertTold(without(is('approval-rule/known-role', 'ApprovalRulePublished')), [
    ['rule version unknown', 'request/req_sup', 2],
  ])
})

test('an approval of something else than what was asked is named', async () => {
  await assertTold(changed('request/req_db', 'RequestApproved', { askHash: 'ff'.repeat(32) }), [
    ['decision of another ask', 'request/req_db', 2],
  ])
})

test('an approval by the requester is named', async () => {
  await assertTold(changed('request/req_db', 'RequestApproved', {}, { by: person('per_ada') }), [
    ['decided by whoever asked', 'request/req_db', 2],
  ])
})

test('an approval that neither a person on a desk nor a rule gave is named', async () => {
  const nobody: FindingCode = 'decided without a decider'
  await assertTold(changed('request/req_db', 'RequestApproved', { approval: null }), [[nobody, 'request/req_db', 2]])
  await assertTold(changed('request/req_db', 'RequestApproved', {}, { by: { kind: 'engine' } }), [
    [nobody, 'request/req_db', 2],
  ])
  const otherRule = { kind: 'rule', id: 'app-owner', version: 1 }
  await assertTold(changed('request/req_sup', 'RequestApproved', {}, { by: otherRule }), [
    [nobody, 'request/req_sup', 2],
  ])
})

test('a change for another person or group than was asked for is named', async () => {
  const groups = [{ provider: 'okta', id: '00gOther' }]
  await assertTold(changed('request/req_db', 'RequestSubmitted', { groups }), [
    ['outside the request', ADA, 5],
    ['outside the request', ADA, 9],
  ])
  await assertTold(changed('request/req_db', 'RequestSubmitted', { beneficiaryId: 'per_eve' }), [
    ['outside the request', ADA, 5],
    ['outside the request', ADA, 9],
  ])
})

test('a change without a grant is named, and so is the end of one that was never opened', async () => {
  await assertTold(without(is('grant/gra_sup', 'GrantOpened')), [
    ['no grant', CY, 3],
    ['no grant', 'grant/gra_sup', 2],
    ['no grant', CY, 4],
    ['no ending', CY, 4],
  ])
})

test('a proof without its intent, and an answer without one, are named [I24]', async () => {
  await assertTold(without(is(ADA, 'ChangeIntended', 'chg_1')), [
    ['no intent', ADA, 2],
    ['no intent', ADA, 3],
    ['no intent', ADA, 4],
  ])
})

test('a proof that says something else than its intent is named', async () => {
  for (const data of [{ do: 'remove' }, { grantId: 'gra_x' }, { requestId: 'req_x' }, { intendedAt: minute(20) }]) {
    await assertTold(changed(ADA, 'ChangeProven', data), [['intent differs', ADA, 5]])
  }
})

test('a proof without an answer is named, unless the effect was found by reading back [I24]', async () => {
  const entries = without(is(ADA, 'ChangeAnswered', 'chg_2'))
  await assertTold(entries, [['no outcome', ADA, 8]])
  await assertTold(without(is(CY, 'ChangeAnswered', 'chg_3')), [])
})

test('a proof that names another receipt or moment than the answer is named', async () => {
  await assertTold(changed(ADA, 'ChangeProven', { receipt: 'reqX' }), [['outcome differs', ADA, 5]])
  await assertTold(changed(ADA, 'ChangeProven', { answeredAt: minute(22) }), [['outcome differs', ADA, 5]])
})

test('a proof without a read-back is named [I24]', async () => {
  await assertTold(changed(ADA, 'ChangeProven', { readAt: null }), [['no read-back', ADA, 5]])
  await assertTold(changed(ADA, 'ChangeProven', { readAt: undefined }), [['no read-back', ADA, 5]])
})

test('a read-back that is older than the answer, or without an answer than the intent, is named [I24]', async () => {
  await assertTold(changed(ADA, 'ChangeProven', { readAt: minute(22) }), [['read before the answer', ADA, 5]])
  await assertTold(changed(CY, 'ChangeProven', { readAt: minute(500) }), [['read before the answer', CY, 3]])
  await assertTold(changed(ADA, 'ChangeProven', { readAt: minute(23) }), [])
})

test('a removal whose grant was not ending is named [I24]', async () => {
  await assertTold(without(is('grant/gra_db', 'GrantEnding')), [['no ending', ADA, 9]])
})

test('the removal of what was found leads to the finding and to whoever decided, and to nothing else [I24, R101]', async () => {
  const stream = 'membership/okta/00gFound/per_eve'
  const finding = 'finding/okta/00gFound/00uEve'
  const engine = { kind: 'engine' }
  const links = { grantId: 'grt_f', requestId: 'fnd_1' }
  const group = { provider: 'okta', id: '00gFound' }
  const raised = { findingId: 'fnd_1', kind: 'added outside', group, account: '00uEve', personId: 'per_eve' }
  const opened = { requestId: 'fnd_1', personId: 'per_eve', roleId: '', groups: [group], hours: null }
  const proof = { effect: 'changed', receipt: 'reqF', intendedAt: minute(702), answeredAt: minute(703) }
  const tell = (does: string, by: Fields): Entry[] => [
    ...story(),
    { stream: finding, type: 'FindingRaised', at: minute(700), by: engine, data: { ...raised, readAt: minute(700) } },
    {
      stream: finding,
      type: 'FindingRemovalDecided',
      at: minute(701),
      by,
      data: { findingId: 'fnd_1', grantId: 'grt_f' },
    },
    { stream: 'grant/grt_f', type: 'GrantOpened', at: minute(701), by, data: { ...opened, completeBy: minute(701) } },
    { stream: 'grant/grt_f', type: 'GrantEnding', at: minute(701), by, data: { because: 'not given' } },
    { stream, type: 'ChangeIntended', at: minute(702), by: engine, data: { changeId: 'chg_f', do: does, ...links } },
    {
      stream,
      type: 'ChangeAnswered',
      at: minute(703),
      by: engine,
      data: { changeId: 'chg_f', kind: 'changed', at: minute(703), receipt: 'reqF' },
    },
    {
      stream,
      type: 'ChangeProven',
      at: minute(704),
      by: engine,
      data: { changeId: 'chg_f', do: does, ...links, ...proof, readAt: minute(704) },
    },
  ]
  const operator = { kind: 'operator', name: 'olga' }
  await assertTold(tell('remove', operator), [])
  await assertTold(tell('add', operator), [['outside the request', stream, 3]])
  await assertTold(tell('remove', { kind: 'timer' }), [['decided without a decider', finding, 2]])
  const undecided = tell('remove', operator).filter((entry) => entry.type !== 'FindingRemovalDecided')
  await assertTold(undecided, [
    ['no decision', 'grant/grt_f', 1],
    ['no decision', stream, 3],
  ])
})

test('moving the end that a provider itself gives is followed as any change is, and needs no ending of the grant [I24, R046]', async () => {
  const intended = story().findIndex(is('grant/gra_db', 'GrantEnding'))
  assert.ok(intended > 0)
  const links = { changeId: 'chg_end', do: 'set end', grantId: 'gra_db', requestId: 'req_db' }
  const by = { kind: 'engine' }
  const endsAt = minute(400)
  const answer = { changeId: 'chg_end', do: 'set end', kind: 'changed', at: minute(26), receipt: 'reqE' }
  const proof = {
    effect: 'changed',
    receipt: 'reqE',
    intendedAt: minute(25),
    answeredAt: minute(26),
    readAt: minute(27),
  }
  const moved: Entry[] = [
    { stream: ADA, type: 'ChangeIntended', at: minute(25), by, data: { ...links, account: '00uAda', endsAt } },
    { stream: ADA, type: 'ChangeAnswered', at: minute(26), by, data: answer },
    { stream: ADA, type: 'ChangeProven', at: minute(27), by, data: { ...links, ...proof, endsAt } },
  ]
  await assertTold(story().toSpliced(intended, 0, ...moved), [])
  const elsewhere = moved.map((each) => ({ ...each, data: { ...each.data, requestId: 'req_no' } }))
  const { findings } = await told(story().toSpliced(intended, 0, ...elsewhere))
  assert.ok(
    findings.some((each) => each.startsWith('no decision')) && findings.some((each) => each.startsWith('no grant')),
  )
})

test('a change that is proven twice, or intended twice, is named', async () => {
  const proof = story().find(is(ADA, 'ChangeProven', 'chg_1'))
  const intent = story().find(is(ADA, 'ChangeIntended', 'chg_1'))
  assert.ok(proof !== undefined && intent !== undefined)
  await assertTold([...story(), proof], [['proven twice', ADA, 10]])
  await assertTold([...story(), intent], [['intended twice', ADA, 10]])
})

test('a change that ended without proof, and had no decision, is named by its intent', async () => {
  const entries = without(
    (entry) => is('request/req_sup', 'RequestApproved')(entry) || is(CY, 'ChangeProven', 'chg_3')(entry),
  )
  const { findings, verdict } = await told(entries)
  assert.ok(findings.includes(`no decision ${placeOf(entries, CY, 1)}`), findings.join('\n'))
  assert.equal(verdict.open.length, 2)
})

test('a change that was rejected or abandoned is neither open nor an error', async () => {
  const rejected = { kind: 'rejected', because: 'not allowed' }
  const refused = await told(changed(CY, 'ChangeAnswered', { ...rejected, at: undefined }))
  // The first answer in that stream is about chg_3, which is proven by reading back all the same.
  assert.deepEqual(refused.findings, [])
  assert.equal(refused.verdict.open.length, 1)

  const abandoned = { changeId: 'chg_4', because: 'the grant was renewed' }
  const end = await told([
    ...story(),
    { stream: CY, type: 'ChangeAbandoned', at: minute(610), by: { kind: 'engine' }, data: abandoned },
  ])
  assert.deepEqual([end.findings, end.verdict.open], [[], []])

  const answer = { changeId: 'chg_4', ...rejected }
  const no = await told([
    ...story(),
    { stream: CY, type: 'ChangeAnswered', at: minute(610), by: { kind: 'engine' }, data: answer },
  ])
  assert.deepEqual([no.findings, no.verdict.open], [[], []])
})

test('a record that lacks a field of its type is named, and is no fault', async () => {
  const cases: readonly (readonly [string, string, string, number])[] = [
    ['approval-rule/app-owner', 'ApprovalRulePublished', 'version', 1],
    ['request/req_no', 'RequestSubmitted', 'groups', 1],
    [ADA, 'ChangeIntended', 'do', 2],
    [ADA, 'ChangeProven', 'effect', 5],
    [ADA, 'ChangeAnswered', 'kind', 3],
  ]
  for (const [stream, type, field, version] of cases) {
    const entries = changed(stream, type, { [field]: undefined })
    const { findings } = await told(entries)
    assert.ok(
      findings.includes(`field missing ${placeOf(entries, stream, version)}`),
      `${type}: ${findings.join('\n')}`,
    )
  }
})

test('a type of record that this program does not know is passed over', async () => {
  const by = { kind: 'engine' }
  await assertTold([...story(), { stream: 'x/1', type: 'constructor', at: minute(700), by, data: {} }], [])
})
