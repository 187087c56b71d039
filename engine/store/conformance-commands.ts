import fc from 'fast-check'
import { URGENCIES } from '#core/identity-action/urgency.ts'
import type { Queue } from './store.ts'
import { LEASE_MS } from './conformance-given.ts'

/*
 * What may be asked of a store, drawn at random. A command names its versions and fences by how far they are from the true
 * ones, and its claims by their place in the list of all that were handed out: most of what is drawn so comes to something,
 * and the rest comes late, twice, or to the wrong one.
 */

export const STREAMS = ['grant/a', 'grant/b', 'request/a', 'catalog'] as const
export const MEMBERSHIPS = ['okta/g/a', 'okta/g/b', 'entra/g/a', 'entra/h/b'].map((each) => `membership/${each}`)
export const TIMERS = ['t1', 't2', 't3'] as const
export const KEYS = ['k1', 'k2'] as const
export const ACCOUNTS = ['acc_1', 'acc_2', 'acc_3'] as const
export const PEOPLE = ['per_1', 'per_2', 'per_3'] as const
export const PROVIDERS = ['okta', 'entra'] as const
const QUEUES: readonly Queue[] = ['timer', 'inbox', 'outbox', 'membership']

/** Zero, most of the time. */
const off = fc.oneof({ arbitrary: fc.constant(0), weight: 12 }, { arbitrary: fc.constantFrom(-1, 1), weight: 1 })
const soon = fc.constantFrom(-50, -1, 0, 0, 1, 100, LEASE_MS, 2 * LEASE_MS)
const work = fc.constantFrom('write' as const, 'read' as const)
const urgency = fc.constantFrom(...URGENCIES)
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>, weight = 1): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary, weight })
const few = <Value>(arbitrary: fc.Arbitrary<Value>, maxLength: number): fc.Arbitrary<Value[]> =>
  fc.array(arbitrary, { maxLength })
const state = fc.oneof(
  fc.constantFrom({}, { n: 0 }, { said: { name: 'Ada' } }),
  fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'toString'), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
)

const appended = fc.record({
  stream: fc.constantFrom(...STREAMS, ...MEMBERSHIPS, ...MEMBERSHIPS),
  off,
  events: fc.array(fc.record({ place: fc.nat(3), personal: fc.boolean() }), { minLength: 0, maxLength: 2 }),
  state,
  keys: fc.subarray([...KEYS]),
  look: fc.oneof(fc.constant(undefined), fc.constant(null), fc.record({ work, dueIn: soon, urgency })),
})

const settlement = fc.record({
  claim: fc.nat(),
  off,
  dueIn: fc.oneof(fc.constant(null), soon),
  work: fc.oneof(fc.constant(undefined), work),
  urgency: maybe(urgency),
  versionOff: maybe(off, 3),
  progress: fc.boolean(),
  keepLease: fc.oneof({ arbitrary: fc.constant(false), weight: 4 }, { arbitrary: fc.constant(true), weight: 1 }),
})

const committed = fc.record({
  kind: fc.constant('commit' as const),
  appends: few(appended, 3),
  requires: maybe(fc.record({ stream: fc.constantFrom(...STREAMS), off })),
  setTimers: few(
    fc.record({
      id: fc.constantFrom(...TIMERS),
      kind: fc.constantFrom('window ends' as const, 'sync directory' as const, 'poll tickets' as const),
      dueIn: soon,
      unlessSet: fc.boolean(),
    }),
    2,
  ),
  cancelTimers: fc.oneof({ arbitrary: fc.constant([]), weight: 3 }, { arbitrary: fc.subarray([...TIMERS]), weight: 1 }),
  settle: few(settlement, 3),
  outbox: few(fc.constantFrom(...KEYS), 2),
  catalog: maybe(fc.nat(2)),
  links: maybe(few(fc.record({ account: fc.constantFrom(...ACCOUNTS), whose: fc.constantFrom(...PEOPLE), off }), 2)),
})

const of = fc.oneof(
  fc.record({ provider: fc.constantFrom(...PROVIDERS) }),
  fc.record({ noneOf: fc.subarray([...PROVIDERS]) }),
)
const urgencies = maybe(fc.subarray([...URGENCIES], { minLength: 1 }))

const seenPerson = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  login: fc.constantFrom('One', 'two', 'Three'),
  email: fc.constantFrom('one', 'TWO', 'four'),
  emailVerified: fc.boolean(),
  manager: fc.constantFrom(null, 'one', 'Two', 'acc_3', 'four'),
  active: fc.boolean(),
})

const part = fc.constantFrom('ends' as const, 'syncs' as const, 'others' as const)

export const command = fc.oneof(
  { arbitrary: committed, weight: 12 },
  {
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      queue: fc.constantFrom('timer' as const, 'inbox' as const, 'outbox' as const),
      limit: fc.constantFrom(0, 1, 2, 9),
      part: maybe(part),
    }),
    weight: 5,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('claim memberships' as const),
      work,
      limit: fc.constantFrom(1, 2, 9),
      of,
      dueSinceMs: maybe(fc.constantFrom(0, 60)),
      urgencies,
    }),
    weight: 5,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('renew' as const),
      claims: few(fc.record({ claim: fc.nat(), off }), 3),
      for: soon,
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('next due' as const),
      queue: maybe(fc.constantFrom(...QUEUES), 6),
      of: maybe(fc.oneof(fc.record({ part }), fc.record({ work, of: maybe(of, 3), urgencies }))),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('receive' as const), id: fc.constantFrom('i1', 'i2', 'i3'), at: soon }),
    weight: 2,
  },
  { arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 50, LEASE_MS) }), weight: 3 },
  {
    arbitrary: fc.record({
      kind: fc.constant('look at directory' as const),
      provider: fc.constantFrom(...PROVIDERS),
      people: few(seenPerson, 3),
      at: soon,
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ kind: fc.constant('look around' as const) }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('budget' as const), off }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('seal' as const), limit: fc.constantFrom(1, 3, 100) }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constant('erase' as const),
      stream: fc.constantFrom(...STREAMS, ...MEMBERSHIPS),
      version: fc.constantFrom(1, 2, 3),
    }),
    weight: 1,
  },
)

export type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never
