import type { Membership } from '#connectors/kit/connector.ts'
import { changeDelayMs } from '#core/identity-action/patience.ts'
import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { MembershipState, OpenChange } from '#core/identity-action/membership.ts'
import { changeToSend, workOf } from '#core/identity-action/membership.ts'
import { nextLookAt } from '#core/identity-action/when-to-look.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import { endReasons } from '../handle/end-grant.ts'
import { GRANT, MEMBERSHIP } from '../handle/stream-kinds.ts'
import type { Spending } from '../budget/allowance.ts'
import { GIVEN_BACK_WITHIN_MS } from '../budget/bucket.ts'
import { takeTurn, type Turn } from '../handle/turn.ts'
import type { HaltWatch } from '../halt/halt-watch.ts'
import { whileHeld } from '../claim/while-held.ts'
import type { Ports } from '../ports.ts'
import type { ClaimedMembership, StoredStream } from '../store/store.ts'
import { callOff, putBack, wantedChange } from './hold-back.ts'
import { afterNoAnswer, HELD_BACK_MS } from './no-answer.ts'
import { sendChanges, toSend } from './send-changes.ts'

/*
 * Writing, in three steps, each for all claimed memberships at once:
 *
 *   1. The intents are recorded, together with a due read. From here on, whoever finds the membership reads first.
 *   2. The provider is called.
 *   3. The answers are recorded, and the read-back becomes due.
 *
 * Before 1 and again directly before each call the emergency stop is asked (engine/halt/halt-watch.ts). Calls are paid from
 * what the provider's budget granted for this batch; what it holds back after all was not sent, and is called off.
 * A crash between 1 and 3 leaves an intent without an answer: the lease ends, the due read tells what happened.
 */
export async function writeMemberships(
  ports: Ports,
  halts: HaltWatch,
  { provider, membership }: { readonly provider: string; readonly membership: Membership },
  claimed: readonly ClaimedMembership[],
  leaseMs: number,
  spending: Spending,
  hasMore: boolean,
): Promise<void> {
  const writable = await halts.look(provider)
  const { now = [], later = [] } = Object.groupBy(claimed, (each) => (writable?.(wantedChange(each)) ? 'now' : 'later'))
  await putBack(ports, later)
  const intended = await recordIntents(ports, now)
  if (intended.length === 0) return
  const changes = intended.map(({ claim, change }) => toSend(claim.group, change))
  const calledOff = new Set<number>()
  const sent = new Set<number>()
  const outcomes = await whileHeld(
    ports,
    'membership',
    intended.map(({ claim }) => claim),
    leaseMs,
    (isOurs) =>
      halts.whileSending(provider, changes, (places, mayStart) => {
        const some = places.flatMap((place) => changes[place] ?? [])
        return spending.pays(() =>
          sendChanges(ports.provider(provider), membership, some, (index) => {
            const place = places[index] ?? -1
            const may = isOurs(intended[place]?.claim.id ?? '') && mayStart(place)
            ;(may ? sent : calledOff).add(place)
            return may
          }),
        )
      }),
    () => {
      const waiting = intended.filter((_, place) => !sent.has(place) && !calledOff.has(place))
      return waiting.length === 0 ? null : notWantedAnyMore(ports, waiting)
    },
  )
  // Before the answers are recorded: that wakes others, who look what they may do.
  await spending.close(hasMore)
  await recordAnswers(
    ports,
    intended.map((each, place) => ({
      ...each,
      outcome: outcomes[place] ?? silence,
      sent: sent.has(place) || !(calledOff.has(place) || outcomes[place]?.kind === 'unavailable'),
      calledOff: calledOff.has(place),
    })),
    spending,
  )
}

/** What the provider has to be asked first may take minutes: meanwhile the last reason may end, and then nothing is sent. */
async function notWantedAnyMore(ports: Ports, intended: readonly Intended[]): Promise<ReadonlySet<string>> {
  const streams = await ports.store.load(intended.map(({ claim }) => claim.id))
  const changed = intended.filter(({ claim, change, stored }) => {
    const now = streams.get(claim.id)
    if (!now || now.version === stored.version) return false
    return changeToSend(now.state as unknown as MembershipState)?.changeId !== change.changeId
  })
  return new Set(changed.map(({ claim }) => claim.id))
}

const silence: Outcome = {
  kind: 'unavailable',
  retryAfterMs: null,
  said: 'the connector gave no answer for this change',
}

interface Intended {
  readonly claim: ClaimedMembership
  readonly change: OpenChange
  /** The membership as it stands with the intent recorded. */
  readonly stored: StoredStream
}

async function recordIntents(ports: Ports, claimed: readonly ClaimedMembership[]): Promise<readonly Intended[]> {
  if (claimed.length === 0) return []
  const together = await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    await turn.loadKnown(claimed.map((each) => [each.id, { version: each.version, state: each.state }]))
    return claimed.flatMap((claim) => {
      const subject = turn.openLoaded(MEMBERSHIP, claim.id)
      subject.decide({ kind: 'plan', changeId: ports.ids.next('chg'), now: turn.now })
      const own = { queue: 'membership', id: claim.id, fence: claim.fence } as const
      // What is open and not wanted any more is only read back.
      const change = changeToSend(subject.state)
      const work = workOf(subject.state)
      if (change) turn.hold({ ...own, dueAt: claim.leaseUntil, work: 'read', progress: false })
      else if (work)
        turn.settle({ ...own, dueAt: nextLookAt(subject.state, turn.now, claim.attempts, null), work, progress: false })
      else turn.settle({ ...own, dueAt: null, progress: true })
      return change ? [{ claim, change, stored: turn.stored(claim.id) }] : []
    })
  })
  if (together !== 'lease lost') return together
  // Some lease of the batch ran out: its taker records for it, the others are tried on their own.
  if (claimed.length === 1) return []
  const each = await Promise.all(claimed.map((claim) => recordIntents(ports, [claim])))
  return each.flat()
}

