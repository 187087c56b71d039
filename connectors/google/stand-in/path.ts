/** What a call is about, whatever its method. */
export type CallKind =
  | 'token'
  | 'users'
  | 'user'
  | 'sign out'
  | 'tokens'
  | 'one token'
  | 'asps'
  | 'one asp'
  | 'groups'
  | 'group'
  | 'members'
  | 'member'
  | 'has member'
  | 'group lookup'
  | 'group search'
  | 'identity group'
  | 'memberships'
  | 'membership lookup'
  | 'change roles'
  | 'direct groups'
  | 'activities'
  | 'other'

/** The address of a request, taken apart. */
export interface Path {
  readonly origin: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly kind: CallKind
  /** The keys in it, in their order. */
  readonly keys: readonly string[]
}

const DIRECTORY = '^/admin/directory/v1'
const KINDS: readonly (readonly [RegExp, CallKind])[] = [
  [/^\/token$/, 'token'],
  [new RegExp(`${DIRECTORY}/users$`), 'users'],
  [new RegExp(`${DIRECTORY}/users/([^/]+)$`), 'user'],
  [new RegExp(`${DIRECTORY}/users/([^/]+)/signOut$`), 'sign out'],
  [new RegExp(`${DIRECTORY}/users/([^/]+)/tokens$`), 'tokens'],
  [new RegExp(`${DIRECTORY}/users/([^/]+)/tokens/([^/]+)$`), 'one token'],
  [new RegExp(`${DIRECTORY}/users/([^/]+)/asps$`), 'asps'],
  [new RegExp(`${DIRECTORY}/users/([^/]+)/asps/([^/]+)$`), 'one asp'],
  [new RegExp(`${DIRECTORY}/groups$`), 'groups'],
  [new RegExp(`${DIRECTORY}/groups/([^/]+)$`), 'group'],
  [new RegExp(`${DIRECTORY}/groups/([^/]+)/members$`), 'members'],
  [new RegExp(`${DIRECTORY}/groups/([^/]+)/members/([^/]+)$`), 'member'],
  [new RegExp(`${DIRECTORY}/groups/([^/]+)/hasMember/([^/]+)$`), 'has member'],
  [/^\/v1\/groups:lookup$/, 'group lookup'],
  [/^\/v1\/groups:search$/, 'group search'],
  [/^\/v1\/groups\/-\/memberships:searchDirectGroups$/, 'direct groups'],
  [/^\/v1\/groups\/([^/:]+)$/, 'identity group'],
  [/^\/v1\/groups\/([^/:]+)\/memberships$/, 'memberships'],
  [/^\/v1\/groups\/([^/:]+)\/memberships:lookup$/, 'membership lookup'],
  [/^\/v1\/groups\/([^/:]+)\/memberships\/([^/:]+):modifyMembershipRoles$/, 'change roles'],
  [/^\/admin\/reports\/v1\/activity\/users\/([^/]+)\/applications\/([^/]+)$/, 'activities'],
]

/** Under which name the rows of an answer stand; null: it is not answered with rows. */
export function rowsIn(kind: CallKind): string | null {
  return Object.hasOwn(ROWS, kind) ? (ROWS[kind] ?? null) : null
}

const ROWS: Readonly<Partial<Record<CallKind, string>>> = {
  users: 'users',
  groups: 'groups',
  members: 'members',
  'group search': 'groups',
  memberships: 'memberships',
  'direct groups': 'memberships',
  activities: 'items',
  tokens: 'items',
  asps: 'items',
}

export function isIdentity(kind: CallKind): boolean {
  return IDENTITY.has(kind)
}

const IDENTITY: ReadonlySet<CallKind> = new Set<CallKind>([
  'group lookup',
  'group search',
  'identity group',
  'memberships',
  'membership lookup',
  'change roles',
  'direct groups',
])

export function pathOf(url: string): Path {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const question = url.indexOf('?', slash)
  const path = question === -1 ? url.slice(slash) : url.slice(slash, question)
  const query = new URLSearchParams(question === -1 ? '' : url.slice(question + 1))
  for (const [form, kind] of KINDS) {
    const found = form.exec(path)
    if (found !== null) return { origin: url.slice(0, slash), path, query, kind, keys: found.slice(1).map(decoded) }
  }
  return { origin: url.slice(0, slash), path, query, kind: 'other', keys: [] }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
