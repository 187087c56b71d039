import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { Urgency } from '#core/identity-action/urgency.ts'
import type { Bucket, Told } from '#connectors/kit/budget.ts'

/*
 * One bucket of a provider, as all replicas know it together: how many calls of the vendor's window are left, and who has
 * reserved how many of them. Pure arithmetic; the row that holds it is replaced as a whole.
 *
 *   unopened   no answer of this window is known. Each replica may have one call under way, whose answer opens it. Answers
 *              without a word do not: they count until a window after the first of them, whose window is over by then.
 *   open       `left` is the least that the vendor has told to be left; what replicas have reserved comes off that.
 *   over       at `endsAt`, at the latest. Then it is unopened again.
 *
 * A window of a vendor begins with somebody's first call, so nobody knows exactly when it ends. It ends at the latest
 * `windowMs` after the answer to the first call of ours that was counted in it, and at the latest when the vendor's headers
 * say so, measured against the answer's own `Date`. The earlier of the two holds. A reset that lies in the past, or further
 * away than a window is long, is a clock that is off, and says nothing. And when more is left than was left before, a new
 * window has begun in between.
 *
 * Nothing is lost but what a replica had reserved when it died, and that until the end of the window.
 */
export interface BucketState {
  /** Calls a window; `none`: the vendor sets no limit, as far as its last answer told; `unknown`: nobody has asked yet. */
  readonly limit: number | 'none' | 'unknown'
  /** Null: unopened. */
  readonly left: number | null
  /** When the answer came that told it. */
  readonly toldAt: Instant
  /** When the call was sent that opened the window; of an unopened one: when the one before was over. */
  readonly since: Instant
  readonly endsAt: Instant
  /** Calls that may be counted in it without being in `left`: their answers did not say, or were lost, from `blindFrom` to `blindAt`. */
  readonly blind: number
  readonly blindFrom: Instant
  readonly blindAt: Instant
  /** By replica: calls that it has reserved, and whose answers it has not reported yet. */
  readonly out: Readonly<Record<string, number>>
  /** Somebody was refused calls, so whoever is less urgent gets none. */
  readonly starved: { readonly urgency: Urgency; readonly until: Instant } | null
  /** How often in a row the vendor has refused without a word about the end of it, and when it last did. */
  readonly strikes: number
  readonly struckAt: Instant
}

/** `Date` and `X-Rate-Limit-Reset` are whole seconds, cut or rounded up: the end may be a second later than they say … */
const LATER_MS = SECOND_MS
/** … and two seconds earlier. */
const EARLIER_MS = 2 * SECOND_MS
/** After a refusal without a word the next call goes after this long, and after twice as long each time. */
const SILENT_REFUSAL_MS = 5 * SECOND_MS

export function newBucket(bucket: Bucket): BucketState {
  const limit = bucket.limit ?? 'unknown'
  const never = { toldAt: 0, since: 0, endsAt: 0, blindFrom: 0, blindAt: 0, struckAt: 0 }
  return { ...never, limit, left: null, blind: 0, out: {}, starved: null, strikes: 0 }
}

/** The bucket as it stands at this instant. Of what is reserved only what may be under way goes over into the next window. */
export function bucketAt(
  { windowMs }: Bucket,
  state: BucketState,
  now: Instant,
  mayBeUnderWay: (replica: string) => number,
): BucketState {
  const starved = state.starved && now < state.starved.until ? state.starved : null
  const isForgotten = state.left === null && state.blind > 0 && now >= state.blindFrom + windowMs
  const current =
    starved === state.starved && !isForgotten ? state : { ...state, starved, blind: isForgotten ? 0 : state.blind }
  if (current.left !== null && now < current.endsAt) return current
  const out = Object.fromEntries(
    Object.entries(current.out)
      .map(([replica, calls]) => [replica, Math.min(calls, mayBeUnderWay(replica))] as const)
      .filter(([, calls]) => calls > 0),
  )
  if (current.left === null) return { ...current, out }
  return { ...current, left: null, since: current.endsAt, endsAt: 0, blind: 0, out }
}

