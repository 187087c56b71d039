import { createHash } from 'node:crypto'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { error } from './answers.ts'

/** One entry of a list: its place in the order, and its JSON. */
export interface Entry {
  readonly number: number
  readonly body: string
}

export interface PageRules {
  readonly defaultLimit: number
  readonly maxLimit: number
  /** Cursors of another epoch are forgotten. */
  readonly epoch: number
}

/**
 * One page, with `Link` to itself and, if anything follows, to the next (RFC 8288). The cursor is a number that only
 * we can read: a client that builds its own is refused.
 */
export function page(
  origin: string,
  path: string,
  query: URLSearchParams,
  { defaultLimit, maxLimit, epoch }: PageRules,
  entries: Iterable<Entry>,
): HttpAnswer {
  const asked = query.get('limit')
  const limit = asked === null ? defaultLimit : Number(asked)
  if (!Number.isInteger(limit) || limit < 1) return error(400, 'E0000001', 'limit')
  const size = Math.min(limit, maxLimit)
  const cursor = query.get('after')
  const after = cursor === null ? Number.NEGATIVE_INFINITY : numberIn(cursor, path, epoch)
  if (after === null) return error(400, 'E0000001', 'after')

  const filter = query.get('filter')
  const bodies: string[] = []
  let last = 0
  let more = false
  for (const { number, body } of entries) {
    if (number <= after) continue
    if (bodies.length === size) {
      more = true
      break
    }
    bodies.push(body)
    last = number
  }
  // A cursor is base64url and a limit a number: neither needs escaping.
  const address = (place: string | null): string =>
    `<${origin}${path}?${place === null ? '' : `after=${place}&`}limit=${limit}${filter === null ? '' : `&filter=${encodeURIComponent(filter)}`}>`
  const next = more ? `, ${address(cursorOf(last, path, epoch))}; rel="next"` : ''
  return {
    status: 200,
    headers: { 'content-type': 'application/json', link: `${address(cursor)}; rel="self"${next}` },
    body: `[${bodies.join(',')}]`,
  }
}

function cursorOf(number: number, path: string, epoch: number): string {
  return Buffer.from(`${number}.${sealOf(number, path, epoch)}`).toString('base64url')
}

function numberIn(cursor: string, path: string, epoch: number): number | null {
  const [number, seal] = Buffer.from(cursor, 'base64url').toString('utf8').split('.')
  return number !== undefined && seal === sealOf(Number(number), path, epoch) ? Number(number) : null
}

function sealOf(number: number, path: string, epoch: number): string {
  return createHash('sha256').update(`okta stand-in ${path} ${number} ${epoch}`).digest('base64url').slice(0, 12)
}
