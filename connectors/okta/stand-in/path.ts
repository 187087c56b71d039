import type { Bucket } from './rate-limit.ts'

/** What a call is about, whatever its method. */
export type CallKind =
  | 'token'
  | 'users'
  | 'user'
  | 'holdings'
  | 'groups'
  | 'group'
  | 'members'
  | 'membership'
  | 'member rules'
  | 'rules'
  | 'lifecycle'
  | 'sessions'
  | 'logs'
  | 'other'

/** The address of a request, taken apart. */
export interface Path {
  readonly origin: string
  /** Without the query. */
  readonly path: string
  /** The path's parts after `/api/v1/`, decoded. */
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  readonly kind: CallKind
  readonly bucket: Bucket
}

/** Whether Okta answers it with an array, in which rows can be missing. */
export function isList(kind: CallKind): boolean {
  return LISTS.has(kind)
}

const LISTS: ReadonlySet<CallKind> = new Set([
  'users',
  'holdings',
  'groups',
  'members',
  'member rules',
  'rules',
  'logs',
])

/** One client asks the same few addresses over and over. Beyond this many all are forgotten. */
const MOST_KEPT = 2_000

export function createPaths(): (url: string) => Path {
  const kept = new Map<string, Path>()
  return (url) => {
    let path = kept.get(url)
    if (path === undefined) {
      path = taken(url)
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(url, path)
    }
    return path
  }
}

function taken(url: string): Path {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const question = url.indexOf('?', slash)
  const path = question === -1 ? url.slice(slash) : url.slice(slash, question)
  const parts = path.startsWith(BELOW) ? path.slice(BELOW.length).split('/').map(decoded) : []
  const kind = kindOf(path, parts)
  const query = new URLSearchParams(question === -1 ? '' : url.slice(question + 1))
  return { origin: url.slice(0, slash), path, parts, query, kind, bucket: bucketOf(kind) }
}

export const BELOW = '/api/v1/'

function kindOf(path: string, parts: readonly string[]): CallKind {
  const [first, , third, , fifth] = parts
  if (path === '/oauth2/v1/token') return 'token'
  if (first === 'logs' && parts.length === 1) return 'logs'
  if (first === 'users') {
    if (parts.length === 1) return 'users'
    if (parts.length === 2) return 'user'
    if (parts.length === 3 && third === 'groups') return 'holdings'
    if (parts.length === 3 && third === 'sessions') return 'sessions'
    if (parts.length === 4 && third === 'lifecycle') return 'lifecycle'
  }
  if (first === 'groups') {
    if (parts.length === 1) return 'groups'
    if (parts.length === 2) return parts[1] === 'rules' ? 'rules' : 'group'
    if (third !== 'users') return 'other'
    if (parts.length === 3) return 'members'
    if (parts.length === 4) return 'membership'
    if (parts.length === 5 && fifth === 'group-rules') return 'member rules'
  }
  return 'other'
}

function bucketOf(kind: CallKind): Bucket {
  return kind === 'token' || kind === 'users' || kind === 'groups' || kind === 'group' ? kind : 'other'
}

function decoded(part: string): string {
  try {
    return part.includes('%') ? decodeURIComponent(part) : part
  } catch {
    return part
  }
}
