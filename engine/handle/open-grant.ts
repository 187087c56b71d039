import type { Catalog } from '#core/catalog/catalog.ts'
import { latestEndOf } from '#core/grant/grant.ts'
import type { PersonId } from '#core/identity-action/membership-key.ts'
import { membershipStream, sameGroup } from '#core/identity-action/membership-key.ts'
import type { GroupFacts, RequestState } from '#core/request/request.ts'
import { GRANT, MEMBERSHIP } from './stream-kinds.ts'
import type { Turn } from './turn.ts'

/** One grant a request, for ever: however often an approval is heard of, there is no second window. */
export function grantIdOf(requestId: string): string {
  return requestId.replace('req_', 'grt_')
}

/**
 * An approved request becomes a grant, and the grant a reason for each of its memberships, all in the turn of the
 * approval. `holdings`: as they were read for this turn.
 */
export async function openGrant(
  turn: Turn,
  requestId: string,
  request: RequestState,
  catalog: Catalog,
  holdings: readonly GroupFacts[],
): Promise<void> {
  const { submitted } = request
  if (!submitted) throw new Error(`${requestId} was approved without having been submitted`)
  const grantId = grantIdOf(requestId)
  const personId = submitted.beneficiaryId
  const grant = await turn.open(GRANT, `grant/${grantId}`)
  // Heard of before, perhaps long ago: the grant may be over by now, and its reasons with it.
  if (grant.state.status !== 'none') return
  grant.decide({
    kind: 'open',
    requestId,
    personId,
    roleId: submitted.roleId,
    groups: submitted.groups,
    hours: submitted.hours,
    completeWithinHours: catalog.completeWithinHours,
    ownerId: ownerOf(catalog, submitted.appId),
    now: turn.now,
  })
  const completeBy = grant.state.opened?.completeBy
  if (completeBy)
    turn.setTimer({ id: `${grantId}:complete`, kind: 'complete by', about: grantId, dueAt: Date.parse(completeBy) })

  const privileged = catalog.roles.find((each) => each.id === submitted.roleId)?.tier === 'privileged'
  await turn.load(submitted.groups.map((group) => membershipStream({ group, personId })))
  for (const group of submitted.groups) {
    const account = await turn.accountOf(personId, group.provider)
    const held = holdings.find((each) => sameGroup(each.group, group))
    const membership = turn.openLoaded(MEMBERSHIP, membershipStream({ group, personId }))
    membership.decide({
      kind: 'add reason',
      grantId,
      requestId,
      account,
      heldBefore: held?.heldBy === 'another hand',
      seenGone: held?.heldBy === null,
      privileged,
      ...(turn.endsByItself(group.provider) ? { until: latestEndOf(grant.state) } : {}),
    })
  }
}

function ownerOf(catalog: Catalog, appId: string): PersonId | null {
  return catalog.apps.find((each) => each.id === appId)?.ownerIds[0] ?? null
}
