import type { FindingKind } from '#core/finding/assess-membership.ts'
import { isOpen, type FindingState } from '#core/finding/finding.ts'
import { lastWordOf, type LastWord } from '#core/grant/overdue.ts'
import { groupStream, membershipStream, type GroupRef, type PersonId } from '#core/identity-action/membership-key.ts'
import type { MembershipState } from '#core/identity-action/membership.ts'
import { findingKey, foundWithKey, OPEN_FINDING_KEY } from '../handle/finding-keys.ts'
import type { Store } from '../store/store.ts'

/** A finding with all that its words need. Names come from a directory, and may be hostile. */
export interface FindingView {
  readonly stream: string
  readonly findingId: string
  readonly kind: FindingKind
  readonly state: 'open' | 'removing' | 'settled'
  readonly person: string
  readonly personId: PersonId | null
  readonly account: string
  readonly group: GroupRef
  readonly groupName: string
  readonly readAt: string
  /** Why no removal would stick. */
  readonly task: 'rule' | null
  /** While it is removed: what the directory last said. Null: it was read back as gone, and the next look settles it. */
  readonly lastWord: LastWord | null
  /** Roles of the catalog that give this group: to ask for one is how it is adopted. `App, Role` each. */
  readonly roles: readonly string[]
  readonly issue: string | null
}

/** All that are open, oldest first. */
export async function openFindings(store: Store): Promise<readonly FindingView[]> {
  return viewsOf(store, await store.find(OPEN_FINDING_KEY))
}

export async function findingsFoundWith(store: Store, leadId: string): Promise<readonly FindingView[]> {
  return viewsOf(store, await store.find(foundWithKey(leadId)))
}

async function viewsOf(store: Store, streams: readonly string[]): Promise<readonly FindingView[]> {
  const states = [...(await store.load(streams))].flatMap(([stream, { state }]) => {
    const finding = state as unknown as FindingState
    return finding.found ? [{ stream, finding, found: finding.found }] : []
  })
  const [people, groups, inForce, leads, memberships] = await Promise.all([
    store.people([...new Set(states.flatMap(({ found }) => found.personId ?? []))]),
    store.groups(states.map(({ found }) => found.group)),
    store.catalogInForce(),
    issuesOf(
      store,
      states.flatMap(({ found }) => found.leadId ?? []),
    ),
    store.load(
      states.flatMap(({ finding, found: { group, personId } }) =>
        finding.status === 'removing' && personId !== null ? [membershipStream({ group, personId })] : [],
      ),
    ),
  ])
  const names = new Map(people.map((each) => [each.personId, each.name]))
  const groupNames = new Map(groups.map((each) => [groupStream(each.group), each.name]))
  return states.map(({ stream, finding, found }) => {
    const { findingId, kind, personId, account, group, readAt, leadId } = found
    const membership = personId === null ? undefined : memberships.get(membershipStream({ group, personId }))
    return {
      stream,
      findingId,
      kind,
      state: isOpen(finding) ? (finding.status as 'open' | 'removing') : 'settled',
      person: (personId === null ? undefined : names.get(personId)) ?? '',
      personId,
      account,
      group,
      groupName: groupNames.get(groupStream(group)) ?? group.id,
      readAt,
      task: finding.task,
      lastWord: membership ? lastWordWhileItStands(membership.state as unknown as MembershipState) : null,
      roles: (inForce?.catalog.roles ?? [])
        .filter((role) => role.groups.some((each) => groupStream(each) === groupStream(group)))
        .map((role) => {
          const app = inForce?.catalog.apps.find((each) => each.id === role.appId)
          return `${app?.name ?? role.appId}, ${role.name}`
        }),
      issue: leadId === null ? null : (leads.get(leadId) ?? null),
    }
  })
}

function lastWordWhileItStands(membership: MembershipState): LastWord | null {
  return membership.ending.length > 0 ? lastWordOf(membership) : null
}

/** The keys of the issues in which the first findings of these looks are told. */
async function issuesOf(store: Store, leadIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const issues = new Map<string, string>()
  for (const leadId of new Set(leadIds)) {
    const [lead] = await store.find(findingKey(leadId))
    const state = lead === undefined ? undefined : (await store.load([lead])).get(lead)?.state
    const key = (state as unknown as FindingState | undefined)?.issue?.key
    if (key !== undefined) issues.set(leadId, key)
  }
  return issues
}
