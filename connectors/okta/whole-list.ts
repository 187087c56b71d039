import type { z } from 'zod'
import { unavailable } from '#connectors/kit/http.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { OktaClient } from './client.ts'
import type { OktaError } from './shapes.ts'

/** To read a list again in shorter pages than these would cost more calls than the doubt is worth. */
const SHORTEST_PAGE = 10

/**
 * A list, and whether it is all of it, as far as that can be told.
 *
 * Okta says of each page where the next one is, and of no list how long it is: one whose last pages got lost ends like
 * any other. Only one sign gives it away. It ends with a full page (as long as was asked, or as the pages before), as a
 * whole list does once in so many times. Then it is read again in pages of another length, and a whole list ends within
 * one of the two. A row that is missing within a page leaves no sign, and neither does a list of one short page that
 * came empty.
 */
export async function wholeList<Item>(
  client: OktaClient,
  path: string,
  limit: number,
  item: z.ZodType<Item>,
): Promise<Exchange<readonly Item[], OktaError>> {
  const first = await read(client, path, limit, item)
  const { fullPage } = first
  if (fullPage === null || fullPage < SHORTEST_PAGE) return first.list
  const second = await read(client, path, fullPage - 1, item)
  if (second.fullPage === null) return second.list
  return unavailable('not the shape', 'a list ends with a full page however it is read: its last page may be missing')
}

/** `fullPage`: how long a full page is, where the list ends with one. */
async function read<Item>(
  client: OktaClient,
  path: string,
  limit: number,
  item: z.ZodType<Item>,
): Promise<{ readonly list: Exchange<readonly Item[], OktaError>; readonly fullPage: number | null }> {
  const pages: number[] = []
  const list = await client.list(
    `${path}${path.includes('?') ? '&' : '?'}limit=${limit}`,
    item,
    (rows) => void pages.push(rows),
  )
  const full = pages.length > 1 ? (pages[0] ?? limit) : limit
  const endsFull = list.kind === 'answered' && pages.length > 0 && (pages.at(-1) ?? 0) >= full
  return { list, fullPage: endsFull ? full : null }
}
