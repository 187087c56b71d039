import { fold, type Catalog } from '#core/catalog/catalog.ts'
import { NO_GRANT, type GrantState } from '#core/grant/grant.ts'
import { groupStream, membershipStream } from '#core/identity-action/membership-key.ts'
import type { MembershipState } from '#core/identity-action/membership.ts'
import type { RequestState } from '#core/request/request.ts'
import { grantIdOf } from '#engine/handle/open-grant.ts'
import type { Ports } from '#engine/ports.ts'
import type { StoredEvent } from '#engine/store/store.ts'

/** Everything that the words about one event may need, gathered before they are chosen. */
export interface Story {
  readonly event: StoredEvent
  readonly request: RequestState
  readonly grant: GrantState
  readonly memberships: readonly { readonly group: string; readonly stream: string; readonly state: MembershipState }[]
  readonly appName: string
  readonly roleName: string
  readonly tier: string
  readonly ruleName: (id: string) => string
  /** Names of those who can mend what stands in the way: the owners of the app asked for, else the administrators; never the one who asks. */
  readonly menders: readonly string[]
  /** A person's name; their id when the directory does not know them any more. */
  readonly nameOf: (personId: string | null) => string
  readonly groupName: (group: { readonly provider: string; readonly id: string }) => string
  /** Proven accounts of a person on the desk. */
  readonly accountsOf: (personId: string) => readonly string[]
}

export async function gatherStory(
  ports: Ports,
  requestId: string,
  stream: string,
  version: number,
): Promise<Story | null> {
  const { store } = ports
  const event = await store.eventAt(stream, version)
  if (!event) return null
  const streams = await store.load([`request/${requestId}`, `grant/${grantIdOf(requestId)}`])
  const request = streams.get(`request/${requestId}`)?.state as unknown as RequestState | undefined
  if (!request) return null
  const grant = (streams.get(`grant/${grantIdOf(requestId)}`)?.state as unknown as GrantState | undefined) ?? NO_GRANT
  const { submitted } = request
  const groups = submitted ? [...submitted.groups, ...submitted.heldAlready.map((each) => each.group)] : []
  const keys = submitted
    ? submitted.groups.map((group) => ({ group, name: membershipStream({ group, personId: submitted.beneficiaryId }) }))
    : []
  const loaded = await store.load(keys.map((each) => each.name))
  const known = new Map((await store.groups(groups)).map((each) => [groupStream(each.group), each.name]))
  const groupName: Story['groupName'] = (group) => known.get(groupStream(group)) ?? group.id

  const catalog: Catalog | undefined = (await store.catalogInForce())?.catalog
  const askedApp = catalog?.apps.find(
    (each) => fold(each.name) === fold(request.form?.app ?? '') || each.id === submitted?.appId,
  )
  const others = (those: readonly string[]) => those.filter((each) => each !== request.askedBy)
  const owners = others(askedApp?.ownerIds ?? [])
  const menderIds = owners.length > 0 ? owners : others(catalog?.administratorIds ?? []).slice(0, 2)
  const ids = personIdsIn([event.data, event.by, request, grant.opened, menderIds])
  const [people, links] = await Promise.all([store.people(ids), store.linksOf(ids)])
  const role = catalog?.roles.find((each) => each.id === submitted?.roleId)
  return {
    event,
    request,
    grant,
    memberships: keys.flatMap(({ group, name }) => {
      const state = loaded.get(name)?.state as unknown as MembershipState | undefined
      return state ? [{ group: groupName(group), stream: name, state }] : []
    }),
    appName: catalog?.apps.find((each) => each.id === submitted?.appId)?.name ?? request.form?.app ?? '',
    roleName: role?.name ?? request.form?.role ?? '',
    tier: submitted?.tier ?? '',
    menders: menderIds.flatMap((id) => people.find((each) => each.personId === id)?.name ?? []),
    ruleName: (id) => catalog?.rules.find((each) => each.id === id)?.name ?? id,
    nameOf: (personId) => people.find((each) => each.personId === personId)?.name ?? personId ?? 'somebody unknown',
    groupName,
    accountsOf: (personId) =>
      links
        .filter((each) => each.system === 'jira' && each.personId === personId && each.proof !== 'verified e-mail')
        .map((each) => each.account),
  }
}

/** Every text of the form of a person id, wherever it stands: looking up one too many harms nobody. */
function personIdsIn(values: unknown): readonly string[] {
  const found = new Set(JSON.stringify(values).match(/"per_[A-Za-z0-9_-]+"/g) ?? [])
  return [...found].map((each) => each.slice(1, -1))
}
