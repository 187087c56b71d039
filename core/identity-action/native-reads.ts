import { accepted, type Decision } from '../event.ts'
import type { Instant } from '../instant.ts'
import type { MembershipEvent } from './membership-event.ts'
import type { MembershipState, OpenChange } from './membership.ts'
import { isAsAsked, isMoot, isWantedStill, mayConfirm, UNSEEN, type EndedBy, type NativeEnd } from './native-end.ts'
import { CHECK_AGAIN } from './patience.ts'

/** What reads tell of a membership that its provider can end by itself (native-end.ts), and how that is remembered. */

/** What a read told. */
export interface Told {
  readonly present: boolean
  readonly readAt: string
  readonly startedAt: Instant
  readonly endsAt: string | null
}

/** A read meets an open `set end`. `proof`: the event that proves it. `isEarly`: so soon after the answer, it may be behind. */
export function readOfEnd(
  change: OpenChange,
  told: Told,
  proof: MembershipEvent,
  isEarly: boolean,
  state: MembershipState,
): Decision<MembershipEvent> {
  const { present, readAt, endsAt } = told
  const isWanted = isWantedStill(change, state)
  if (present && isAsAsked(endsAt, change.endsAt ?? null)) {
    const goOn = isWanted || change.answered?.kind === 'accepted'
    return goOn && mayBeOlder(change, told, state) ? accepted() : accepted(proof)
  }
  const giveUp = (because: 'superseded' | 'rejected'): MembershipEvent => ({
    type: 'ChangeAbandoned',
    data: { changeId: change.changeId, because, readAt },
  })
  const gone = present || state.desired !== 'held' ? null : foundGone(readAt, state)
  if (gone?.data.endedBy) return accepted(giveUp('superseded'), gone)
  // The no was about the last sending, and an earlier one had no effect.
  if (change.answered?.kind === 'rejected') return accepted(giveUp('rejected'))
  const goOn = !isMoot(state) && (isWanted || isEarly)
  return goOn ? accepted() : accepted(giveUp('superseded'))
}

/** As of other changes (membership.ts): without the vendor's word, a copy that lags may show an end from before the one that was seen last. */
function mayBeOlder(change: OpenChange, { startedAt }: Told, { native }: MembershipState): boolean {
  if (change.answered?.kind === 'changed' || change.answered?.kind === 'unchanged') return false
  const seen = native?.seen ?? null
  return seen !== null && startedAt - Date.parse(seen.readAt) < CHECK_AGAIN.disagreementMs
}

/** Held, and no change is open: a read confirms, tells of another end, or finds that it is gone. */
export function readOfHeld(told: Told, native: NativeEnd, state: MembershipState): Decision<MembershipEvent> {
  const { present, readAt, endsAt } = told
  if (!present) return state.present === null ? accepted() : accepted(foundGone(readAt, state))
  const waiting = state.reasons.filter((each) => !each.confirmed).map((each) => each.grantId)
  const reasonIds = mayConfirm({ ...native, seen: { endsAt, readAt } }, state.reasons) ? waiting : []
  if (reasonIds.length === 0 && native.seen?.endsAt === endsAt) return accepted()
  return accepted({ type: 'StateProven', data: { present, readAt, reasonIds, endsAt } })
}

type FoundGone = Extract<MembershipEvent, { type: 'FoundGone' }>

function foundGone(readAt: string, { native, reasons }: MembershipState): FoundGone {
  const endsAt = native?.seen?.endsAt ?? null
  const endedBy = endsAt !== null && readAt >= endsAt ? 'the provider' : null
  return { type: 'FoundGone', data: { readAt, endsAt, endedBy, reasonIds: reasons.map((each) => each.grantId) } }
}

/** The reasons are others now, and so may be the end that is wanted: what was refused is tried anew. */
export function nativeFrom(native: NativeEnd | undefined, begins = false): { readonly native?: NativeEnd } {
  return native ? { native: { ...native, refused: null } } : begins ? { native: UNSEEN } : {}
}

/** The end that an event brings along, if it names one. */
export function endOf({ endsAt }: { readonly endsAt?: string | null }): { readonly endsAt?: string | null } {
  return endsAt === undefined ? {} : { endsAt }
}

export function seen(state: MembershipState, endsAt: string | null, readAt: string): MembershipState {
  return state.native ? { ...state, native: { ...state.native, seen: { endsAt, readAt }, endedBy: null } } : state
}

export function unseen(state: MembershipState, endedBy: EndedBy | null = null): MembershipState {
  return state.native ? { ...state, native: { ...UNSEEN, endedBy } } : state
}
