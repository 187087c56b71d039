import type { Broken, Known, Links } from './known.ts'

/** Where an identity change must lead, asked at the moment when it is intended: before anything was done. */
export type LinkRule = (links: Links, known: Known) => Broken | null

/** The trigger: somebody submitted the request. */
export const leadsToATrigger: LinkRule = ({ requestId }, known) =>
  known.requests.has(requestId)
    ? null
    : { code: 'no trigger', said: `no RequestSubmitted of ${requestId} comes before this change` }

/** The decision: that request was approved. */
export const leadsToADecision: LinkRule = ({ requestId }, known) =>
  known.requests.get(requestId)?.approved === true
    ? null
    : { code: 'no decision', said: `no RequestApproved of ${requestId} comes before this change` }

/** The grant that the decision opened. */
export const leadsToAGrant: LinkRule = ({ grantId, requestId }, known) =>
  known.grants.get(grantId)?.requestId === requestId
    ? null
    : { code: 'no grant', said: `no GrantOpened of ${grantId} for ${requestId} comes before this change` }

/** The person and the group are those of the request: an approval covers nothing else. */
export const staysWithinTheRequest: LinkRule = ({ stream, requestId }, known) => {
  const request = known.requests.get(requestId)
  if (request === undefined) return null
  const [room, provider, groupId, personId, ...more] = stream.split('/')
  const within =
    room === 'membership' &&
    more.length === 0 &&
    personId === request.beneficiaryId &&
    request.groups.includes(`${provider}/${groupId}`)
  return within ? null : { code: 'outside the request', said: `${requestId} asked for another group or person` }
}

/** What was found outside may be removed. To give it, or to move its end, is another decision. */
export const aFindingOnlyRemoves: LinkRule = ({ does, requestId }, known) =>
  does !== 'remove' && known.requests.get(requestId)?.removalOnly === true
    ? { code: 'outside the request', said: `${requestId} allows a removal only` }
    : null

/** A removal also has a reason of its own: its grant was ending. */
export const removalLeadsToAnEnding: LinkRule = ({ does, grantId }, known) =>
  does !== 'remove' || known.grants.get(grantId)?.ending === true
    ? null
    : { code: 'no ending', said: `no GrantEnding of ${grantId} comes before this removal` }

export const LINK_RULES: readonly LinkRule[] = [
  leadsToATrigger,
  leadsToADecision,
  leadsToAGrant,
  staysWithinTheRequest,
  aFindingOnlyRemoves,
  removalLeadsToAnEnding,
]

export function brokenLinks(links: Links, known: Known): readonly Broken[] {
  return LINK_RULES.map((rule) => rule(links, known)).filter((broken) => broken !== null)
}
