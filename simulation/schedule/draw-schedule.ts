import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import { randomOf, type Random } from '#sandbox/company/random.ts'
import { COMPANY, groupIdOf, GROUP_NAMES } from '../company.ts'
import { FAULT_KINDS } from '../faults/kinds.ts'
import type { Deed, Fault, Schedule } from './schedule.ts'

const SEATS = COMPANY.people.length

/** How much there is of a schedule. */
interface Extent {
  readonly stormMs: readonly [least: number, more: number]
  /** From the end of the storm, or of the last window that was planned, to the end. */
  readonly calmMs: number
  readonly asks: readonly number[]
  readonly hours: readonly number[]
  readonly processes: readonly number[]
  readonly syncEveryMs: number
}

/**
 * Most schedules are just long enough for windows that begin and end while things go wrong, and for a calm in which what no
 * webhook told is found by the poll (every 15 min): the more schedules, the more that can meet.
 */
const SHORT: Extent = {
  stormMs: [115 * MINUTE_MS, 20 * MINUTE_MS],
  calmMs: 65 * MINUTE_MS,
  asks: [2],
  hours: [1],
  processes: [1, 1, 2, 2, 2],
  syncEveryMs: 40 * MINUTE_MS,
}

/** What takes many people, many processes, or a day. */
const LONG: Extent = {
  stormMs: [3 * HOUR_MS, 90 * MINUTE_MS],
  calmMs: 90 * MINUTE_MS,
  asks: [2, 3, 3, 4, 6],
  hours: [...Array<number>(9).fill(1), 6, 6, 24],
  processes: [1, 2, 2, 3],
  syncEveryMs: 15 * MINUTE_MS,
}

const LONG_EVERY = 16

export function isLong(seed: number): boolean {
  return seed % LONG_EVERY === 0
}

/** The same seed is the same schedule. `only`: faults of these numbers and no others, each for certain. */
export function drawSchedule(seed: number, only: readonly number[] | null = null): Schedule {
  const plan = randomOf(seed, 'plan')
  const extent = isLong(seed) ? LONG : SHORT
  const [least, more] = extent.stormMs
  const stormMs = least + plan.below(more)
  const asked = drawDeeds(randomOf(seed, 'deeds'), stormMs, extent)
  const deeds = [...asked, ...pastTheQuestion(randomOf(seed, 'past the question'), asked)].toSorted(
    (a, b) => a.at - b.at,
  )
  return {
    seed,
    stormMs,
    endMs: Math.max(stormMs, lastPlannedEnd(deeds)) + extent.calmMs,
    syncEveryMs: extent.syncEveryMs,
    replicas: Array.from({ length: plan.pick(extent.processes) }, () => ({
      batch: plan.pick([1, 3, 20, 200]),
      leaseMs: plan.pick([2_000, 5_000, 5_000, 10_000]),
      lanes: plan.pick([1, 1, 2]),
    })),
    echoes: plan.chance(0.2),
    okta: { limitShare: plan.pick([null, 0.02, 0.1, 0.5]), longestPage: plan.pick([2, 5, 1_000, 1_000, 1_000, 1_000]) },
    deeds,
    faults: drawFaults(seed, stormMs, only),
  }
}

/** When the last window ends, were each to begin as soon as its question is answered. */
function lastPlannedEnd(deeds: readonly Deed[]): number {
  const ends = deeds.map((deed) => (deed.do === 'ask' ? deed.at + (deed.hours ?? 0) * HOUR_MS : 0))
  return Math.max(0, ...ends)
}

function drawDeeds(random: Random, stormMs: number, extent: Extent): readonly Deed[] {
  const deeds: Deed[] = []
  const asks = random.pick(extent.asks)
  for (let ask = 0; ask < asks; ask += 1) {
    const at = random.below(Math.round(stormMs * 0.8))
    const role = random.pick(COMPANY.catalog.roles)
    const hours = role.durations.noEnd && random.chance(0.3) ? null : random.pick(extent.hours)
    deeds.push({ at, do: 'ask', ask, seat: 4 + random.below(SEATS - 4), role: role.id, hours })
    for (const deed of afterAsk(random, ask, at, stormMs)) deeds.push(deed)
  }
  for (let more = random.below(4); more > 0; more -= 1) deeds.push(byHand(random, stormMs))
  if (random.chance(0.12)) deeds.push(...emergency(random, stormMs))
  if (random.chance(0.3)) deeds.push(...oneMore(random, asks, deeds, stormMs))
  if (random.chance(0.2)) deeds.push(...givenByHand(random, deeds))
  return deeds.toSorted((a, b) => a.at - b.at)
}

