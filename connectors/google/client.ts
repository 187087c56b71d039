import type { z } from 'zod'
import type { Budget } from '#connectors/kit/budget.ts'
import { createHttpCore, unavailable } from '#connectors/kit/http.ts'
import type { Exchange, HttpCore } from '#connectors/kit/http.ts'
import type { HttpRequest, Io } from '#connectors/kit/io.ts'
import type { GoogleSettings } from './config.ts'
import { paidCalls } from './limits.ts'
import { reasonOf } from './outcome.ts'
import type { Scope } from './scopes.ts'
import { googleError } from './shapes.ts'
import type { GoogleError } from './shapes.ts'
import type { Tokens } from './token.ts'

/** URLs, credentials, paging. No decisions. Paths begin with a slash; which of Google's hosts they are on, they tell themselves. */
export interface GoogleClient {
  read<Value>(scope: Scope, path: string, shape: z.ZodType<Value>): Promise<Exchange<Value, GoogleError>>
  /** Sends, and expects an answer of this shape; null: no body. */
  send<Value>(scope: Scope, order: Order, shape: z.ZodType<Value>): Promise<Exchange<Value, GoogleError>>
  send(scope: Scope, order: Order, shape: null): Promise<Exchange<null, GoogleError>>
  /**
   * All pages of a list, or none. `startedAt` is that of the first page. Refused is only the first page. `sawPage` hears how
   * long each was.
   */
  list<Page extends Paged, Row>(
    scope: Scope,
    path: string,
    shape: z.ZodType<Page>,
    rowsOf: (page: Page) => readonly Row[] | undefined,
    sawPage?: (rows: number) => void,
  ): Promise<Exchange<readonly Row[], GoogleError>>
}

export interface Order {
  readonly method: Exclude<HttpRequest['method'], 'GET'>
  readonly path: string
  readonly body?: unknown
  readonly mayStart?: () => boolean
}

interface Paged {
  readonly nextPageToken?: string | undefined
}

/** Ten million rows in pages of 200. A list that goes on after that is a fault of the vendor's. */
const MAX_PAGES = 50_000

export function createGoogleClient(
  io: Io,
  settings: GoogleSettings,
  tokens: Tokens,
  budget: Budget | undefined,
): GoogleClient {
  const { origins, concurrency } = settings
  const cores = new Map<string, HttpCore<GoogleError>>()

  function originOf(path: string): string {
    return path.startsWith('/admin/') ? origins.admin : origins.identity
  }

  function coreFor(origin: string, scope: Scope): HttpCore<GoogleError> {
    const key = `${origin} ${scope}`
    let core = cores.get(key)
    if (core === undefined) {
      core = createHttpCore(io, {
        origin,
        credentials: tokens.of([scope]),
        refusal: googleError,
        maxInFlight: concurrency,
        ...(budget ? { paid: paidCalls(budget) } : {}),
      })
      cores.set(key, core)
    }
    return core
  }

  function read<Value>(scope: Scope, path: string, shape: z.ZodType<Value>): Promise<Exchange<Value, GoogleError>> {
    const origin = originOf(path)
    return coreFor(origin, scope).ask({ method: 'GET', url: origin + path }, shape)
  }

  async function list<Page extends Paged, Row>(
    scope: Scope,
    path: string,
    shape: z.ZodType<Page>,
    rowsOf: (page: Page) => readonly Row[] | undefined,
    sawPage?: (rows: number) => void,
  ): Promise<Exchange<readonly Row[], GoogleError>> {
    const first = await read(scope, path, shape)
    if (first.kind !== 'answered') return first
    const rows: Row[] = []
    const take = (page: Page): string | undefined => {
      const found = rowsOf(page) ?? []
      for (const row of found) rows.push(row)
      sawPage?.(found.length)
      return page.nextPageToken
    }
    const seen = new Set<string>()
    let next = take(first.value)
    while (next !== undefined && next !== '') {
      if (seen.has(next)) return unavailable('endless paging', 'the list leads back to a page that was read already')
      if (seen.size >= MAX_PAGES) return unavailable('endless paging', `the list has more than ${MAX_PAGES} pages`)
      seen.add(next)
      const following = await read(scope, withPage(path, next), shape)
      if (following.kind === 'unavailable') return following
      if (following.kind === 'refused') {
        const said = `page ${seen.size + 1} of the list: ${following.status} ${reasonOf(following)}`
        return unavailable('unexplained refusal', said)
      }
      next = take(following.value)
    }
    return { ...first, value: rows }
  }

  function send(scope: Scope, { method, path, body, mayStart }: Order, shape: z.ZodType | null) {
    const origin = originOf(path)
    const message = {
      method,
      url: origin + path,
      ...(mayStart === undefined ? {} : { mayStart }),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }
    const core = coreFor(origin, scope)
    return shape === null ? core.tell(message) : core.ask(message, shape)
  }

  return { read, list, send: send as GoogleClient['send'] }
}

/** The token is Google's own word, and is handed back as it came. */
export function withPage(path: string, pageToken: string | null): string {
  if (pageToken === null) return path
  return `${path}${path.includes('?') ? '&' : '?'}pageToken=${encodeURIComponent(pageToken)}`
}
