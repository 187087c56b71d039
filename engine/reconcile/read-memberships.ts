import type { Membership, Reading } from '#connectors/kit/connector.ts'
import { groupStream, type GroupRef } from '#core/identity-action/membership-key.ts'
import {
  afterDisagreement,
  changeToSend,
  nextLookAt,
  workOf,
  type MembershipState,
} from '#core/identity-action/membership.ts'
import type { Instant } from '#core/instant.ts'
import { whileHeld } from '../claim/while-held.ts'
import { GRANT, MEMBERSHIP } from '../handle/stream-kinds.ts'
import { takeTurn, type Turn } from '../handle/turn.ts'
import type { Ports } from '../ports.ts'
import type { ClaimedMembership } from '../store/store.ts'
import { byProvider } from './by-provider.ts'
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
): Promise<void> {
  await whileHeld(ports, 'membership', claimed, leaseMs, async () => {
    const seen = await Promise.all([...byProvider(claimed)].map(([provider, own]) => look(ports, provider, own)))
    // A grant hears of all its groups in one turn, where it can: turns that touch the same grants side by side would
    // only undo each other.
    const byPerson = seen.flat().toSorted((a, b) => (a.claim.personId < b.claim.personId ? -1 : 1))
    for (let first = 0; first < byPerson.length; first += RECORDED_AT_ONCE) {
      await recordSightings(ports, byPerson.slice(first, first + RECORDED_AT_ONCE))
    }
  })
}

const RECORDED_AT_ONCE = 500

async function look(ports: Ports, provider: string, claimed: readonly ClaimedMembership[]): Promise<readonly Seen[]> {
  const membership = ports.provider(provider)?.membership
  if (!membership) {
    const sighting = unseen(`no directory named ${provider} is connected`)
    return claimed.map((claim) => ({ claim, sighting }))
  }
  return (await Promise.all(readsFor(claimed).map((read) => sightings(membership, read)))).flat()
}

type Read =
  | { readonly of: 'group'; readonly group: GroupRef; readonly claims: readonly ClaimedMembership[] }
  | { readonly of: 'person'; readonly account: string; readonly claims: readonly ClaimedMembership[] }

function readsFor(claimed: readonly ClaimedMembership[]): readonly Read[] {
  const byGroup = [...Map.groupBy(claimed, (each) => groupStream(each.group)).values()]
  const shared = byGroup.filter((claims) => claims.length >= SHARED_FROM)
  const single = byGroup.filter((claims) => claims.length < SHARED_FROM).flat()
  const byAccount = Map.groupBy(single, (each) => stateOf(each).account ?? '')
  return [
    ...shared.flatMap((claims): Read[] => (claims[0] ? [{ of: 'group', group: claims[0].group, claims }] : [])),
    ...[...byAccount].map(([account, claims]): Read => ({ of: 'person', account, claims })),
  ]
}

function stateOf(claim: ClaimedMembership): MembershipState {
  return claim.state as unknown as MembershipState
}

/** What one read told of one membership. */
type Sighting =
  | { readonly kind: 'seen'; readonly present: boolean; readonly startedAt: Instant }
  | { readonly kind: 'unseen'; readonly said: string; readonly retryAfterMs: number | null }

function unseen(said: string, retryAfterMs: number | null = null): Sighting {
  return { kind: 'unseen', said, retryAfterMs }
}

async function sightings(membership: Membership, read: Read): Promise<readonly Seen[]> {
  if (read.of === 'group') {
    const reading = await membership.members(read.group)
    const accounts = new Set(reading.kind === 'read' ? reading.value.map((each) => each.account) : [])
    return read.claims.map((claim) => ({
      claim,
      sighting: sightingOf(reading, accounts.has(stateOf(claim).account ?? '')),
    }))
  }
  const reading = await membership.groupsOf(read.account)
  const groups = new Set(reading.kind === 'read' ? reading.value.map((each) => groupStream(each.group)) : [])
  return read.claims.map((claim) => ({ claim, sighting: sightingOf(reading, groups.has(groupStream(claim.group))) }))
}

/** A person or a group that the vendor does not know has no membership. */
function sightingOf(reading: Reading<unknown>, present: boolean): Sighting {
  if (reading.kind === 'unreadable') return unseen(reading.said, reading.retryAfterMs)
  return { kind: 'seen', present: reading.kind === 'read' && present, startedAt: reading.startedAt }
}

interface Seen {
  readonly claim: ClaimedMembership
  readonly sighting: Sighting
}

async function recordSightings(ports: Ports, seen: readonly Seen[]): Promise<void> {
  const result = await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    await turn.loadKnown(seen.map(({ claim }) => [claim.id, { version: claim.version, state: claim.state }]))
    const states = seen.map(({ claim }) => turn.openLoaded(MEMBERSHIP, claim.id).state)
    const grants = states.flatMap((state) => [...state.reasons, ...state.ending].map((each) => `grant/${each.grantId}`))
    await turn.load(grants)
    for (const each of seen) await recordSighting(turn, each)
  })
  if (result === 'lease lost' && seen.length > 1) {
    for (const each of seen) await recordSightings(ports, [each])
  }
}

async function recordSighting(turn: Turn, { claim, sighting }: Seen): Promise<void> {
  const subject = turn.openLoaded(MEMBERSHIP, claim.id)
  const own = { queue: 'membership', id: claim.id, fence: claim.fence } as const
  if (sighting.kind === 'unseen') {
    const dueAt = nextLookAt({ ...subject.state, blocked: null }, turn.now, claim.attempts, sighting.retryAfterMs)
    return turn.settle({ ...own, dueAt, work: 'read', progress: false, note: sighting.said })
  }
  const before = subject.state
  const { present, startedAt } = sighting
  subject.decide({ kind: 'read', present, startedAt, now: turn.now })
  const after = subject.state
  if (after !== before) {
    await tellGrants(turn, claim.group, before, after, startedAt, (id) => turn.openLoaded(GRANT, `grant/${id}`))
    const work = workOf(after)
    const dueAt = work === null ? null : nextLookAt(after, turn.now, 0, null)
    return turn.settle({ ...own, dueAt, progress: true, ...(work ? { work } : {}) })
  }
  turn.settle({ ...own, ...lookAgain(after, startedAt, turn.now, claim.attempts) })
}

/** The read brought nothing new: it was too early, it disagrees with an open change, or it shows the opposite of what we want. */
function lookAgain(state: MembershipState, startedAt: Instant, now: Instant, attempts: number) {
  const { change } = state
  if (change) {
    const again = changeToSend(state) !== null && afterDisagreement(change, startedAt) === 'send again'
    // The wait was served before this read: now that the provider answers, sending again is not put off once more.
    const dueAt = again ? now : nextLookAt(state, now, attempts, null)
    return { dueAt, work: again ? 'write' : 'read', progress: false } as const
  }
  if (workOf(state) === null) return { dueAt: null, progress: true } as const
  // A new reason found it gone, an end found it still there, or a change became due meanwhile.
  return { dueAt: now, work: 'write', progress: false } as const
}
