import { MINUTE_MS, type Instant } from '#core/instant.ts'

/*
 * How many calls may be under way at once, in all replicas together. A replica that has calls to make holds a lease of
 * some places, and renews it while it works; whoever died loses its places when the lease ends. A replica that stands idle
 * holds nothing, so a single one has all places. With several at work none gets more than its fair share, and whoever has
 * more gives it up when it renews.
 */
export interface CallsAtOnceState {
  /** Fewer than the connector says, because the vendor refused calls for being too many at once; null: as it says. */
  readonly most: number | null
  readonly cutAt: Instant
  readonly holders: Readonly<Record<string, Places>>
}

export interface Places {
  readonly places: number
  readonly until: Instant
}

export const NO_CALLS: CallsAtOnceState = { most: null, cutAt: 0, holders: {} }

/** So long fewer go at once than the connector says, after the vendor has refused some. */
const CUT_FOR_MS = MINUTE_MS

export interface PlacesAsk {
  readonly replica: string
  /** What is under way keeps its place, as long as the lease held. */
  readonly underWay: number
  readonly callsAtOnce: number
  readonly leaseMs: number
}

export function leasePlaces(state: CallsAtOnceState, ask: PlacesAsk, now: Instant): CallsAtOnceState {
  const { replica, callsAtOnce, leaseMs } = ask
  const most = state.most !== null && now < state.cutAt + CUT_FOR_MS ? state.most : null
  const alive = Object.entries(state.holders).filter(([, each]) => now < each.until)
  const others = alive.filter(([name]) => name !== replica)
  const all = most ?? callsAtOnce
  const fair = others.length === 0 ? all : Math.max(1, Math.floor(all / (others.length + 1)))
  const free = all - others.reduce((sum, [, each]) => sum + each.places, 0)
  const kept = Math.min(ask.underWay, alive.find(([name]) => name === replica)?.[1].places ?? 0)
  const places = Math.max(kept, Math.min(fair, free), 0)
  return { ...state, most, holders: { ...Object.fromEntries(others), [replica]: { places, until: now + leaseMs } } }
}

/** The vendor refused a call because too many were under way. Others that were sent with it say nothing new. */
export function tooManyAtOnce(
  state: CallsAtOnceState,
  sentAt: Instant,
  at: Instant,
  callsAtOnce: number,
): CallsAtOnceState {
  if (sentAt < state.cutAt) return state
  return { ...state, most: Math.max(1, Math.floor((state.most ?? callsAtOnce) / 2)), cutAt: at }
}
