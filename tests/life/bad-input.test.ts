import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { documentOf } from '#connectors/jira/stand-in/rich-text.ts'
import { holds } from './holds.ts'
import { changesOf, recordsOf, requestOf, saidOn, somebody, statusOf, ticketOf, typesOf, wayOf } from './seen.ts'
import { openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

const GOOD = { app: 'NetSuite', role: 'Read only', duration: '24 hours', reason: 'Closing the quarter.' }

type Form = { [Field in keyof typeof GOOD]?: string | null }

/** Raises a ticket whose form holds just this, past whatever Jira's own form would have stopped. */
async function raise(form: Form): Promise<{ readonly key: string; readonly personId: string }> {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  const { app = GOOD.app, role = GOOD.role, duration = GOOD.duration, reason = GOOD.reason } = form
  const answer = await world.people.askWith(personId, { ...GOOD, reason: '' })
  const { issueKey: key } = JSON.parse(answer.body) as { issueKey: string }
  const ticket = ticketOf(world, key)
  Object.assign(ticket, { app, role, duration, reason: reason === null ? null : documentOf(reason) })
  await world.settle()
  return { key, personId }
}

const refusals: readonly (readonly [what: string, form: Form, code: string, words: RegExp])[] = [
  [
    'an app that does not exist',
    { app: 'Sailsforce' },
    'unknown app',
    /^There is no application named "Sailsforce" in the catalog\./,
  ],
  ['no app at all', { app: null }, 'unknown app', /^No application was chosen\./],
  ['no role at all', { role: null }, 'unknown role', /^No role of "NetSuite" was chosen\./],
  ['a role that does not exist', { role: 'Emperor' }, 'unknown role', /^"NetSuite" has no role named "Emperor"\./],
  [
    'a role of another app',
    { role: 'Agent' },
    'role is of another app',
    /^"Agent" is a role of another application than "NetSuite"\./,
  ],
  ['no duration', { duration: null }, 'duration missing', /^"Read only" can only be asked for with a duration\./],
  [
    'a duration that is none',
    { duration: 'for a while' },
    'duration not understood',
    /^"for a while" is not a duration/,
  ],
  ['a duration below zero', { duration: '-6 hours' }, 'duration not understood', /^"-6 hours" is not a duration/],
  [
    'a duration that is not offered',
    { duration: '6 hours' },
    'duration not offered',
    /^6 hours cannot be chosen for this role; these can: 24, 168, 720 hours\./,
  ],
  [
    'a duration above the maximum',
    { duration: '31 days' },
    'duration above maximum',
    /^744 hours is longer than this role may be held: 720 hours at most\./,
  ],
  [
    'no end, where the role has one',
    { duration: 'No end' },
    'no end not allowed',
    /^"Read only" cannot be held without an end\./,
  ],
  ['no reason', { reason: null }, 'reason missing', /^The business reason is empty\./],
  [
    'a reason of spaces without a width',
    { reason: '\u200b\u2800 \u3164' },
    'reason missing',
    /^The business reason is empty\./,
  ],
  [
    'a reason of 32 KB',
    { reason: 'x'.repeat(32_767) },
    'reason too long',
    /^The business reason has 32767 characters; 4000 are allowed\./,
  ],
  [
    'a reason that reads backwards',
    { reason: 'for \u202etidua eht' },
    'reason has control characters',
    /^The business reason holds control characters/,
  ],
  [
    'a reason with an escape sequence',
    { reason: '\u001b[2J for the audit' },
    'reason has control characters',
    /^The business reason holds control characters/,
  ],
  [
    'a reason with a NUL',
    { reason: 'for the\u0000 audit' },
    'reason has control characters',
    /^The business reason holds control characters/,
  ],
  [
    'a reason with half a character',
    { reason: 'for the \ud83d audit' },
    'reason has control characters',
    /^The business reason holds control characters/,
  ],
  [
    'an app of 10,000 letters',
    { app: 'A'.repeat(10_000) },
    'unknown app',
    /^There is no application named "A{79}…" in the catalog\./,
  ],
  [
    'an app with a NUL in its name',
    { app: 'Net\u0000Suite' },
    'unknown app',
    /^There is no application named "Net.Suite" in the catalog\./,
  ],
]

for (const [what, form, code, words] of refusals) {
  test(`${what}: a clear refusal on the ticket, on record, and nothing given [R004, R042, R043]`, async () => {
    const { key, personId } = await raise(form)
    assert.deepEqual(wayOf(world, key), ['Submitted', 'Refused'])
    assert.equal(saidOn(world, key).length, 1)
    assert.match(saidOn(world, key)[0] ?? '', words)
    assert.deepEqual(await typesOf(world, key), ['RequestRefused'])
    assert.equal((await requestOf(world, key)).code, code)
    assert.deepEqual(changesOf(world, personId), [])
  })
}

test('a reason in markup and in the words of other systems is shown, and never interpreted', async () => {
  const reason = '<script>alert(1)</script> [~accountid:1] {{x}} =1+1 ’; DROP TABLE event;--'
  const { key } = await raise({ reason })
  assert.equal(statusOf(world, key), 'Waiting for approval')
  const [submitted] = await recordsOf(world, key)
  assert.equal(submitted?.personalFields?.['reason'], reason)
  assert.doesNotMatch(saidOn(world, key).join(), /script|DROP/)
})

test('a reason keeps its lines, and people may write as they write', async () => {
  const { key } = await raise({ reason: 'Für das Quartal:\n- Abschluß\n\t- 決算 🙂' })
  assert.equal(statusOf(world, key), 'Waiting for approval')
})

test('names and durations are understood as people write them', async () => {
  const { key } = await raise({ app: '  netsuite ', role: 'READ  ONLY', duration: '1 day' })
  assert.equal(statusOf(world, key), 'Waiting for approval')
  assert.equal((await requestOf(world, key)).submitted?.hours, 24)
})

test('a privileged role without a duration is refused, whatever the form let through [R043, N19]', async () => {
  const { key } = await raise({ app: 'Production database', role: 'Operator', duration: 'No end' })
  assert.match(saidOn(world, key)[0] ?? '', /^"Operator" cannot be held without an end\./)
})

test('an answer below the threshold becomes a window, even where the role allows standing access [N19, R041]', async () => {
  const { key } = await raise({ app: 'Figma', role: 'Editor', duration: '24 hours' })
  assert.equal((await requestOf(world, key)).submitted?.windowBecause, 'short need')
})

test('the evidence of these stories holds', async () => {
  assert.deepEqual(world.log, [])
  await holds(world)
})
