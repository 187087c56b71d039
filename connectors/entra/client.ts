import type { z } from 'zod'
import type { Budget } from '#connectors/kit/budget.ts'
import { createHttpCore, unavailable } from '#connectors/kit/http.ts'
import type { Credentials, Exchange, Message } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import { createBatch } from './batch.ts'
import type { EntraSettings } from './config.ts'
import { paidCalls } from './limits.ts'
import { graphError, pageOf } from './shapes.ts'
import type { GraphError, GraphPage } from './shapes.ts'

/** One change of something of Entra's. The path begins with a slash and is below `/v1.0`. */
export interface Write {
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
}

/** URLs, credentials, paging, batches. No decisions. */
export interface EntraClient {
  /** e.g. `https://graph.microsoft.com/v1.0`. */
  readonly base: string
  read<Value>(path: string, shape: z.ZodType<Value>): Promise<Exchange<Value, GraphError>>
  /** All pages, or none. `startedAt` is that of the first page. Refused is only the first page. */
  list<Item>(path: string, item: z.ZodType<Item>): Promise<Exchange<readonly Item[], GraphError>>
  /** One page, whose links are given back as they came, below `base`. `where`: what a link must lead to. */
  page<Item>(
    path: string,
    item: z.ZodType<Item>,
    where: string,
    headers?: Message['headers'],
  ): Promise<Exchange<LinkedPage<Item>, GraphError>>
  /** Expects 204. */
  write(write: Write, mayStart: () => boolean): Promise<Exchange<null, GraphError>>
  /** Expects a body of this shape. */
  post<Value>(
    path: string,
    body: unknown,
    shape: z.ZodType<Value>,
    mayStart: () => boolean,
  ): Promise<Exchange<Value, GraphError>>
  /** Many at once, in no order, each with an answer of its own, in the order given. */
  writeAll(
    writes: readonly Write[],
    mayStart: (place: number) => boolean,
  ): Promise<readonly Exchange<null, GraphError>[]>
  /** One write whose body is made of those who may start when its turn has come; `sent` tells who they were. */
  together(
    path: string,
    places: readonly number[],
    bodyOf: (places: readonly number[]) => unknown,
    mayStart: (place: number) => boolean,
  ): Promise<{ readonly sent: ReadonlySet<number>; readonly answer: Exchange<null, GraphError> }>
}

export interface LinkedPage<Item> {
  readonly rows: readonly Item[]
  readonly next: string | null
  readonly delta: string | null
}

/** Ten million people in pages of 200. A list that goes on after that is a fault of the vendor's. */
const MAX_PAGES = 50_000

/** Of a list that nobody waits for: when Entra has too much to do, it goes last. https://learn.microsoft.com/graph/throttling-limits */
export const CAN_WAIT: Message['headers'] = { 'x-ms-throttle-priority': 'low' }

const JSON_BODY = { 'content-type': 'application/json' }

export function createEntraClient(
  io: Io,
  settings: EntraSettings,
  credentials: Credentials,
  budget: Budget | undefined,
): EntraClient {
  const base = `${settings.graphOrigin}/v1.0`
  const core = createHttpCore(io, {
    origin: settings.graphOrigin,
    credentials,
    refusal: graphError,
    maxInFlight: settings.concurrency,
    ...(budget ? { paid: paidCalls(budget, base) } : {}),
  })

  /** Links are followed verbatim, and only back into the list that they came from. */
  function below(link: string | undefined, where: string): string | null | undefined {
    if (link === undefined) return null
    return link.startsWith(base + where) && !link.includes('#') ? link.slice(base.length) : undefined
  }

  async function page<Item>(
    path: string,
    item: z.ZodType<Item>,
    where: string,
    headers: Message['headers'] = {},
  ): Promise<Exchange<LinkedPage<Item>, GraphError>> {
    const answer = await core.ask<GraphPage<Item>>({ method: 'GET', url: base + path, headers }, pageOf(item))
    if (answer.kind !== 'answered') return answer
    const next = below(answer.value['@odata.nextLink'], where)
    const delta = below(answer.value['@odata.deltaLink'], where)
    if (next === undefined || delta === undefined) {
      return unavailable(
        'foreign address',
        'the next page of a list is said to be at another address, which was not called',
      )
    }
    return { ...answer, value: { rows: answer.value.value, next, delta } }
  }

  async function list<Item>(path: string, item: z.ZodType<Item>): Promise<Exchange<readonly Item[], GraphError>> {
    const [where = path] = path.split('?', 1)
    const first = await page(path, item, where)
    if (first.kind !== 'answered') return first
    const items = [...first.value.rows]
    const seen = new Set([path])
    let { next } = first.value
    while (next !== null) {
      if (seen.has(next)) return unavailable('endless paging', 'the list leads back to a page that was read already')
      if (seen.size >= MAX_PAGES) return unavailable('endless paging', `the list has more than ${MAX_PAGES} pages`)
      seen.add(next)
      const following = await page(next, item, where)
      if (following.kind === 'unavailable') return following
      if (following.kind === 'refused') {
        const { status, refusal } = following
        return unavailable('unexplained refusal', `page ${seen.size} of the list: ${status} ${refusal.error.code}`)
      }
      for (const one of following.value.rows) items.push(one)
      next = following.value.next
    }
    return { ...first, value: items }
  }

  function write(one: Write, mayStart: () => boolean): Promise<Exchange<null, GraphError>> {
    mustOnlyUnlink(one)
    const { method, path, body } = one
    const sent = body === undefined ? {} : { headers: JSON_BODY, body: JSON.stringify(body) }
    return core.tell({ method, url: base + path, ...sent, mayStart })
  }

  const batch = createBatch(io, core, base, budget)

  return {
    base,
    read: (path, shape) => core.ask({ method: 'GET', url: base + path }, shape),
    list,
    page,
    write,
    post(path, body, shape, mayStart) {
      const sent = body === undefined ? {} : { headers: JSON_BODY, body: JSON.stringify(body) }
      return core.ask({ method: 'POST', url: base + path, ...sent, mayStart }, shape)
    },
    async writeAll(writes, mayStart) {
      for (const one of writes) mustOnlyUnlink(one)
      const [only] = writes
      if (writes.length === 1 && only) return [await write(only, () => mayStart(0))]
      return batch(writes, mayStart)
    },
    async together(path, places, bodyOf, mayStart) {
      let sent = places
      const answer = await core.tell({
        method: 'PATCH',
        url: base + path,
        headers: JSON_BODY,
        // Read after `mayStart`, directly before it is sent.
        get body() {
          return JSON.stringify(bodyOf(sent))
        },
        mayStart: () => {
          sent = sent.filter(mayStart)
          return sent.length > 0
        },
      })
      return { sent: new Set(sent), answer }
    },
  }
}

/**
 * `DELETE /groups/{group}/members/{person}` without `/$ref` at its end deletes the person, and not the membership, wherever the
 * app's rights allow it (https://learn.microsoft.com/graph/api/group-delete-members). So nothing else is ever sent as DELETE.
 */
export function mustOnlyUnlink({ method, path }: Write): void {
  if (method === 'DELETE' && !UNLINKS.test(path))
    throw new Error('a DELETE that would delete more than a membership was not sent')
}

const UNLINKS = /^\/groups\/[0-9a-f-]{36}\/members\/[0-9a-f-]{36}\/\$ref$/i