/**
 * `sent`: false when an emergency stop was in force or the lease had run out before its turn had come (`calledOff`), when the
 * budget was used up, or when what the connector has to know before it writes could not be read.
 */
type Answered = Intended & { readonly outcome: Outcome; readonly sent: boolean; readonly calledOff: boolean }

/** An answer must not be lost to a neighbour's conflict or lease: what cannot be recorded together is recorded one by one. */
async function recordAnswers(ports: Ports, answered: readonly Answered[], spending: Spending): Promise<void> {
  const result = await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    await turn.loadKnown(answered.map(({ claim, stored }) => [claim.id, stored]))
    for (const each of answered) await recordAnswer(turn, each, spending)
  })
  if (result !== 'lease lost') return
  const [first] = answered
  if (answered.length === 1 && first) return recordLateAnswer(ports, first)
  for (const each of answered) await recordAnswers(ports, [each], spending)
}

/** Somebody has taken the work over while we were away: what our call did all the same must be known, and undone if it is not wanted. */
async function recordLateAnswer(ports: Ports, { claim, change, outcome, sent }: Answered): Promise<void> {
  if (!sent) return
  await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    const subject = await turn.open(MEMBERSHIP, claim.id)
    const { changeId, grantId, requestId } = change
    const isOpen = subject.state.change?.changeId === changeId
    const waiting = subject.state.reasons.filter((each) => !each.confirmed)
    subject.decide({ kind: 'late answer', changeId, do: change.do, grantId, requestId, outcome, now: turn.now })
    if (isOpen) await endRefused(turn, claim, change, outcome, waiting)
  })
}

/** A vendor that will never add somebody ends the grants that wait for it, and with them whatever else they hold. */
async function endRefused(
  turn: Turn,
  claim: ClaimedMembership,
  change: OpenChange,
  outcome: Outcome,
  waiting: MembershipState['reasons'],
): Promise<void> {
  if (outcome.kind !== 'rejected' || change.do !== 'add') return
  for (const { grantId } of waiting) {
    const grant = await turn.open(GRANT, `grant/${grantId}`)
    grant.decide({ kind: 'reject', group: claim.group, now: turn.now })
    await endReasons(turn, grantId, grant)
  }
}

async function recordAnswer(turn: Turn, answered: Answered, spending: Spending): Promise<void> {
  const { claim, change, outcome, sent } = answered
  const retryAfterMs = outcome.kind === 'unavailable' ? outcome.retryAfterMs : null
  if (!sent) return callOff(turn, claim, change, whenNotSent(turn.now, answered, spending))
  const subject = turn.openLoaded(MEMBERSHIP, claim.id)
  const waiting = subject.state.reasons.filter((each) => !each.confirmed)
  subject.decide({ kind: 'answer', changeId: change.changeId, outcome, now: turn.now })
  await endRefused(turn, claim, change, outcome, waiting)
  const work = workOf(subject.state)
  const again =
    outcome.kind === 'unavailable'
      ? afterNoAnswer(subject.state, turn.now, claim.attempts, retryAfterMs, spending)
      : { dueAt: nextLookAt(subject.state, turn.now, 0, null), progress: true }
  const note = 'said' in outcome ? { note: outcome.said } : {}
  turn.settle({
    queue: 'membership',
    id: claim.id,
    fence: claim.fence,
    ...again,
    ...(work ? { work } : { dueAt: null }),
    ...note,
  })
}

/** A provider that is down is not asked until it is well, so the work stays due; what the budget held back comes when it says. */
function whenNotSent(now: Instant, { claim, outcome, calledOff }: Answered, spending: Spending) {
  const saidMs = outcome.kind === 'unavailable' ? outcome.retryAfterMs : null
  const retryAfterMs = saidMs ?? 0
  if (calledOff) return { dueAt: now, counts: false }
  const trouble = 'said' in outcome && !spending.wasHeldBack() ? { trouble: outcome.said } : {}
  // What others only reserve comes back at once, and the budget says when it is worth asking: it stays due.
  if (spending.wasHeldBack() && saidMs !== null && saidMs <= GIVEN_BACK_WITHIN_MS) return { dueAt: now, counts: false }
  if (spending.wasHeldBack()) return { dueAt: now + Math.max(retryAfterMs, HELD_BACK_MS), counts: false }
  if (spending.isDown()) return { dueAt: now, counts: false, ...trouble }
  return { dueAt: now + Math.max(retryAfterMs, changeDelayMs(claim.attempts)), counts: true, ...trouble }
}

/** Of a directory that is not connected: somebody may be about to connect it. */
export async function putOff(ports: Ports, claimed: readonly ClaimedMembership[], note: string): Promise<void> {
  await takeTurn(ports, { kind: 'engine' }, (turn) => {
    for (const { id, fence } of claimed) {
      turn.settle({
        queue: 'membership',
        id,
        fence,
        dueAt: turn.now + 60 * SECOND_MS,
        work: 'write',
        progress: false,
        note,
      })
    }
  })
}
