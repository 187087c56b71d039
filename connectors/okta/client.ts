import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { z } from 'zod'
import type { Budget } from '#connectors/kit/budget.ts'
import { createHttpCore, unavailable } from '#connectors/kit/http.ts'
import type { Credentials, Exchange } from '#connectors/kit/http.ts'
import type { HttpAnswer, Io } from '#connectors/kit/io.ts'
import { statedWaitMs } from '#connectors/kit/stated-wait.ts'
import type { OktaSettings } from './config.ts'
import { isAboutCallsAtOnce, paidCalls } from './limits.ts'
import { nextLink } from './next-link.ts'
import { oktaError, pageOf } from './shapes.ts'
import type { OktaError } from './shapes.ts'

/** URLs, credentials, paging. No decisions. Paths begin with a slash and are below `/api/v1`. */
export interface OktaClient {
  read<Value>(path: string, shape: z.ZodType<Value>): Promise<Exchange<Value, OktaError>>
  /** All pages, or none. `startedAt` is that of the first page. Refused is only the first page. `sawPage` hears how long each was. */
  list<Item>(
    path: string,
    item: z.ZodType<Item>,
    sawPage?: (rows: number) => void,
  ): Promise<Exchange<readonly Item[], OktaError>>
  /** One page, and where Okta says that the next begins: a path below `/api/v1` that begins with `of`, or null. */
  page<Item>(path: string, item: z.ZodType<Item>, of: string): Promise<Exchange<OktaPage<Item>, OktaError>>
  write(method: 'PUT' | 'DELETE', path: string, mayStart: () => boolean): Promise<Exchange<null, OktaError>>
  post<Value>(
    path: string,
    shape: z.ZodType<Value>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Exchange<Value, OktaError>>
}

export interface OktaPage<Item> {
  readonly rows: readonly Item[]
  readonly next: string | null
}

/** Ten million people in pages of 200. A list that goes on after that is a fault of the vendor's. */
const MAX_PAGES = 50_000

export function createOktaClient(
  io: Io,
  settings: OktaSettings,
  credentials: Credentials,
  budget: Budget | undefined,
): OktaClient {
  const base = `${settings.origin}/api/v1`
  const core = createHttpCore(io, {
    origin: settings.origin,
    credentials,
    refusal: oktaError,
    maxInFlight: settings.concurrency,
    waitOf: oktaWaitMs,
    ...(budget ? { paid: paidCalls(budget, settings.origin) } : {}),
  })

  async function list<Item>(
    path: string,
    item: z.ZodType<Item>,
    sawPage?: (rows: number) => void,
  ): Promise<Exchange<readonly Item[], OktaError>> {
    const page = pageOf(item)
    const first = await core.ask({ method: 'GET', url: base + path }, page)
    if (first.kind !== 'answered') return first
    const items = first.value
    sawPage?.(items.length)
    const seen = new Set<string>([base + path])
    let next = nextLink(first.headers['link'])
    while (next !== null) {
      if (seen.has(next)) return unavailable('endless paging', 'the list leads back to a page that was read already')
      if (seen.size >= MAX_PAGES) return unavailable('endless paging', `the list has more than ${MAX_PAGES} pages`)
      seen.add(next)
      const following = await core.ask({ method: 'GET', url: next }, page)
      if (following.kind === 'unavailable') return following
      if (following.kind === 'refused') {
        const { status, refusal } = following
        return unavailable('unexplained refusal', `page ${seen.size} of the list: ${status} ${refusal.errorCode}`)
      }
      for (const one of following.value) items.push(one)
      sawPage?.(following.value.length)
      next = nextLink(following.headers['link'])
    }
    return { ...first, value: items }
  }

  return {
    read: (path, shape) => core.ask({ method: 'GET', url: base + path }, shape),
    list,
    async page(path, item, of) {
      const answer = await core.ask({ method: 'GET', url: base + path }, pageOf(item))
      if (answer.kind !== 'answered') return answer
      const link = nextLink(answer.headers['link'])
      // A place is kept and asked for later with our credentials: it is never another address.
      if (link !== null && !link.startsWith(`${base}${of}?`))
        return unavailable('foreign address', 'the next page is said to be elsewhere')
      return { ...answer, value: { rows: answer.value, next: link === null ? null : link.slice(base.length) } }
    },
    post: (path, shape, headers = {}) => core.ask({ method: 'POST', url: base + path, headers }, shape),
    write: (method, path, mayStart) => core.tell({ method, url: base + path, mayStart }),
  }
}

/** A window of Okta's is a minute. Whoever is told to wait longer is told so by a clock that is off. */
const LONGEST_WAIT_MS = MINUTE_MS + 2 * SECOND_MS

/** Nothing is known about how long a 429 about calls at once lasts. */
function oktaWaitMs(headers: HttpAnswer['headers']): number | null {
  const waitMs = isAboutCallsAtOnce(headers) ? null : statedWaitMs(headers)
  return waitMs === null ? null : Math.min(waitMs, LONGEST_WAIT_MS)
}