/** What one answer teaches. Answers may come in any order, and from a window that is over. */
export function answered(bucket: Bucket, state: BucketState, told: Told): BucketState {
  if (told.refused === 'calls at once') return state
  const statedEnd = statedEndOf(told, bucket.windowMs)
  // The vendor wrote its answer after the call was sent and before the answer came: the end lies between the two.
  const notBefore = statedEnd === null ? 0 : told.sentAt + (told.resetsInMs ?? 0) - EARLIER_MS
  const surelyAfter = (instant: Instant): boolean => notBefore > instant
  const isOver =
    state.left !== null &&
    (told.sentAt >= state.endsAt ||
      surelyAfter(state.endsAt) ||
      (told.remaining !== null && told.sentAt > state.toldAt && told.remaining > state.left))
  const current = isOver ? { ...state, left: null, since: Math.min(told.sentAt, state.endsAt), endsAt: 0 } : state
  // Sent before the call that opened this window: what it tells may be of the one before. It is counted, and not believed,
  // unless the vendor's own word leaves no doubt.
  if (told.sentAt < current.since && !surelyAfter(current.since)) return unsaid(current, told)
  if (told.refused === 'rate limit') return refused(bucket, current, told, statedEnd)
  if (current.left === null) return open(bucket, current, told, statedEnd)
  const endsAt = Math.min(current.endsAt, statedEnd ?? current.endsAt)
  const after = { ...current, ...limitOf(told, current), endsAt }
  if (told.remaining === null) return unsaid(after, told)
  const blind = stillBlind(current, told)
  if (told.remaining >= current.left) return { ...after, blind }
  return { ...after, left: told.remaining, toldAt: told.at, blind }
}

/** Of a call without a word nobody knows whether it was counted: it was, until an answer tells that was asked for later. */
function unsaid(state: BucketState, { at }: Told): BucketState {
  const blindFrom = state.blind === 0 ? at : Math.min(state.blindFrom, at)
  return { ...state, blind: state.blind + 1, blindFrom, blindAt: Math.max(state.blindAt, at) }
}

function stillBlind(state: BucketState, { sentAt }: Told): number {
  return sentAt > state.blindAt ? 0 : state.blind
}

/** The first answer of a window, or the first that says anything. */
function open(bucket: Bucket, state: BucketState, told: Told, statedEnd: Instant | null): BucketState {
  if (told.limit === null && told.health !== 'well') return unsaid(state, told)
  const strikes = told.at - state.struckAt >= bucket.windowMs ? 0 : state.strikes
  const limit = told.limit === null ? bucket.limit : Math.max(1, told.limit)
  if (limit === null) return { ...state, limit: 'none', left: null, endsAt: 0, blind: 0, out: {}, strikes }
  const latest = told.at + bucket.windowMs
  const endsAt = Math.min(latest, statedEnd ?? latest)
  const opened = { ...state, limit, since: told.sentAt, endsAt, strikes }
  if (told.remaining === null) return unsaid({ ...opened, left: limit }, told)
  return { ...opened, left: Math.min(told.remaining, limit), toldAt: told.at, blind: stillBlind(state, told) }
}

/** 429: nothing is left, whoever took it. Until when, if anybody knows; else for a while that grows. */
function refused(bucket: Bucket, state: BucketState, told: Told, statedEnd: Instant | null): BucketState {
  const { at, retryAfterMs } = told
  const latest = at + bucket.windowMs
  const known = state.left !== null && told.sentAt < state.endsAt && at < state.endsAt ? state.endsAt : null
  const empty = { ...state, ...limitOf(told, state), left: 0, toldAt: at }
  // A wish that outlasts a window is a clock that is off, as a reset is.
  const asked = retryAfterMs === null ? 0 : at + Math.min(retryAfterMs, bucket.windowMs + EARLIER_MS)
  if (statedEnd !== null) return { ...empty, endsAt: Math.max(asked, Math.min(statedEnd, known ?? latest)) }
  if (retryAfterMs !== null) return { ...empty, endsAt: Math.max(asked, known ?? 0) }
  if (known !== null) return { ...empty, endsAt: known }
  const waitMs = Math.min(bucket.windowMs, SILENT_REFUSAL_MS * 2 ** Math.min(state.strikes, 10))
  return { ...empty, endsAt: at + waitMs, strikes: state.strikes + 1, struckAt: at }
}

