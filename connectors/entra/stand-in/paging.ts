import { createHash } from 'node:crypto'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { badRequest, json } from './answers.ts'

/** Tokens of `$skiptoken` and `$deltatoken` are words that only we can read: a client that builds its own is refused. */
export function tokenOf(list: string, value: unknown): string {
  const text = Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${text}.${sealOf(list, text)}`
}

export function valueOf(list: string, token: string): unknown {
  const [text = '', seal] = token.split('.')
  return seal === sealOf(list, text) ? JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) : undefined
}

function sealOf(list: string, text: string): string {
  return createHash('sha256').update(`entra stand-in ${list} ${text}`).digest('base64url').slice(0, 16)
}

export interface Listed {
  readonly address: string
  /** What the rows are, for `@odata.context`. */
  readonly context: string
  readonly query: URLSearchParams
  readonly defaultTop: number
  readonly mostTop: number
}

/** One page of a plain list, which says where the next one begins by the id of the last row. */
export function page<Row extends { readonly id: string }>(
  of: Listed,
  rows: readonly Row[],
  bodyOf: (row: Row) => unknown,
): HttpAnswer {
  const { query, address } = of
  const asked = query.get('$top')
  const top = asked === null ? of.defaultTop : Number(asked)
  if (!Number.isInteger(top) || top < 1 || top > 999 + 1) return badRequest('Invalid page size specified: $top.')
  const size = Math.min(top, of.mostTop)
  const token = query.get('$skiptoken')
  const after = token === null ? '' : valueOf(address, token)
  if (typeof after !== 'string') return badRequest('Invalid $skiptoken.')
  // In the order of ids, which does not change while somebody pages through them, whoever comes and goes meanwhile.
  const left = rows.filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1))
  const shown = left.slice(0, size)
  const next = new URLSearchParams(query)
  next.set('$skiptoken', tokenOf(address, shown.at(-1)?.id ?? ''))
  return json(200, {
    '@odata.context': of.context,
    ...(left.length > size ? { '@odata.nextLink': `${address}?${queryText(next)}` } : {}),
    value: shown.map(bodyOf),
  })
}

/** As Entra writes it: `$` as it is. */
export function queryText(query: URLSearchParams): string {
  return query.toString().replaceAll('%24', '$').replaceAll('%2C', ',')
}
