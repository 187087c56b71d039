import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { membershipStream } from '#core/identity-action/membership-key.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import { ALL } from '#core/halt/halt.ts'
import { haltAccess, resumeAccess } from '#engine/halt/halt-access.ts'
import { sleepOnWall } from '#engine/store/clock.ts'
import type { Commit, Store } from '#engine/store/store.ts'
import { endGrants, openGrants } from '../crash/workload.ts'
import { accountOf, AT_ONCE, grantOf, grants, GROUP, openStage, until, type Stage } from './stage.ts'

/*
 * The emergency stop while the engine is at work. Each test ends with the same question: is what happened at Okta what
 * is on record, one to one, and was everything that was wanted done in the end, by itself?
 */

const OPERATOR = { kind: 'operator', name: 'root' } as const

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

async function halt(scope = ALL, exceptRemovals = false): Promise<void> {
  const order = { scope, exceptRemovals, reason: 'Something is wrong' }
  assert.equal(await haltAccess(stage.ports, order, OPERATOR), null)
}

async function resume(scope = ALL): Promise<void> {
  assert.equal(await resumeAccess(stage.ports, scope, 'All is well', OPERATOR), null)
}

/** How many records of this type there are of the memberships of a provider. */
async function recorded(type: string, provider = 'okta'): Promise<number> {
  const { rows } = await stage.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM event WHERE type = $1 AND stream LIKE $2',
    [type, `membership/${provider}/%`],
  )
  return rows[0]?.count ?? 0
}