function limitOf(told: Told, state: BucketState): Pick<BucketState, 'limit'> {
  if (told.limit !== null) return { limit: Math.max(1, told.limit) }
  return { limit: state.limit === 'none' ? 'unknown' : state.limit }
}

function statedEndOf({ resetsInMs, at }: Told, windowMs: number): Instant | null {
  const says = resetsInMs !== null && resetsInMs > 0 && resetsInMs <= windowMs + EARLIER_MS
  return says ? at + resetsInMs + LATER_MS : null
}

/** All that a replica has reserved and not reported, as it knows it itself. */
export function withOut(state: BucketState, replica: string, calls: number): BucketState {
  if ((state.out[replica] ?? 0) === calls) return state
  const { [replica]: _, ...others } = state.out
  return { ...state, out: calls === 0 ? others : { ...others, [replica]: calls } }
}

export interface Ask {
  readonly now: Instant
  readonly replica: string
  readonly calls: number
  readonly urgency: Urgency
  /** Whether a call that opens an unopened window may be this replica's: it has none under way. */
  readonly mayOpen: boolean
  /** Whether it comes again for what it did not get, and those who are less urgent have to stand back until then. */
  readonly comesAgain: boolean
}

export interface Reserved {
  readonly state: BucketState
  readonly granted: number
  /** `opening`: the answer to an own call is awaited. */
  readonly why: 'nothing left' | 'others first' | 'opening' | null
  /** Of nothing granted: when it is worth asking again; null when only an answer can tell. */
  readonly until: Instant | null
}

/** What others have reserved and do not need comes back soon: it is worth asking again before the window ends. */
export const GIVEN_BACK_WITHIN_MS = 500

/** Calls for a batch, as many as there are. Whoever gets fewer than asked for keeps those who are less urgent away. */
export function reserve(bucket: Bucket, state: BucketState, ask: Ask): Reserved {
  const { replica, calls, urgency } = ask
  const { starved, left } = state
  if (starved && urgency > starved.urgency) {
    const until = left === null ? starved.until : Math.min(state.endsAt, starved.until)
    return { state, granted: 0, why: 'others first', until }
  }
  if (state.limit === 'none' && left === null) return { state, granted: calls, why: null, until: null }
  const mine = state.out[replica] ?? 0
  if (left === null) {
    // Answers without a word may all have been counted: no more of them in a row than a window holds.
    if (typeof state.limit === 'number' && state.blind >= state.limit)
      return { state, granted: 0, why: 'nothing left', until: state.blindFrom + bucket.windowMs }
    if (!ask.mayOpen) return { state, granted: 0, why: 'opening', until: null }
    return { state: withOut(state, replica, mine + 1), granted: 1, why: null, until: null }
  }
  const free = left - state.blind - Object.values(state.out).reduce((sum, each) => sum + each, 0)
  const granted = Math.max(0, Math.min(calls, free))
  const after = withOut(state, replica, mine + granted)
  if (granted === calls) return { state: after, granted, why: null, until: null }
  const until = left > state.blind ? Math.min(state.endsAt, ask.now + GIVEN_BACK_WITHIN_MS) : state.endsAt
  if (!ask.comesAgain) return { state: after, granted, why: 'nothing left', until }
  // The mark outlives the window: those whom it protects ask again when the next one begins, and may not be the first to.
  const mark = {
    urgency: Math.min(urgency, starved?.urgency ?? urgency) as Urgency,
    until: state.endsAt + bucket.windowMs,
  }
  return { state: { ...after, starved: mark }, granted, why: 'nothing left', until }
}

/** Somebody of this urgency found nothing more to do: nobody has to wait for it any longer. */
export function served(state: BucketState, urgency: Urgency): BucketState {
  return state.starved?.urgency === urgency ? { ...state, starved: null } : state
}