/** What people do about one ask: most are answered, some twice at once, some edited, some revoked. */
function afterAsk(random: Random, ask: number, at: number, stormMs: number): readonly Deed[] {
  const deeds: Deed[] = []
  const answeredAt =
    at +
    SECOND_MS +
    random.below(random.pick([5 * SECOND_MS, MINUTE_MS, MINUTE_MS, 5 * MINUTE_MS, 5 * MINUTE_MS, HOUR_MS]))
  const decision = random.chance(0.9) ? 'approve' : 'decline'
  if (random.chance(0.1))
    deeds.push({ at: at + random.below(20 * MINUTE_MS), do: 'edit', ask, role: random.pick(COMPANY.catalog.roles).id })
  if (random.chance(0.1))
    deeds.push({ at: answeredAt - 1, do: 'answer', ask, by: { seat: random.below(SEATS) }, decision: 'approve' })
  if (random.chance(0.1))
    deeds.push({
      at: at + random.below(HOUR_MS),
      do: 'move by hand',
      ask,
      seat: 2,
      transition: random.pick(['21', '41', '61', '31']),
    })
  deeds.push({ at: answeredAt, do: 'answer', ask, by: { asked: random.below(4) }, decision })
  // Two people click within a millisecond (fault 35).
  if (random.chance(0.15))
    deeds.push({
      at: answeredAt,
      do: 'answer',
      ask,
      by: { asked: random.below(4) },
      decision: random.pick(['approve', 'decline']),
    })
  // In the calm everybody has answered.
  deeds.push({ at: stormMs + MINUTE_MS, do: 'answer', ask, by: { asked: 0 }, decision: 'decline' })
  const revokers = random.chance(0.3) ? (random.chance(0.2) ? 2 : 1) : 0
  const revokedAt = answeredAt + random.below(2 * HOUR_MS)
  for (let count = 0; count < revokers; count += 1) {
    deeds.push({ at: revokedAt, do: 'revoke', ask, seat: random.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) })
  }
  return deeds
}

/** Somebody who has asked already asks for a role of the same groups; or somebody who answers for others asks, and may be tempted to answer that. */
function oneMore(random: Random, ask: number, deeds: readonly Deed[], stormMs: number): readonly Deed[] {
  const first = deeds.find((each) => each.do === 'ask')
  const groups = first && COMPANY.catalog.roles.find((each) => each.id === first.role)?.groups.map((each) => each.id)
  const akin = COMPANY.catalog.roles.filter(
    (each) => each.id !== first?.role && each.groups.some(({ id }) => groups?.includes(id)),
  )
  const isTempted = first === undefined || akin.length === 0 || random.chance(0.4)
  const at = isTempted ? random.below(stormMs / 2) : first.at + random.below(50 * MINUTE_MS)
  const role = random.pick(isTempted ? COMPANY.catalog.roles : akin)
  const seat = isTempted ? 1 + random.below(3) : first.seat
  return [{ at, do: 'ask', ask, seat, role: role.id, hours: 1 }, ...afterAsk(random, ask, at, stormMs)]
}

/** While it is asked for, or on its way, an administrator gives it. */
function givenByHand(random: Random, deeds: readonly Deed[]): readonly Deed[] {
  const asked = deeds.find((each) => each.do === 'ask')
  const groups = COMPANY.catalog.roles.find((each) => each.id === asked?.role)?.groups ?? []
  if (asked === undefined || groups.length === 0) return []
  const { id } = random.pick(groups)
  const group = GROUP_NAMES.findIndex((name) => groupIdOf(name) === id)
  return [{ at: asked.at + random.below(20 * MINUTE_MS), do: 'add by hand', group, seat: asked.seat }]
}

/** Somebody pulls the brake, for a while; at the latest in the calm it is let go. */
function emergency(random: Random, stormMs: number): readonly Deed[] {
  const at = random.below(stormMs)
  return [
    { at, do: 'halt', exceptRemovals: random.chance(0.5) },
    { at: at + random.below(HOUR_MS), do: 'resume' },
    { at: stormMs + SECOND_MS, do: 'resume' },
    { at: stormMs + 20 * SECOND_MS, do: 'resume' },
  ]
}

function byHand(random: Random, stormMs: number): Deed {
  const at = random.below(stormMs)
  const seat = 4 + random.below(SEATS - 4)
  const group = random.below(GROUP_NAMES.length)
  const what = random.pick(['add by hand', 'add by hand', 'remove by hand', 'deactivate', 'reactivate'] as const)
  return what === 'deactivate' || what === 'reactivate' ? { at, do: what, seat } : { at, do: what, group, seat }
}

/** Before anybody could be asked an agent moves the ticket to "Approved": a status, and nobody's approval. */
function pastTheQuestion(random: Random, deeds: readonly Deed[]): readonly Deed[] {
  if (!random.chance(0.1)) return []
  const longestMs = random.pick([SECOND_MS, 10 * SECOND_MS, MINUTE_MS])
  return deeds.flatMap(({ at, ...deed }) =>
    deed.do === 'ask'
      ? [{ at: at + random.below(longestMs), do: 'move by hand', ask: deed.ask, seat: 2, transition: '21' } as const]
      : [],
  )
}

/** A swarm: each schedule has its own few kinds of faults, some none at all. */
function drawFaults(seed: number, stormMs: number, only: readonly number[] | null): readonly Fault[] {
  const random = randomOf(seed, 'faults')
  const wild = random.pick([0, 0.02, 0.04, 0.04, 0.08, 0.08, 0.15, 0.3])
  const drawn = FAULT_KINDS.flatMap((kind) => {
    const own = randomOf(seed, `fault ${kind.kind}`)
    const isOn = only === null ? random.chance(wild) : only.includes(kind.number)
    if (!isOn) return []
    const times = kind.hold === 'replica' || kind.hold === 'moment' ? 1 + own.below(3) : 1
    return Array.from({ length: times }, () => ({ number: kind.number, kind: kind.kind, ...kind.draw(own, stormMs) }))
  })
  // Against a vendor who says that it was done, did nothing, and shows the past as well, nobody can prove anything.
  const lies = drawn.some((each) => each.kind === '204 without effect')
  return lies ? drawn.filter((each) => !BLIND.has(each.number)) : drawn
}

/** Reads that show what is not so. */
const BLIND: ReadonlySet<number> = new Set([10, 12, 13, 14])
