import type { Member } from '#connectors/kit/connector.ts'
import { assessMembership, type Assessment } from '#core/finding/assess-membership.ts'
import { isOpen, type FindingState } from '#core/finding/finding.ts'
import { groupStream, membershipStream, type GroupRef, type PersonId } from '#core/identity-action/membership-key.ts'
import { NO_MEMBERSHIP, type MembershipState } from '#core/identity-action/membership.ts'
import { isoOf, type Instant } from '#core/instant.ts'
import { accountOfFinding, findingStream, openInKey } from '../handle/finding-keys.ts'
import { FINDING, GROUP, MEMBERSHIP } from '../handle/stream-kinds.ts'
import { takeTurn } from '../handle/turn.ts'
import type { Ports } from '../ports.ts'

export type Looked =
  | {
      readonly kind: 'looked'
      readonly members: number
      readonly raised: number
      readonly settled: number
      /** Whether something of ours was under way, so that it is worth looking again. */ readonly isUnclear: boolean
    }
  | { readonly kind: 'unreadable'; readonly said: string; readonly retryAfterMs: number | null }

/** Streams that one transaction may touch. */
const AT_A_TIME = 200

/**
 * Reads all members of a claimed group and compares them with the grants. What does not agree becomes a finding; what agrees
 * again settles one. A list that is not complete finds nothing, and nothing here changes anybody's access.
 */
export async function lookAtGroup(ports: Ports, group: GroupRef): Promise<Looked> {
  const membership = ports.provider(group.provider)?.membership
  if (!membership)
    return { kind: 'unreadable', said: `no directory named ${group.provider} is connected`, retryAfterMs: null }
  const reading = await membership.members(group)
  if (reading.kind === 'unreadable') return reading
  return compareGroup(ports, group, reading.kind === 'read' ? reading.value : [], reading.startedAt)
}

/** `members`: a complete list, which began at `readAt`. */
export async function compareGroup(
  ports: Ports,
  group: GroupRef,
  members: readonly Member[],
  readAt: Instant,
): Promise<Extract<Looked, { kind: 'looked' }>> {
  const candidates = await candidatesIn(ports, group, members)
  const isFirstLook = !(await wasLookedAt(ports, group))
  let isUnclear = false
  const news = candidates.filter((each) => {
    const member = each.member
    const open = each.open?.found?.kind ?? null
    const assessment = assessMembership({ member, membership: each.membership, readAt, isFirstLook, open })
    if (assessment.kind === 'unclear') isUnclear = true
    return each.open === null ? assessment.kind === 'found' : isNewsOf(each.open, assessment)
  })
  const count = { raised: 0, settled: 0 }
  // The one that is told comes last: when its issue is written, all the others are there to be named in it.
  const leadId = ports.ids.next('fnd')
  const chunks = Math.ceil(news.length / AT_A_TIME)
  for (let chunk = chunks - 1; chunk >= 0; chunk -= 1) {
    const told = await takeTurn(ports, { kind: 'engine' }, async (turn) => {
      const those = news.slice(chunk * AT_A_TIME, (chunk + 1) * AT_A_TIME)
      await turn.load(those.flatMap((each) => [findingStream(group, each.account), ...membershipOf(group, each)]))
      await turn.open(GROUP, groupStream(group))
      let [raised, settled] = [0, 0]
      for (const [place, { account, personId, member }] of those.entries()) {
        const finding = turn.openLoaded(FINDING, findingStream(group, account))
        const [name] = membershipOf(group, { personId })
        const state = name === undefined ? NO_MEMBERSHIP : turn.openLoaded(MEMBERSHIP, name).state
        const before = finding.state
        const open = isOpen(before) ? (before.found?.kind ?? null) : null
        const ours = ofAccount(state, account)
        const assessment = assessMembership({ member, membership: ours, readAt, isFirstLook, open })
        const findingId = chunk === 0 && place === 0 ? leadId : turn.newId('fnd')
        finding.decide({
          kind: 'look',
          assessment,
          findingId,
          // Hundreds of members are found when a group is claimed: whoever claims is told, and no issue is raised.
          leadId: isFirstLook ? null : leadId,
          group,
          account,
          personId,
          readAt,
        })
        if (finding.state.found?.findingId === findingId) raised += 1
        if (isOpen(before) && finding.state.found?.findingId === before.found?.findingId && !isOpen(finding.state))
          settled += 1
      }
      return { raised, settled }
    })
    if (told === 'lease lost') throw new Error('a turn without a claim lost a lease')
    count.raised += told.raised
    count.settled += told.settled
  }
  if (isFirstLook) await noteFirstLook(ports, group, readAt, members.length)
  return { kind: 'looked', members: members.length, ...count, isUnclear }
}

interface Candidate {
  readonly account: string
  readonly personId: PersonId | null
  readonly member: Member | null
  readonly membership: MembershipState
  /** The finding about it, where one is open. */
  readonly open: FindingState | null
}

/** Every account that the list shows, that a grant holds, or about which a finding is open. */
async function candidatesIn(
  { store }: Ports,
  group: GroupRef,
  members: readonly Member[],
): Promise<readonly Candidate[]> {
  const held = await store.membershipsOf(group)
  const openNames = await store.find(openInKey(group))
  const open = new Map(
    [...(await store.load(openNames))].map(([name, { state }]) => [
      accountOfFinding(name),
      state as unknown as FindingState,
    ]),
  )
  const byAccount = new Map(members.map((each) => [each.account, each]))
  const ours = new Map(
    held.map(({ personId, state }) => {
      const membership = state as unknown as MembershipState
      return [membership.account ?? '', { personId, membership }]
    }),
  )
  const accounts = [...new Set([...byAccount.keys(), ...ours.keys(), ...open.keys()])]
  const people = new Map<string, PersonId>()
  for (let from = 0; from < accounts.length; from += 1_000)
    for (const each of await store.peopleOfAccounts(group.provider, accounts.slice(from, from + 1_000)))
      people.set(each.account, each.personId)
  return accounts.map((account) => ({
    account,
    personId: ours.get(account)?.personId ?? people.get(account) ?? open.get(account)?.found?.personId ?? null,
    member: byAccount.get(account) ?? null,
    membership: ours.get(account)?.membership ?? NO_MEMBERSHIP,
    open: open.get(account) ?? null,
  }))
}

function isNewsOf({ found, task }: FindingState, assessment: Assessment): boolean {
  const isAddition = found?.kind !== 'removed outside'
  if (assessment.kind === 'found') return isAddition === (assessment.as === 'removed outside')
  if (assessment.kind === 'by a rule') return !isAddition || task === null
  return assessment.kind === 'agreed'
}

function membershipOf(group: GroupRef, { personId }: { readonly personId: PersonId | null }): readonly string[] {
  return personId === null ? [] : [membershipStream({ group, personId })]
}

/** A person may have two accounts of one directory: what is held by the one says nothing of the other. */
function ofAccount(state: MembershipState, account: string): MembershipState {
  return state.account === null || state.account === account ? state : NO_MEMBERSHIP
}

async function wasLookedAt({ store }: Ports, group: GroupRef): Promise<boolean> {
  const name = groupStream(group)
  return (await store.load([name])).get(name)?.state['looked'] === true
}

async function noteFirstLook(ports: Ports, group: GroupRef, readAt: Instant, members: number): Promise<void> {
  await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    const subject = await turn.open(GROUP, groupStream(group))
    subject.decide({ kind: 'note first look', readAt: isoOf(readAt), members })
  })
}
