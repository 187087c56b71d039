/** A page as the query asks for it, within the vendor's bounds. */
export function pageAsked(
  query: URLSearchParams,
  names: { start: string; size: string },
  most: number,
): { start: number; size: number } {
  const number = (name: string, otherwise: number) => {
    const given = Number(query.get(name) ?? otherwise)
    return Number.isSafeInteger(given) && given >= 0 ? given : otherwise
  }
  return { start: number(names.start, 0), size: Math.min(Math.max(number(names.size, most), 1), most) }
}

/** The platform's older pages: `startAt`, `maxResults`, `total`. */
export function platformPage<Item>(items: readonly Item[], query: URLSearchParams, most: number) {
  const { start, size } = pageAsked(query, { start: 'startAt', size: 'maxResults' }, most)
  return {
    startAt: start,
    maxResults: size,
    total: items.length,
    isLast: start + size >= items.length,
    values: items.slice(start, start + size),
  }
}

/** The service desk's pages: `start`, `limit`, `isLastPage`. */
export function serviceDeskPage<Item>(items: readonly Item[], query: URLSearchParams, self: string, most: number) {
  const { start, size } = pageAsked(query, { start: 'start', size: 'limit' }, most)
  const values = items.slice(start, start + size)
  const isLastPage = start + size >= items.length
  const links = {
    base: new URL('/', self).href.replace(/\/$/, ''),
    context: '',
    self: `${self}?start=${start}&limit=${size}`,
  }
  return {
    _expands: [],
    size: values.length,
    start,
    limit: size,
    isLastPage,
    _links: isLastPage ? links : { ...links, next: `${self}?start=${start + size}&limit=${size}` },
    values,
  }
}
