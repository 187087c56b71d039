import type { HttpRequest } from '#connectors/kit/io.ts'
import { decode, type Route } from './route.ts'

/** A request to the API, taken apart: which call it is, and of what. */
export interface Address {
  readonly path: string
  readonly query: URLSearchParams
  /** Null: there is no such call. */
  readonly found: { readonly route: Route; readonly params: readonly string[] } | null
}

/** Routes by method and number of parts, so that few have to be compared with a path. */
export type RouteIndex = ReadonlyMap<string, readonly { readonly route: Route; readonly parts: readonly string[] }[]>

export function indexOf(routes: readonly Route[]): RouteIndex {
  const split = routes.map((route) => ({ route, parts: route.path.split('/') }))
  return Map.groupBy(split, ({ route, parts }) => `${route.method} ${parts.length}`)
}

/** One client asks the same few addresses over and over. Beyond this many all are forgotten. */
const MOST_KEPT = 2_000

type Asked = Pick<HttpRequest, 'method' | 'url'>

/** Null for an address outside the API. `prefix` is where the API of a site may be reached as well. */
export function createAddresses(prefix: string, index: RouteIndex): (request: Asked) => Address | null {
  const kept = new Map<string, Address | null>()
  return (request) => {
    const key = `${request.method} ${request.url}`
    let address = kept.get(key)
    if (address === undefined) {
      address = taken(request, prefix, index)
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(key, address)
    }
    return address
  }
}

function taken({ method, url }: Asked, prefix: string, index: RouteIndex): Address | null {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const question = url.indexOf('?', slash)
  const whole = slash === -1 ? '/' : question === -1 ? url.slice(slash) : url.slice(slash, question)
  const path = whole.startsWith(prefix) ? whole.slice(prefix.length - 1) : whole
  if (!path.startsWith('/rest/')) return null
  const query = new URLSearchParams(question === -1 ? '' : url.slice(question + 1))
  const given = path.split('/')
  for (const { route, parts } of index.get(`${method} ${given.length}`) ?? []) {
    if (parts.some((part, place) => part !== '{}' && part !== given[place])) continue
    const params = given.filter((_, place) => parts[place] === '{}').map(decode)
    return { path, query, found: { route, params } }
  }
  return { path, query, found: null }
}
