import type { Member, Membership, Reading } from '#connectors/kit/connector.ts'
import { groupStream, type GroupRef } from '#core/identity-action/membership-key.ts'
import { afterDisagreement, changeToSend, workOf, type MembershipState } from '#core/identity-action/membership.ts'
import { nextLookAt } from '#core/identity-action/when-to-look.ts'
import { lateLookAt } from '#core/identity-action/late-arrival.ts'
import type { Instant } from '#core/instant.ts'
import type { Spending } from '../budget/allowance.ts'
import { whileHeld } from '../claim/while-held.ts'
import { GRANT, MEMBERSHIP } from '../handle/stream-kinds.ts'
import { takeTurn, type Turn } from '../handle/turn.ts'
import type { Ports } from '../ports.ts'
import type { ClaimedMembership } from '../store/store.ts'
import { byProvider } from './by-provider.ts'
import { afterNoAnswer, type Paid } from './no-answer.ts'
import { tellGrants } from './tell-grants.ts'

/** Read the group when it proves at least this many memberships at once; below that, ask for the groups of the person. */
const SHARED_FROM = 3

/**
 * Reading back. One list of a group proves every change to it that was answered before the list began; a single change
 * is proven more cheaply by the groups of its person. An answer that is not complete proves nothing.
 */
export async function readMemberships(
  ports: Ports,
  claimed: readonly ClaimedMembership[],
  leaseMs: number,
  spending: Spending,
): Promise<void> {
  await whileHeld(ports, 'membership', claimed, leaseMs, async () => {
    const reads = [...byProvider(claimed)].map(([provider, own]) => ({ provider, reads: readsFor(own) }))
    const seen = await spending.pays(() => Promise.all(reads.map((each) => look(ports, each.provider, each.reads))))
    await spending.close(reads.reduce((sum, each) => sum + each.reads.length, 0) >= spending.calls)
    // A grant hears of all its groups in one turn, where it can: turns that touch the same grants side by side would
    // only undo each other.
    const byPerson = seen.flat().toSorted((a, b) => (a.claim.personId < b.claim.personId ? -1 : 1))
    for (let first = 0; first < byPerson.length; first += RECORDED_AT_ONCE) {
      await recordSightings(ports, byPerson.slice(first, first + RECORDED_AT_ONCE), spending)
    }
  })
}

const RECORDED_AT_ONCE = 500

async function look(ports: Ports, provider: string, reads: readonly Read[]): Promise<readonly Seen[]> {
  const membership = ports.provider(provider)?.membership
  if (!membership) {
    const sighting = unseen(`no directory named ${provider} is connected`)
    return reads.flatMap((read) => read.claims.map((claim) => ({ claim, sighting })))
  }
  return (await Promise.all(reads.map((read) => sightings(membership, read)))).flat()
}

type Read =
  | { readonly of: 'group'; readonly group: GroupRef; readonly claims: readonly ClaimedMembership[] }
  | { readonly of: 'person'; readonly account: string; readonly claims: readonly ClaimedMembership[] }

/** What proves most comes first: it may be that not all can be paid. */
function readsFor(claimed: readonly ClaimedMembership[]): readonly Read[] {
  const byGroup = [...Map.groupBy(claimed, (each) => groupStream(each.group)).values()]
  const shared = byGroup.filter((claims) => claims.length >= SHARED_FROM)
  const single = byGroup.filter((claims) => claims.length < SHARED_FROM).flat()
  const byAccount = Map.groupBy(single, (each) => stateOf(each).account ?? '')
  const reads = [
    ...shared.flatMap((claims): Read[] => (claims[0] ? [{ of: 'group', group: claims[0].group, claims }] : [])),
    ...[...byAccount].map(([account, claims]): Read => ({ of: 'person', account, claims })),
  ]
  return reads.sort((a, b) => b.claims.length - a.claims.length)
}

function stateOf(claim: ClaimedMembership): MembershipState {
  return claim.state as unknown as MembershipState
}

/** What one read told of one membership. */
type Sighting =
  | { readonly kind: 'seen'; readonly present: boolean; readonly startedAt: Instant; readonly endsAt: Instant | null }
  | { readonly kind: 'unseen'; readonly said: string; readonly retryAfterMs: number | null }

function unseen(said: string, retryAfterMs: number | null = null): Sighting {
  return { kind: 'unseen', said, retryAfterMs }
}