/** Nothing is claimed, and nothing but writes is due. */
async function quiet(): Promise<boolean> {
  const { rows } = await stage.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM membership WHERE lease_until IS NOT NULL OR (due_at IS NOT NULL AND work = 'read')`,
  )
  return rows[0]?.count === 0
}

/** How often any membership was claimed, for whatever. */
async function claimed(): Promise<number> {
  const { rows } = await stage.pool.query<{ count: number }>(
    'SELECT coalesce(sum(fence), 0)::int AS count FROM membership',
  )
  return rows[0]?.count ?? 0
}

async function done(): Promise<boolean> {
  const { rows } = await stage.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM membership WHERE due_at IS NOT NULL',
  )
  return rows[0]?.count === 0
}

/** What Okta did and what is on record are the same, each once, and each record holds the receipt of its call. */
async function eachOnce(): Promise<void> {
  const { rows } = await stage.pool.query<{ told: string; effect: string; receipt: string }>(
    `SELECT concat_ws(' ', p.data ->> 'do', i.data ->> 'account') AS told, p.data ->> 'effect' AS effect, p.data ->> 'receipt' AS receipt
     FROM event p JOIN event i ON i.stream = p.stream AND i.type = 'ChangeIntended' AND i.data ->> 'changeId' = p.data ->> 'changeId'
     WHERE p.type = 'ChangeProven' AND p.stream LIKE 'membership/okta/%'`,
  )
  const happened = stage.okta.truth.changeLog.map(({ op, user, requestId }) => `${op} ${user} changed ${requestId}`)
  assert.deepEqual(rows.map((row) => `${row.told} ${row.effect} ${row.receipt}`).sort(), happened.sort())
}

test('a halt in the middle of 50 adds: those on their way are recorded, no other starts, and after it all are done, each once [I14, I23, R056]', async () => {
  stage.holdAnswers()
  await stage.startReplica()
  await openGrants(stage.ports, grants(0, 50))
  await until('calls on their way', () => stage.waiting() === AT_ONCE)

  await halt()
  assert.equal(stage.started.length, AT_ONCE)
  stage.letGo()
  await until('the calls on their way are read back', async () => (await recorded('ChangeProven')) === AT_ONCE)
  await until('all is quiet', quiet)
  assert.equal(stage.started.length, AT_ONCE, 'no call has started since')
  assert.equal(await recorded('ChangeIntended'), 50)
  assert.equal(await recorded('ChangeAbandoned'), 50 - AT_ONCE)

  // More comes in meanwhile, and is not even meant.
  await openGrants(stage.ports, grants(50, 10))
  await sleepOnWall(300)
  assert.equal(await recorded('ChangeIntended'), 50)
  const claims = await claimed()
  await sleepOnWall(300)
  assert.equal(await claimed(), claims, 'what waits is left alone')

  await resume()
  await until('all are done', done)
  assert.equal(stage.okta.truth.changeLog.length, 60)
  await eachOnce()
})

test('a halt while calls start all the time: once it is in force none starts any more [I14]', async () => {
  await stage.startReplica()
  await openGrants(stage.ports, grants(0, 120))
  await until('all are members', done)
  stage.slowDown(40)
  await halt()
  await endGrants(stage.ports, grants(0, 120))
  await resume()
  await until('removals start', () => stage.started.length > 120 + 2 * AT_ONCE)
  await halt()
  const started = stage.started.length
  assert.ok(started < 240, 'the order came before the end')
  await until('all is quiet', quiet)
  const claims = await claimed()
  await sleepOnWall(300)
  assert.equal(stage.started.length, started)
  assert.equal(await claimed(), claims, 'the removals that wait are left alone')
  await resume()
  await until('all are done', done)
  assert.equal(stage.okta.truth.changeLog.length, 240)
  await eachOnce()
})

test('two replicas at work: when the order is in force neither starts anything [I14, I23]', async () => {
  stage.holdAnswers()
  // The lanes of one replica cannot hold all of it.
  await stage.startReplica({ batch: 20 })
  await stage.startReplica({ batch: 20 })
  await openGrants(stage.ports, grants(0, 120))
  await until('calls of both on their way', () => stage.waiting() === 2 * AT_ONCE)

  await halt('okta')
  stage.letGo()
  await until('all is quiet', quiet)
  assert.equal(stage.started.length, 2 * AT_ONCE)
  await resume('okta')
  await until('all are done', done)
  assert.equal(stage.okta.truth.changeLog.length, 120)
  await eachOnce()
})

test('a halt between the intent and the call: the call is not made, nothing stays uncertain, and no attempt counts [I14, I27]', async () => {
  let ordered = false
  const haltAfterIntent = (store: Store): Store => ({
    ...store,
    async commit(value: Commit) {
      const answer = await store.commit(value)
      const isIntent = value.appends.some((each) => each.events.some(({ type }) => type === 'ChangeIntended'))
      if (isIntent && !ordered) {
        ordered = true
        await halt()
      }
      return answer
    },
  })
  await stage.startReplica({ store: haltAfterIntent })
  await openGrants(stage.ports, grants(0, 3))
  await until('the intents were called off', async () => (await recorded('ChangeAbandoned')) === 3)
  await until('all is quiet', quiet)
  assert.deepEqual(stage.started, [])
  assert.equal(await recorded('ChangeAnswered'), 0, 'no trouble of Okta’s was made up')
  const { rows } = await stage.pool.query<{ work: string; attempts: number; change: unknown }>(
    `SELECT work, attempts, state -> 'change' AS change FROM membership`,
  )
  const asBefore = { work: 'write', attempts: 0, change: null }
  assert.deepEqual(rows, [asBefore, asBefore, asBefore])

  await resume()
  await until('all are done', done)
  assert.equal(await recorded('ChangeResent'), 0)
  await eachOnce()
})

test('by default ends of access wait too: the grant is ending, the membership stays, and goes when it is lifted [I14, R055]', async () => {
  await stage.startReplica()
  await openGrants(stage.ports, grants(0, 5))
  await until('all are members', done)

  await halt()
  await endGrants(stage.ports, grants(0, 5))
  await sleepOnWall(300)
  for (const { grantId } of grants(0, 5)) {
    const grant = (await stage.ports.store.load([`grant/${grantId}`])).get(`grant/${grantId}`)
    assert.equal(grant?.state['status'], 'ending')
  }
  assert.equal(stage.okta.truth.changeLog.length, 5)

  await resume()
  await until('all are done', done)
  assert.equal(stage.okta.truth.changeLog.length, 10)
  await eachOnce()
})

test('with removals exempted ends of access go on, and nobody is added [I14, R055]', async () => {
  await stage.startReplica()
  await openGrants(stage.ports, grants(0, 5))
  await until('all are members', done)

  await halt(ALL, true)
  await openGrants(stage.ports, grants(5, 5))
  await endGrants(stage.ports, grants(0, 5))
  await until('the ends are done', () => stage.okta.truth.changeLog.filter(({ op }) => op === 'remove').length === 5)
  await until('all is quiet', quiet)
  assert.equal(stage.okta.truth.changeLog.length, 10)
  assert.equal(await recorded('ChangeIntended'), 10, 'no add was even meant')
  const claims = await claimed()
  await sleepOnWall(300)
  assert.equal(await claimed(), claims, 'the adds that wait are left alone')

  // A stricter order follows, and then everything is lifted at once.
  await halt('okta')
  await endGrants(stage.ports, grants(5, 2))
  await resume()
  await sleepOnWall(300)
  assert.equal(stage.okta.truth.changeLog.length, 10, 'the order of the provider is in force still')
  await resume('okta')
  await until('all are done', done)
  assert.equal(stage.okta.truth.changeLog.length, 13)
  await eachOnce()
})

test('the halt of one provider stops that one, and its neighbour works on [I14]', async () => {
  const neighbour = new Set<string>()
  await stage.startReplica({ connections: { entra: keeping(neighbour) } })
  await halt('okta')
  await openGrants(stage.ports, grants(0, 10))
  await openGrants(
    stage.ports,
    Array.from({ length: 10 }, (_, place) => grantOf(100 + place, 'entra')),
  )
  await until('the neighbour is done', () => neighbour.size === 10)
  await until('all is quiet', quiet)
  assert.deepEqual(stage.started, [])
  assert.equal(await recorded('ChangeIntended', 'okta'), 0)
  assert.equal(await recorded('ChangeProven', 'entra'), 10)
  await resume('okta')
  await until('all are done', done)
  await eachOnce()
})

/** A directory that does what it is told, at once. */
function keeping(members: Set<string>): Capabilities {
  const now = (): number => stage.ports.clock.now()
  const group = { provider: 'entra', id: GROUP }
  return {
    membership: {
      async change(changes, mayStart = () => true) {
        return changes.map(({ do: what, account }, place) => {
          if (!mayStart(place)) return { kind: 'unavailable', retryAfterMs: null, said: 'called off' }
          if (what === 'add') members.add(account)
          else members.delete(account)
          return { kind: 'changed', at: now(), receipt: `receipt of ${account}` }
        })
      },
      members: async () => {
        const value = [...members].map((account) => ({ account, source: 'direct' }) as const)
        return { kind: 'read', startedAt: now(), value }
      },
      groupsOf: async (account) => {
        const value = members.has(account) ? [{ group, source: 'direct' } as const] : []
        return { kind: 'read', startedAt: now(), value }
      },
    },
  }
}

test('a replica that cannot read the orders sends nothing more, and goes on when it can [I14]', async () => {
  let hung: (() => void)[] | null = null
  const hangs = (store: Store): Store => ({
    ...store,
    async load(names) {
      if (hung && names.some((name) => name.startsWith('halt/'))) await new Promise<void>((go) => hung?.push(go))
      return store.load(names)
    },
  })
  stage.holdAnswers()
  await stage.startReplica({ store: hangs })
  await openGrants(stage.ports, grants(0, 20))
  await until('calls on their way', () => stage.waiting() === AT_ONCE)
  const waiters: (() => void)[] = []
  hung = waiters
  await until('a reading hangs', () => waiters.length > 0)
  await sleepOnWall(350)
  stage.letGo()
  await sleepOnWall(300)
  assert.equal(stage.started.length, AT_ONCE)

  hung = null
  for (const go of waiters) go()
  await until('all are done', done)
  assert.equal(stage.okta.truth.changeLog.length, 20)
  await eachOnce()
})

test('a change that may have been sent before is read before it is sent again, and a halt in between changes nothing of that [I14, I23]', async () => {
  const { okta } = stage
  await stage.startReplica()
  okta.hands.misbehave('500', { times: 1, when: ({ method }) => method === 'PUT' })
  await openGrants(stage.ports, grants(0, 1))
  await until('Okta was in trouble', async () => (await recorded('ChangeAnswered')) === 1)
  await halt()
  await until('it was read', quiet)
  const { rows } = await stage.pool.query<{ uncertain: boolean }>(
    `SELECT (state -> 'change' ->> 'uncertain')::boolean AS uncertain FROM membership`,
  )
  assert.deepEqual(rows, [{ uncertain: true }])
  assert.equal(stage.started.length, 1)
  await resume()
  await until('all are done', done)
  assert.deepEqual(
    okta.truth.changeLog.map(({ op, user }) => `${op} ${user}`),
    [`add ${accountOf(0)}`],
  )
  assert.equal(await recorded('ChangeProven'), 1)
  assert.equal(await recorded('ChangeAbandoned'), 0)
})

test('what is held back keeps no lane awake [I14]', async () => {
  let claims = 0
  let questions = 0
  const counting = (store: Store): Store => ({
    ...store,
    claimMemberships(work, options) {
      if (work === 'write') claims += 1
      return store.claimMemberships(work, options)
    },
    load(names) {
      if (names.some((name) => name.startsWith('halt/'))) questions += 1
      return store.load(names)
    },
  })
  await stage.startReplica({ store: counting })
  await halt()
  await openGrants(stage.ports, grants(0, 20))
  await sleepOnWall(200)
  ;[claims, questions] = [0, 0]
  await sleepOnWall(1_000)
  assert.equal(claims, 0)
  assert.ok(questions < 20, `${questions} questions in a second`)
  await resume()
  await until('all are done', done)
})

test('the order and its end are evidence: who, when, what, and why under a seal that erasure leaves whole [I14, I27]', async () => {
  await halt('okta', true)
  await resume('okta')
  const { rows } = await stage.pool.query<{
    type: string
    by: unknown
    data: unknown
    reason: string
    sealed: boolean
  }>(
    `SELECT type, by, data, p.fields ->> 'reason' AS reason, personal IS NOT NULL AS sealed
     FROM event LEFT JOIN personal p USING (stream, version) WHERE stream = 'halt/okta' ORDER BY version`,
  )
  assert.deepEqual(rows, [
    { type: 'HaltOrdered', by: OPERATOR, data: { exceptRemovals: true }, reason: 'Something is wrong', sealed: true },
    { type: 'HaltLifted', by: OPERATOR, data: {}, reason: 'All is well', sealed: true },
  ])
  assert.equal(await stage.ports.store.erase('halt/okta', 1), true)
  const state = (await stage.ports.store.load(['halt/okta'])).get('halt/okta')?.state
  assert.deepEqual(state, { halted: null })
})

test('what comes in while everything stands still is never claimed, and may be over before it was written [I14]', async () => {
  await stage.startReplica()
  await halt()
  await openGrants(stage.ports, [grantOf(0)])
  const [membership = ''] = grantOf(0).groups.map((group) => membershipStream({ group, personId: grantOf(0).personId }))
  await sleepOnWall(200)
  const before = await stage.pool.query('SELECT work, attempts, fence FROM membership WHERE name = $1', [membership])
  assert.deepEqual(before.rows, [{ work: 'write', attempts: 0, fence: 0 }], 'it was never claimed')
  // Revoked before it was given: nothing has to be taken away, and nothing is written for it.
  await endGrants(stage.ports, [grantOf(0)])
  await until('it is over', done)
  assert.deepEqual(stage.started, [])
})
