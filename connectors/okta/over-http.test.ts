import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { DAY_MS } from '#core/instant.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Deliver } from '#connectors/kit/stand-in.ts'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import { okta } from './connector.ts'
import { configFor, EVERYBODY_BIG, smallSeed, SUPPORT, userId } from './organisation-for-tests.ts'
import { serveOktaStandIn } from './stand-in/http.ts'
import { createOktaStandIn } from './stand-in/state.ts'

const support = { provider: 'okta', id: SUPPORT }

/** The connector, undici, sockets, node:http, the stand-in: everything that is real except Okta. */
async function overHttp(t: TestContext, deliver: Deliver = () => 'deliver') {
  const standIn = createOktaStandIn(smallSeed(), { longestPage: 100 })
  let now = 20_000 * DAY_MS
  const clock = () => (now += 1)
  const served = await serveOktaStandIn(standIn, { now: clock, deliver })
  const network = createUndiciFetch()
  t.after(async () => {
    await network.close()
    await served.close()
  })
  const io = { fetch: network.fetch, now: clock, sleep: (ms: number) => sleep(ms), newId: randomUUID }
  return { standIn, ...(okta.connect(configFor(served.url), io) as Required<Omit<Capabilities, 'desk'>>) }
}

test('a life of a membership over HTTP: token, people, groups, add, read back, remove, read back', async (t) => {
  const { membership, directory, standIn } = await overHttp(t)
  const people = await wholeList(directory.people, ({ account }) => account)
  assert.ok(people.kind === 'read' && people.value.length === 350)
  const groups = await wholeList(directory.groups, ({ group }) => group.id)
  assert.ok(groups.kind === 'read' && groups.value.length === 5)

  const change = { account: userId(260), group: support }
  const [added] = await membership.change([{ do: 'add', ...change }])
  assert.ok(added?.kind === 'changed')
  assert.equal(added.receipt, standIn.truth.changeLog[0]?.requestId)
  const held = await membership.members(support)
  assert.ok(held.kind === 'read')
  assert.deepEqual(held.value, [{ account: userId(260), source: 'direct' }])

  await membership.change([{ do: 'remove', ...change }])
  const gone = await membership.members(support)
  assert.ok(gone.kind === 'read')
  assert.deepEqual(gone.value, [])
})

test('a group of three pages over HTTP is complete', async (t) => {
  const { membership } = await overHttp(t)
  const reading = await membership.members({ provider: 'okta', id: EVERYBODY_BIG })
  assert.ok(reading.kind === 'read' && reading.value.length === 250)
})

test('ninety changes at once over HTTP each have their own outcome', async (t) => {
  const { membership, standIn } = await overHttp(t)
  const changes = Array.from(
    { length: 90 },
    (_, index) => ({ do: 'add', account: userId(251 + index), group: support }) as const,
  )
  const outcomes = await membership.change(changes)
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.kind === 'changed' ? outcome.receipt : outcome.kind)),
    changes.map(({ account }) => standIn.truth.changeLog.find(({ user }) => user === account)?.requestId),
  )
})

test('an answer lost on the way is unavailable although the change happened, and a read finds it', async (t) => {
  let lost = false
  const { membership, standIn } = await overHttp(t, ({ method }) => {
    if (method !== 'PUT' || lost) return 'deliver'
    lost = true
    return 'drop'
  })
  const [outcome] = await membership.change([{ do: 'add', account: userId(260), group: support }])
  assert.equal(outcome?.kind, 'unavailable')
  assert.equal(standIn.truth.changeLog.length, 1)
  const reading = await membership.members(support)
  assert.ok(reading.kind === 'read' && reading.value.length === 1)
})
