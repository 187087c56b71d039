import type { Pool } from 'pg'
import { latestEndOf, type GrantState } from '#core/grant/grant.ts'
import { membershipStream, type GroupRef } from '#core/identity-action/membership-key.ts'
import type { MembershipState } from '#core/identity-action/membership.ts'
import { MINUTE_MS, type Instant } from '#core/instant.ts'
import { createBudgets } from '#engine/budget/budgets.ts'
import { endReasons } from '#engine/handle/end-grant.ts'
import { GRANT, MEMBERSHIP } from '#engine/handle/stream-kinds.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import { randomIds } from '#engine/ids.ts'
import type { WorkPorts } from '#engine/ports.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import { createTestDatabase } from '#engine/store/test-database.ts'
import { jobsOf, WORK_SETTINGS, type Handlers } from '#engine/workers/workers.ts'
import { storyClock, type StoryClock } from '#sandbox/story-clock.ts'
import { createStandInDirectory, type StandInDirectory, type StandInOptions } from './stand-in-directory.ts'

/** A person's grant of so many hours (null: no end) for some groups. */
export interface Asked {
  readonly grant: number
  readonly person: number
  readonly hours: number | null
  readonly groups?: readonly string[]
}

/** The engine on a real database, with a directory that ends memberships at its own clock, and nobody to tell. */
export interface World {
  readonly ports: WorkPorts
  readonly clock: StoryClock
  readonly directory: StandInDirectory
  open(asked: Asked): Promise<void>
  revoke(grant: number): Promise<void>
  grant(grant: number): Promise<GrantState>
  membership(person: number, group?: string): Promise<MembershipState>
  /** What happened to a membership, oldest first. */
  events(person: number, group?: string): Promise<readonly StoredEvent[]>
  /** Works whatever is due at this instant. */
  settle(): Promise<void>
  /** Moves the clock to each thing that comes due on the way, and works it. */
  pass(ms: number): Promise<void>
  /** Nobody works anything, and the clock goes on all the same. */
  dieFor(ms: number): void
  /** Whether the directory has the person now, and until when. */
  endOf(person: number, group?: string): Instant | null | 'no member'
  close(): Promise<void>
}

/** Not on the whole second, as no moment is. */
export const START: Instant = Date.parse('2026-03-04T09:00:00.123Z')

const done = () => Promise.resolve({ kind: 'done' } as const)
const NOBODY_TO_TELL: Handlers = { inbox: done, outbox: done, timer: done }

const refOf = (id: string): GroupRef => ({ provider: 'grove', id })
const personOf = (person: number): string => `per_${person}`
export const accountOf = (person: number): string => `acc-${person}`

export async function openWorld(
  options: Partial<StandInOptions> & { readonly withoutEnds?: true } = {},
): Promise<World> {
  const database = await createTestDatabase()
  const pool: Pool = openPool(database.connectionConfig)
  const clock = storyClock(START)
  const directory = createStandInDirectory({ now: clock.now, provider: 'grove', ...options })
  const { membership, nativeEnd } = directory
  const grove = options.withoutEnds ? { membership } : { membership, nativeEnd }
  const outside = { store: postgresStore(pool), clock, ids: randomIds, log: () => undefined }
  const ports: WorkPorts = {
    ...outside,
    provider: (name) => (name === 'grove' ? grove : undefined),
    providers: () => ['grove'],
    budgets: createBudgets({ ...outside, leaseMs: WORK_SETTINGS.leaseMs }),
  }
  const jobs = jobsOf(ports, NOBODY_TO_TELL, WORK_SETTINGS)

  const streamOf = (person: number, group = 'oaks'): string =>
    membershipStream({ group: refOf(group), personId: personOf(person) })
  async function stateOf(stream: string): Promise<unknown> {
    return (await ports.store.load([stream])).get(stream)?.state
  }
  async function settle(): Promise<void> {
    for (let rounds = 0; ; rounds += 1) {
      if (rounds > 200) throw new Error('work is due at this instant for ever')
      const due = await ports.store.nextDue()
      if (due === null || due > clock.now()) return
      let taken = 0
      for (const job of jobs) taken += await job.step()
      if (taken === 0) return
    }
  }

  return {
    ports,
    clock,
    directory,
    settle,
    async open({ grant: number, person, hours, groups = ['oaks'] }) {
      const [grantId, requestId, personId] = [`grt_${number}`, `req_${number}`, personOf(person)]
      await takeTurn(ports, { kind: 'engine' }, async (turn) => {
        const grant = await turn.open(GRANT, `grant/${grantId}`)
        const asked = { requestId, personId, roleId: 'role', groups: groups.map(refOf), hours, ownerId: null }
        grant.decide({ kind: 'open', ...asked, completeWithinHours: 2, now: turn.now })
        const dueAt = Date.parse(grant.state.opened?.completeBy ?? '')
        turn.setTimer({ id: `${grantId}:complete`, kind: 'complete by', about: grantId, dueAt })
        await turn.load(groups.map((group) => streamOf(person, group)))
        for (const group of groups) {
          turn.openLoaded(MEMBERSHIP, streamOf(person, group)).decide({
            kind: 'add reason',
            grantId,
            requestId,
            account: accountOf(person),
            heldBefore:
              directory.endOf(refOf(group), accountOf(person)) !== 'no member' && (await isNew(person, group)),
            privileged: false,
            ...(turn.endsByItself('grove') ? { until: latestEndOf(grant.state) } : {}),
          })
        }
      })
      await settle()
    },
    async revoke(number) {
      const grantId = `grt_${number}`
      await takeTurn(ports, { kind: 'engine' }, async (turn) => {
        const grant = await turn.open(GRANT, `grant/${grantId}`)
        const byId = grant.state.opened?.personId ?? null
        const rights = { managerId: null, ownerIds: [], securityIds: [], administratorIds: [] }
        grant.decide({ kind: 'revoke', byId, attemptId: `${grantId}:end`, rights, now: turn.now })
        await endReasons(turn, grantId, grant)
      })
      await settle()
    },
    grant: async (number) => (await stateOf(`grant/grt_${number}`)) as GrantState,
    membership: async (person, group) => (await stateOf(streamOf(person, group))) as MembershipState,
    async events(person, group) {
      const { rows } = await pool.query<StoredEvent>(
        'SELECT stream, version, type, at, by, data FROM event WHERE stream = $1 ORDER BY position',
        [streamOf(person, group)],
      )
      return rows
    },
    async pass(ms) {
      const until = clock.now() + ms
      for (;;) {
        await settle()
        const due = await ports.store.nextDue()
        if (due === null || due > until) break
        clock.moveTo(Math.max(due, clock.now() + 1))
      }
      clock.moveTo(until)
      await settle()
    },
    dieFor: (ms) => clock.moveTo(clock.now() + ms),
    endOf: (person, group = 'oaks') => directory.endOf(refOf(group), accountOf(person)),
    async close() {
      await pool.end()
      await database.drop()
    },
  }

  async function isNew(person: number, group: string): Promise<boolean> {
    const state = (await stateOf(streamOf(person, group))) as MembershipState | undefined
    return state === undefined || state.desired === 'not ours'
  }
}

export const minutes = (count: number): number => count * MINUTE_MS
export const hours = (count: number): number => count * 60 * MINUTE_MS
