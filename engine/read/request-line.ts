import type { Catalog } from '#core/catalog/catalog.ts'
import type { GrantState } from '#core/grant/grant.ts'
import type { GroupRef, PersonId } from '#core/identity-action/membership-key.ts'
import type { Instant } from '#core/instant.ts'
import type { RequestState as RequestStream } from '#core/request/request.ts'
import type { RequestLine, RequestState } from './request-view.ts'
import type { ReadSettings } from './requests.ts'

/** Names for ids; whoever or whatever is not known any more keeps the id. */
export interface Names {
  person(id: PersonId): string
  group(group: GroupRef): string
  app(id: string): string
  role(id: string): string
  rule(id: Catalog['rules'][number]['id']): string
  /** The risk of a role by the names in a form; null when they name none. */
  tierOf(app: string, role: string): RequestLine['tier'] | null
}

export function lineOf(
  requestId: string,
  request: RequestStream,
  grant: GrantState,
  askedAt: Instant,
  names: Names,
  settings: ReadSettings,
): RequestLine {
  const { submitted, form, issue } = request
  const personId = submitted?.beneficiaryId ?? request.askedBy
  const waitingOnIds = waitingOn(request, grant)
  return {
    requestId,
    issueKey: issue?.key ?? '',
    issueUrl: issue ? settings.issueUrl(issue.key) : null,
    personId,
    personName: personId === null ? 'nobody matched' : names.person(personId),
    appName: submitted ? names.app(submitted.appId) : (form?.app ?? ''),
    roleName: submitted ? names.role(submitted.roleId) : (form?.role ?? ''),
    tier: submitted?.tier ?? names.tierOf(form?.app ?? '', form?.role ?? '') ?? 'standard',
    state: stateOf(request, grant),
    askedAt,
    hours: submitted?.hours ?? null,
    startsAt: grant.startsAt === null ? null : Date.parse(grant.startsAt),
    endsAt: endOf(grant),
    waitingOn: waitingOnIds.map(names.person),
    waitingOnIds,
    confirmedGroups: grant.confirmed.length - grant.released.filter((each) => each.how === 'removed').length,
    groupCount: submitted?.groups.length ?? 0,
  }
}

function stateOf(request: RequestStream, grant: GrantState): RequestState {
  switch (request.status) {
    case 'none':
    case 'waiting':
      return 'waiting for approval'
    case 'declined':
    case 'refused':
    case 'void':
      return request.status
    case 'approved':
      return STATE_OF_GRANT[grant.status]
  }
}

const STATE_OF_GRANT: Readonly<Record<GrantState['status'], RequestState>> = {
  none: 'being granted',
  opening: 'being granted',
  live: 'live',
  ending: 'being removed',
  ended: 'ended',
  failed: 'failed',
}

/** A window that was cut short ended when it was revoked, whatever had been planned. */
function endOf({ endedBecause, endingSince, endsAt }: GrantState): Instant | null {
  const end = endedBecause === 'revoked' ? endingSince : endsAt
  return end === null ? null : Date.parse(end)
}

function waitingOn(request: RequestStream, grant: GrantState): readonly PersonId[] {
  if (grant.status === 'failed') return grant.opened?.ownerId ? [grant.opened.ownerId] : []
  if (request.status !== 'waiting') return []
  const findings = request.submitted?.findings ?? []
  return findings.flatMap((each) => (each.state === 'waiting' ? each.on.map((one) => one.personId) : []))
}
