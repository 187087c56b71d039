/** What a call is about, whatever its method. */
export type CallKind =
  | 'token'
  | 'batch'
  | 'users'
  | 'user delta'
  | 'user'
  | 'manager'
  | 'holdings'
  | 'sessions'
  | 'groups'
  | 'group delta'
  | 'group'
  | 'members'
  | 'add member'
  | 'membership'
  /** The address of a member without `/$ref` at its end: of the person. */
  | 'member itself'
  | 'assignment requests'
  | 'assignments'
  | 'audits'
  | 'sign-ins'
  | 'other'

/** The address of a request, taken apart. */
export interface Path {
  readonly origin: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly kind: CallKind
  /** The ids in it, in their order. */
  readonly ids: readonly string[]
}

const KINDS: readonly (readonly [RegExp, CallKind])[] = [
  [/^\/[^/]+\/oauth2\/v2\.0\/token$/, 'token'],
  [/^\/v1\.0\/\$batch$/, 'batch'],
  [/^\/v1\.0\/users$/, 'users'],
  [/^\/v1\.0\/users\/(?:microsoft\.graph\.)?delta(?:\(\))?$/, 'user delta'],
  [/^\/v1\.0\/users\/([^/]+)$/, 'user'],
  [/^\/v1\.0\/users\/([^/]+)\/manager$/, 'manager'],
  [/^\/v1\.0\/users\/([^/]+)\/memberOf$/, 'holdings'],
  [/^\/v1\.0\/users\/([^/]+)\/revokeSignInSessions$/, 'sessions'],
  [/^\/v1\.0\/groups$/, 'groups'],
  [/^\/v1\.0\/groups\/(?:microsoft\.graph\.)?delta(?:\(\))?$/, 'group delta'],
  [/^\/v1\.0\/groups\/([^/]+)$/, 'group'],
  [/^\/v1\.0\/groups\/([^/]+)\/members$/, 'members'],
  [/^\/v1\.0\/groups\/([^/]+)\/members\/\$ref$/, 'add member'],
  [/^\/v1\.0\/groups\/([^/]+)\/members\/([^/]+)\/\$ref$/, 'membership'],
  [/^\/v1\.0\/groups\/([^/]+)\/members\/([^/]+)$/, 'member itself'],
  [/^\/v1\.0\/identityGovernance\/privilegedAccess\/group\/assignmentScheduleRequests$/, 'assignment requests'],
  [/^\/v1\.0\/identityGovernance\/privilegedAccess\/group\/assignmentScheduleInstances$/, 'assignments'],
  [/^\/v1\.0\/auditLogs\/directoryAudits$/, 'audits'],
  [/^\/v1\.0\/auditLogs\/signIns$/, 'sign-ins'],
]

/** Whether it is answered with rows, of which some can be missing. */
export function isList(kind: CallKind): boolean {
  return LISTS.has(kind)
}

const LISTS: ReadonlySet<CallKind> = new Set<CallKind>([
  'users',
  'user delta',
  'holdings',
  'groups',
  'group delta',
  'members',
  'assignments',
  'audits',
  'sign-ins',
])

export function pathOf(url: string): Path {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const question = url.indexOf('?', slash)
  const path = decoded(question === -1 ? url.slice(slash) : url.slice(slash, question))
  const query = new URLSearchParams(question === -1 ? '' : url.slice(question + 1))
  for (const [form, kind] of KINDS) {
    const found = form.exec(path)
    if (found !== null) return { origin: url.slice(0, slash), path, query, kind, ids: found.slice(1) }
  }
  return { origin: url.slice(0, slash), path, query, kind: 'other', ids: [] }
}

/** Some clients write `$` as `%24`, which is the same. */
function decoded(path: string): string {
  try {
    return path.includes('%') ? decodeURIComponent(path) : path
  } catch {
    return path
  }
}
