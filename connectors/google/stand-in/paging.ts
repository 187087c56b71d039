import { createHash } from 'node:crypto'
import { DAY_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { etagOf, invalid, json } from './answers.ts'

/** https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/list: tokens are valid for three days. */
const TOKEN_LIFE_MS = 3 * DAY_MS

export interface Listed {
  /** Of an answer of the Directory or of Reports; null: Cloud Identity says nothing of the kind. */
  readonly kind: string | null
  /** Under which name the rows stand. */
  readonly rows: string
  /** All that the list is about: a token of another list is none. */
  readonly list: string
  readonly query: URLSearchParams
  /** How the size of a page is asked for, and how large it is at most, and unless asked for. */
  readonly size: 'maxResults' | 'pageSize'
  readonly most: number
  readonly usual: number
  /** Makes pages shorter than Google's, so that few rows fill several. */
  readonly longestPage: number
  readonly now: Instant
  /** Tokens of before are forgotten. */
  readonly epoch: number
}

/** One page, in the order of a key that does not change while somebody pages, whoever comes and goes meanwhile. */
export function page<Row>(
  of: Listed,
  all: readonly Row[],
  keyOf: (row: Row) => string,
  bodyOf: (row: Row) => unknown,
): HttpAnswer {
  const asked = of.query.get(of.size)
  const wanted = asked === null ? of.usual : Number(asked)
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > of.most) return invalid(of.size)
  const token = of.query.get('pageToken')
  const after = token === null ? '' : afterIn(token, of)
  if (after === null) return invalid('pageToken')
  const size = Math.min(wanted, of.longestPage)
  const left = all
    .map((row) => ({ row, key: keyOf(row) }))
    .filter(({ key }) => key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const shown = left.slice(0, size)
  const next = left.length > size ? { nextPageToken: tokenOf(shown.at(-1)?.key ?? '', of) } : {}
  // An empty list is left out.
  const rows = shown.length === 0 ? {} : { [of.rows]: shown.map(({ row }) => bodyOf(row)) }
  const body = { ...rows, ...next }
  return json(200, of.kind === null ? body : { kind: of.kind, etag: etagOf(body), ...body })
}

function tokenOf(after: string, { list, now, epoch }: Listed): string {
  const text = Buffer.from(JSON.stringify([after, now, epoch])).toString('base64url')
  return `${text}.${sealOf(list, text)}`
}

function afterIn(token: string, { list, now, epoch }: Listed): string | null {
  const [text = '', seal] = token.split('.')
  if (seal !== sealOf(list, text)) return null
  const [after, at, of] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [string, Instant, number]
  return of === epoch && now - at < TOKEN_LIFE_MS ? after : null
}

function sealOf(list: string, text: string): string {
  return createHash('sha256').update(`google stand-in ${list} ${text}`).digest('base64url').slice(0, 16)
}
