import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { DAY_MS } from '#core/instant.ts'
import type { Deliver } from '#connectors/kit/stand-in.ts'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import { google } from './connector.ts'
import { serveGoogleStandIn } from './stand-in/http.ts'
import { createGoogleStandIn } from './stand-in/state.ts'
import { BIG, configFor, smallSeed, SUPPORT, userId } from './workspace-for-tests.ts'
import type { ConnectedGoogle } from './workspace-for-tests.ts'

const support = { provider: 'google', id: SUPPORT }

/** The connector, undici, sockets, node:http, the stand-in: everything that is real except Google. */
async function overHttp(t: TestContext, deliver: Deliver = () => 'deliver') {
  const standIn = createGoogleStandIn(smallSeed(), { longestPage: 100 })
  let now = 20_000 * DAY_MS
  const clock = () => (now += 1)
  const served = await serveGoogleStandIn(standIn, { now: clock, deliver })
  const network = createUndiciFetch()
  t.after(async () => {
    await network.close()
    await served.close()
  })
  const io = { fetch: network.fetch, now: clock, sleep: (ms: number) => sleep(ms), newId: randomUUID }
  return { standIn, ...(google.connect(configFor({ origin: served.url, nativeEnd: 'on' }), io) as ConnectedGoogle) }
}

test('a life of a membership over HTTP: token, people, groups, add, read back, remove, read back', async (t) => {
  const { membership, directory } = await overHttp(t)
  const people = await wholeList(directory.people, ({ account }) => account)
  assert.ok(people.kind === 'read' && people.value.length === 350)
  const groups = await wholeList(directory.groups, ({ group }) => group.id)
  assert.ok(groups.kind === 'read' && groups.value.length === smallSeed().groups.length)

  const change = { account: userId(260), group: support }
  const [added] = await membership.change([{ do: 'add', ...change, endsAt: 21_000 * DAY_MS }])
  assert.ok(added?.kind === 'changed')
  assert.match(added.receipt, /^groups\/\w+\/memberships\/\d+$/)
  const held = await membership.members(support)
  assert.ok(held.kind === 'read')
  assert.deepEqual(held.value, [{ account: userId(260), source: 'direct', endsAt: 21_000 * DAY_MS }])

  await membership.change([{ do: 'remove', ...change }])
  const gone = await membership.members(support)
  assert.ok(gone.kind === 'read')
  assert.deepEqual(gone.value, [])
})

test('a group of three pages over HTTP is complete', async (t) => {
  const { membership } = await overHttp(t)
  const reading = await membership.members({ provider: 'google', id: BIG })
  assert.ok(reading.kind === 'read' && reading.value.length === 250)
})

test('ninety removals at once over HTTP each have their own outcome', async (t) => {
  const { membership, standIn } = await overHttp(t)
  const changes = Array.from({ length: 90 }, (_, index) => ({
    account: userId(1 + index),
    group: { provider: 'google', id: BIG },
  }))
  const outcomes = await membership.change(changes.map((each) => ({ do: 'remove', ...each }) as const))
  assert.ok(outcomes.every(({ kind }) => kind === 'changed'))
  assert.equal(standIn.truth.members(BIG).length, 160)
})

test('an answer lost on the way is unavailable although the change happened, and a read finds it', async (t) => {
  let lost = false
  const { membership, standIn } = await overHttp(t, ({ method, url }) => {
    if (method !== 'POST' || !url.endsWith('/members') || lost) return 'deliver'
    lost = true
    return 'drop'
  })
  const [outcome] = await membership.change([{ do: 'add', account: userId(260), group: support }])
  assert.equal(outcome?.kind, 'unavailable')
  assert.equal(standIn.truth.changeLog.length, 1)
  const reading = await membership.members(support)
  assert.ok(reading.kind === 'read' && reading.value.length === 1)
})