async function sightings(membership: Membership, read: Read): Promise<readonly Seen[]> {
  if (read.of === 'group') {
    const reading = await membership.members(read.group)
    const members = new Map(reading.kind === 'read' ? reading.value.map((each) => [each.account, each]) : [])
    return read.claims.map((claim) => ({
      claim,
      sighting: sightingOf(reading, members.get(stateOf(claim).account ?? '')),
    }))
  }
  const reading = await membership.groupsOf(read.account)
  const groups = new Map(reading.kind === 'read' ? reading.value.map((each) => [groupStream(each.group), each]) : [])
  return read.claims.map((claim) => ({ claim, sighting: sightingOf(reading, groups.get(groupStream(claim.group))) }))
}

/** A person or a group that the vendor does not know has no membership. */
function sightingOf(reading: Reading<unknown>, found: Pick<Member, 'endsAt'> | undefined): Sighting {
  if (reading.kind === 'unreadable') return unseen(reading.said, reading.retryAfterMs)
  return { kind: 'seen', present: found !== undefined, startedAt: reading.startedAt, endsAt: found?.endsAt ?? null }
}

interface Seen {
  readonly claim: ClaimedMembership
  readonly sighting: Sighting
}

async function recordSightings(ports: Ports, seen: readonly Seen[], paid: Paid): Promise<void> {
  const result = await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    await turn.loadKnown(seen.map(({ claim }) => [claim.id, { version: claim.version, state: claim.state }]))
    const states = seen.map(({ claim }) => turn.openLoaded(MEMBERSHIP, claim.id).state)
    const grants = states.flatMap((state) => [...state.reasons, ...state.ending].map((each) => `grant/${each.grantId}`))
    await turn.load(grants)
    for (const each of seen) await recordSighting(turn, each)
    // After all of them: what one read tells may be news for another membership of the same grant.
    for (const [place, each] of seen.entries()) settleSighting(turn, each, states[place], paid)
  })
  if (result === 'lease lost' && seen.length > 1) {
    for (const each of seen) await recordSightings(ports, [each], paid)
  }
}

async function recordSighting(turn: Turn, { claim, sighting }: Seen): Promise<void> {
  if (sighting.kind === 'unseen') return
  const subject = turn.openLoaded(MEMBERSHIP, claim.id)
  const before = subject.state
  const { present, startedAt, endsAt } = sighting
  subject.decide({ kind: 'read', present, startedAt, endsAt, now: turn.now })
  const after = subject.state
  if (after === before) return
  await tellGrants(turn, claim.group, before, after, startedAt, (id) => turn.openLoaded(GRANT, `grant/${id}`))
}

function settleSighting(turn: Turn, { claim, sighting }: Seen, before: MembershipState | undefined, paid: Paid): void {
  const { state } = turn.openLoaded(MEMBERSHIP, claim.id)
  const own = { queue: 'membership', id: claim.id, fence: claim.fence } as const
  if (state !== before) {
    const work = workOf(state)
    const dueAt = work === null ? null : nextLookAt(state, turn.now, 0, null)
    return turn.settle({ ...own, dueAt, progress: true, ...(work ? { work } : {}) })
  }
  if (sighting.kind === 'seen')
    return turn.settle({ ...own, ...lookAgain(state, sighting.startedAt, turn.now, claim.attempts) })
  const again = afterNoAnswer({ ...state, blocked: null }, turn.now, claim.attempts, sighting.retryAfterMs, paid)
  turn.settle({ ...own, ...again, work: 'read', note: sighting.said })
}

/** The read brought nothing new: it was too early, it disagrees with an open change, or it shows the opposite of what we want. */
function lookAgain(state: MembershipState, startedAt: Instant, now: Instant, attempts: number) {
  const { change } = state
  if (change) {
    const again = changeToSend(state) !== null && afterDisagreement(change, startedAt) === 'send again'
    // The wait was served before this read: now that the provider answers, sending again is not put off once more.
    if (again) return { dueAt: now, work: 'write', progress: false } as const
    // Reads that lag are nobody's trouble, so no attempt counts.
    return { dueAt: nextLookAt(state, now, attempts, null), work: 'read', progress: change.answered !== null } as const
  }
  if (workOf(state) === null) return { dueAt: null, progress: true } as const
  const lateAt = lateLookAt(state)
  if (lateAt !== null) return { dueAt: Math.max(lateAt, now), work: 'read', progress: false } as const
  // A new reason found it gone, an end found it still there, or a change became due meanwhile.
  return { dueAt: now, work: 'write', progress: false } as const
}
