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
  return {
    requestId,
    issueKey: issue?.key ?? '',
    issueUrl: issue ? settings.issueUrl(issue.key) : null,
    personName: submitted ? names.person(submitted.beneficiaryId) : 'nobody matched',
    appName: submitted ? names.app(submitted.appId) : (form?.app ?? ''),
    roleName: submitted ? names.role(submitted.roleId) : (form?.role ?? ''),
    tier: submitted?.tier ?? 'standard',
    state: stateOf(request, grant),
    askedAt,
    hours: submitted?.hours ?? null,
    startsAt: grant.startsAt === null ? null : Date.parse(grant.startsAt),
    endsAt: grant.endsAt === null ? null : Date.parse(grant.endsAt),
    waitingOn: waitingOn(request, grant, names),
    confirmedGroups: grant.confirmed.length,
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

function waitingOn(request: RequestStream, grant: GrantState, names: Names): readonly string[] {
  if (grant.status === 'failed') return grant.opened?.ownerId ? [names.person(grant.opened.ownerId)] : []
  if (request.status !== 'waiting') return []
  const findings = request.submitted?.findings ?? []
  return findings.flatMap((each) => (each.state === 'waiting' ? each.on.map((one) => names.person(one.personId)) : []))
}
