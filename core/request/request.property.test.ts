import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Life, NINE } from '../../tests/given.ts'
import type { Tier } from '../catalog/catalog.ts'
import type { ApproverSource } from '../approval-rule/approval-rule.ts'
import { assessmentFacts, EVERYBODY, MARA, person } from '../approval-rule/people-for-tests.ts'
import type { AssessmentFacts, Person } from '../approval-rule/assess.ts'
import { app, READERS, role, rule } from '../catalog/catalog-for-tests.ts'
import { APPROVAL, FORM, ISSUE, REQUEST, SEEN } from './request-for-tests.ts'
import type { RequestCommand, RequestEvent } from './request.ts'

/*
 * Anybody answers anything, in any order, while people leave, change their manager or lose their proof, rules change
 * under the request, and the ticket is edited.
 */

const ids = fc.constantFrom(...EVERYBODY.map((each) => each.id))
const some = fc.uniqueArray(ids, { maxLength: 3 })
const owners = fc.oneof(fc.constant(['per_olga']), some)

const mostly = fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false))
const source = fc.oneof(
  fc.constantFrom<ApproverSource>(
    { kind: 'manager' },
    { kind: 'app owner' },
    { kind: 'role owner' },
    { kind: 'security' },
  ),
  some.map((people): ApproverSource => ({ kind: 'named', people })),
)
const anyRule = fc
  .record({ approvers: fc.array(source, { minLength: 1, maxLength: 5 }), auto: fc.boolean() })
  .map(({ approvers, auto }) => rule(approvers, { autoApprove: auto ? [{ departments: ['Support'] }] : [] }))
const EVERY_SOURCE = rule([{ kind: 'manager' }, { kind: 'app owner' }, { kind: 'named', people: ['per_nia'] }])
const ruleInForce = fc.oneof({ weight: 2, arbitrary: fc.constant(EVERY_SOURCE) }, anyRule)

const people = fc
  .uniqueArray(fc.record({ id: ids, active: mostly, provenAccount: mostly, managerId: fc.option(ids) }), {
    selector: (each) => each.id,
    maxLength: 3,
  })
  .map((changes): readonly Person[] => changes.map(({ id, ...more }) => person(id, more)))

/** Who asks for whom stays; the rest of the world may be another at every step. */
function world(requesterId: string, beneficiaryId: string, tier: Tier) {
  return fc.record({ changed: people, owners, roleOwners: some, securityIds: some }).map((each): AssessmentFacts => {
    const facts = assessmentFacts({ requesterId }, each.changed)
    return {
      ...facts,
      beneficiary: facts.person(beneficiaryId) ?? MARA,
      app: app({ ownerIds: each.owners }),
      role: role({ tier, ownerIds: each.roleOwners }),
      securityIds: each.securityIds,
    }
  })
}

const form = fc.constantFrom(FORM, FORM, FORM, FORM, FORM, FORM, { ...FORM, reason: 'other' })
const hash = fc.constantFrom('hash', 'hash', 'hash', 'hash', 'hash', 'other hash')

function command(facts: fc.Arbitrary<AssessmentFacts>): fc.Arbitrary<RequestCommand> {
  const used = fc.record({ known: facts, rule: ruleInForce, formNow: form, askHashNow: hash })
  const decider = fc.option(fc.oneof(ids, fc.constantFrom('per_max', 'per_olga', 'per_nia'), fc.constant('per_gone')), {
    freq: 10,
  })
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .record({ decision: fc.constantFrom('approved', 'declined'), deciderId: decider, used })
        .map(({ decision, deciderId, used: { known, ...more } }): RequestCommand => ({
          kind: 'answer',
          answer: { decision, deciderId, approval: APPROVAL },
          facts: { ...known, ruleVersion: 2, edited: false, holdingsNow: [], ...more },
        })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ form, askHash: hash })
        .map((edit): RequestCommand => ({ kind: 'note edit', ...edit, edited: false })),
    },
    { weight: 1, arbitrary: fc.constant<RequestCommand>({ kind: 'note move by hand' }) },
    {
      weight: 1,
      arbitrary: fc.constant<RequestCommand>({
        kind: 'refuse',
        personId: null,
        code: 'unknown app',
        detail: {},
        form: FORM,
        issue: ISSUE,
      }),
    },
  )
}

