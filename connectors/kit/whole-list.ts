import type { Reading } from './connector.ts'
import type { From, Page } from './directory.ts'

/** A list that goes on after so many pages is a fault of the vendor's: ten million people in pages of 200. */
const MAX_PAGES = 50_000

/**
 * All pages of a list in one piece, or none. `startedAt` is that of the first page, which proves the least. A list that
 * leads back to a place where it was already would never end.
 */
export async function wholeList<Row>(
  list: (from: From) => Promise<Reading<Page<Row>>>,
  idOf: (row: Row) => string,
): Promise<Reading<readonly Row[]>> {
  const rows = new Map<string, Row>()
  const places = new Set<string>()
  let reading = await list({ kind: 'all' })
  const first = reading
  if (first.kind !== 'read') return first
  for (;;) {
    if (reading.kind === 'unreadable') return reading
    if (reading.kind === 'absent') return unreadable(`the list broke off: ${reading.said}`)
    for (const row of reading.value.rows) rows.set(idOf(row), row)
    for (const id of reading.value.gone) rows.delete(id)
    const { next } = reading.value
    if (next === null) return { kind: 'read', startedAt: first.startedAt, value: [...rows.values()] }
    if (places.has(next)) return unreadable('the list leads back to a page that was read already')
    if (places.size >= MAX_PAGES) return unreadable(`the list has more than ${MAX_PAGES} pages`)
    places.add(next)
    reading = await list({ kind: 'next', place: next })
  }
}

function unreadable(said: string): Reading<never> {
  return { kind: 'unreadable', retryAfterMs: null, said }
}
