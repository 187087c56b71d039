import type { Concern, StateFilter } from '../wire.ts'

/**
 * Where one is in the console. It lives behind the `#` of the address, which works under every path that Jira may serve
 * the bundle from, survives a reload and can be sent to a colleague.
 */
export type Route =
  | ({ readonly page: 'requests' } & RequestsFilter)
  | { readonly page: 'request'; readonly requestId: string }
  | { readonly page: 'nowhere' }

export interface RequestsFilter {
  readonly state: StateFilter | null
  readonly concern: Concern | null
  readonly search: string
}

export const EVERY_REQUEST: RequestsFilter = { state: null, concern: null, search: '' }

export const STATE_FILTERS: readonly StateFilter[] = [
  'open',
  'waiting for approval',
  'being granted',
  'live',
  'being removed',
  'ended',
  'failed',
  'declined',
  'refused',
  'void',
]

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  if (path === '' || path === 'requests') {
    const parameters = new URLSearchParams(query)
    const state = parameters.get('state')
    const concern = parameters.get('concern')
    return {
      page: 'requests',
      state: STATE_FILTERS.find((filter) => filter === state) ?? null,
      concern: concern === 'asked' || concern === 'waiting' ? concern : null,
      search: (parameters.get('search') ?? '').slice(0, 200),
    }
  }
  const requestId = /^requests\/([A-Za-z0-9_-]{1,64})$/.exec(path)?.[1]
  return requestId ? { page: 'request', requestId } : { page: 'nowhere' }
}

export function hashOfRequests(filter: RequestsFilter): string {
  const query = queryOf(filter)
  return query ? `#/requests?${query}` : '#/requests'
}

export function hashOfRequest(requestId: string): string {
  return `#/requests/${requestId}`
}

/** The filter as the API takes it, too: the names are the same. */
export function queryOf(filter: RequestsFilter): string {
  const parameters = new URLSearchParams()
  if (filter.state) parameters.set('state', filter.state)
  if (filter.concern) parameters.set('concern', filter.concern)
  if (filter.search.trim()) parameters.set('search', filter.search.trim())
  return parameters.toString()
}