function submitted(known: AssessmentFacts, by: ReturnType<typeof rule>): RequestCommand {
  const ask = { app: known.app, role: known.role, hours: 6, windowBecause: 'short need', reason: FORM.reason } as const
  const holdings = [{ group: READERS, name: 'readers', claimed: true, heldBy: null }]
  const facts = {
    ...known,
    rule: by,
    ruleVersion: 1,
    catalogVersion: 1,
    issue: ISSUE,
    seen: SEEN,
    holdings,
    already: null,
  }
  return { kind: 'submit', ask, form: FORM, askHash: 'hash', facts }
}

const story = fc
  .record({ requesterId: ids, beneficiaryId: ids, tier: fc.constantFrom<Tier>('standard', 'sensitive', 'privileged') })
  .chain(({ requesterId, beneficiaryId, tier }) => {
    const facts = world(requesterId, beneficiaryId, tier)
    const submit = fc.record({ known: facts, by: ruleInForce }).map(({ known, by }) => submitted(known, by))
    return fc.tuple(submit, fc.array(command(facts), { minLength: 1, maxLength: 8 }))
  })
  .map(([submit, rest]) => [submit, ...rest])

type Approved = Extract<RequestEvent, { type: 'RequestApproved' }>

function checkApproval(
  { data }: Approved,
  cause: RequestCommand,
  life: Life<typeof REQUEST.none, RequestCommand, RequestEvent>,
) {
  const { submitted } = life.state
  assert.ok(submitted)
  assert.equal(data.askHash, submitted.askHash)
  if (cause.kind === 'submit') {
    assert.equal(submitted.tier, 'standard')
    return assert.equal(data.approval, null)
  }
  assert.equal(cause.kind, 'answer')
  if (cause.kind !== 'answer') return
  const { facts, answer } = cause
  const [decider, ...more] = life.state.approvedBy
  assert.deepEqual([decider, more, answer.decision], [answer.deciderId, [], 'approved'])
  assert.ok(decider !== submitted.requesterId && decider !== submitted.beneficiaryId, 'approved by who asked')
  assert.ok(
    submitted.findings.some((each) => each.state === 'waiting' && each.on.some((one) => one.personId === decider)),
  )
  const who = facts.person(decider ?? '')
  assert.ok(who?.active && who.provenAccount && facts.beneficiary.active)
  assert.deepEqual([facts.formNow, facts.askHashNow], [FORM, 'hash'], 'approved what was not asked')
}

test('whoever answers whatever, nobody approves their own request or another ask than was asked [R020, I15, I18, N24]', () => {
  const met = { rule: 0, person: 0 }
  fc.assert(
    fc.property(story, (commands) => {
      const life = new Life(REQUEST)
      for (const each of commands) {
        const before = life.state.status
        const happened = life.tell(each, NINE)
        for (const event of happened) {
          if (event.type !== 'RequestApproved') continue
          checkApproval(event, each, life)
          met[each.kind === 'submit' ? 'rule' : 'person'] += 1
        }
        const final = before !== 'none' && before !== 'waiting'
        assert.ok(!final || happened.every(({ type }) => type === 'EditNoted'), `${before} is final`)
      }
      const ends = life.events.filter(({ type }) => /Approved|Declined|Voided|Refused/.test(type))
      assert.ok(ends.length <= 1, 'ended twice')
      life.assertRemembersTheSame()
    }),
    { numRuns: 2000 },
  )
  assert.ok(met.rule > 10 && met.person > 10, `the stories must reach approvals: ${JSON.stringify(met)}`)
})
