import type { z } from 'zod'
import type { Budget, Hold, Told } from '#connectors/kit/budget.ts'
import { unavailable } from '#connectors/kit/http.ts'
import type { Exchange, HttpCore, Trouble } from '#connectors/kit/http.ts'
import type { HttpAnswer, Io } from '#connectors/kit/io.ts'
import { NOTHING_STATED } from '#connectors/kit/stated-limit.ts'
import { statedWaitMs } from '#connectors/kit/stated-wait.ts'
import type { EntraBucket } from './limits.ts'
import { batchAnswer, graphError } from './shapes.ts'
import type { BatchItem, GraphError } from './shapes.ts'
import type { Write } from './client.ts'

/** https://learn.microsoft.com/graph/json-batching#batch-size-limitations */
const MOST_IN_A_BATCH = 20

const BUCKET: EntraBucket = 'write'

type WriteAll = (
  writes: readonly Write[],
  mayStart: (place: number) => boolean,
) => Promise<readonly Exchange<null, GraphError>[]>

/**
 * `POST /$batch`: twenty requests in one message. The message is answered 200 whatever became of them; they are carried out, and
 * answered, in any order, and each may be told to come again for itself.
 *
 * The envelope costs nothing, and each request in it is counted as if it had come alone, so each is paid for. A batch never waits
 * for the budget while it holds what is paid for already: what is paid goes, and the rest goes in the next one. So the first
 * request of a window goes alone, as it should.
 */
export function createBatch(io: Io, core: HttpCore<GraphError>, base: string, budget: Budget | undefined): WriteAll {
  async function send(
    writes: readonly Write[],
    places: readonly number[],
    mayStart: (place: number) => boolean,
    answers: Exchange<null, GraphError>[],
  ): Promise<void> {
    let sent = places
    let sentAt = io.now()
    let wasSent = false
    const answer = await core.ask(
      {
        method: 'POST',
        url: `${base}/$batch`,
        headers: { 'content-type': 'application/json' },
        // Read after `mayStart`, directly before it is sent.
        get body() {
          return JSON.stringify({ requests: sent.map((place) => itemOf(place, writes[place])) })
        },
        mayStart: () => {
          sent = sent.filter(mayStart)
          sentAt = io.now()
          wasSent ||= sent.length > 0
          return sent.length > 0
        },
      },
      batchAnswer as z.ZodType<z.output<typeof batchAnswer>>,
    )
    const went = new Set(wasSent ? sent : [])
    const items = answer.kind === 'answered' ? byId(answer.value.responses) : null
    for (const place of places) {
      let exchange: Exchange<null, GraphError>
      if (!went.has(place)) {
        exchange = answer.kind === 'unavailable' && !wasSent ? answer : unavailable('called off', NOT_OURS_ANY_MORE)
      } else if (answer.kind === 'answered') exchange = exchangeOf(items?.get(String(place)), answer, sentAt)
      else exchange = answer.kind === 'refused' ? refusedAsAWhole(answer.status, answer.refusal) : answer
      answers[place] = exchange
      budget?.told(BUCKET, 'change', went.has(place) ? toldBy(exchange, sentAt, io.now()) : null)
    }
  }

  return async (writes, mayStart) => {
    const answers: Exchange<null, GraphError>[] = []
    const under: Promise<void>[] = []
    let paid: number[] = []
    let held: Hold | null = null
    const go = (): void => {
      if (paid.length > 0) under.push(send(writes, paid, mayStart, answers))
      paid = []
    }
    for (const place of writes.keys()) {
      if (held === null) {
        const word = budget?.take(BUCKET, 'change') ?? null
        if (word instanceof Promise) {
          go()
          held = await word
        } else held = word
      }
      if (held !== null) answers[place] = unavailable(held.because, NOT_PAID, held.waitMs)
      else if (paid.push(place) === MOST_IN_A_BATCH) go()
    }
    go()
    await Promise.all(under)
    return answers
  }
}

const NOT_OURS_ANY_MORE = 'not sent: the work is not ours any more'
const NOT_PAID = 'not sent: the rate limit is used up for now'

function itemOf(place: number, write: Write | undefined): unknown {
  if (write === undefined) throw new Error('a batch names a write that there is not')
  const { method, path: url, body } = write
  const told = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body }
  return { id: String(place), method, url, ...told }
}

/** Two answers to one request that do not agree are no answer. */
function byId(items: readonly BatchItem[]): ReadonlyMap<string, BatchItem> {
  const found = new Map<string, BatchItem>()
  for (const item of items) {
    const other = found.get(item.id)
    found.set(item.id, other === undefined || other.status === item.status ? item : { ...item, status: 0 })
  }
  return found
}

/** What the HTTP core makes of an answer, made of one in an envelope. */
function exchangeOf(
  item: BatchItem | undefined,
  envelope: { readonly headers: HttpAnswer['headers'] },
  startedAt: number,
): Exchange<null, GraphError> {
  if (item === undefined) return unavailable('not the shape', 'the batch came back without an answer for this request')
  const { id, status, body } = item
  const requestId = `${envelope.headers['request-id'] ?? ''}/${id}`
  const own = Object.fromEntries(Object.entries(item.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  const headers = { date: envelope.headers['date'] ?? '', 'request-id': requestId, ...own }
  if (status >= 200 && status < 300) return { kind: 'answered', status, headers, value: null, startedAt }
  if (status === 429) return unavailable('rate limit', '429, the rate limit is used up', statedWaitMs(headers))
  if (status === 424) return unavailable('unexplained refusal', '424, another request of the batch failed')
  if (status === 401) return unavailable('no credentials', '401 within a batch')
  if (status >= 500) return unavailable('server error', `${status} within a batch`, statedWaitMs(headers))
  const refusal = status >= 400 ? graphError.safeParse(body) : null
  if (refusal?.success === true) return { kind: 'refused', status, headers, refusal: refusal.data, startedAt }
  return unavailable('unexplained refusal', `${status} within a batch, without an error of Entra's`)
}

/** An envelope that is refused as a whole says nothing of what is in it, but that nothing of it was done. */
function refusedAsAWhole(status: number, { error }: GraphError): Exchange<null, GraphError> {
  return unavailable('unexplained refusal', `the batch as a whole: ${status} ${error.code}`)
}

function toldBy(exchange: Exchange<null, GraphError>, sentAt: number, at: number): Told {
  const told = { ...NOTHING_STATED, sentAt, at, health: null, trouble: null, refused: null } as const
  if (exchange.kind !== 'unavailable') return { ...told, health: 'well' }
  const { because, retryAfterMs } = exchange
  if (because === 'rate limit') return { ...told, refused: 'rate limit', retryAfterMs }
  // How the vendor is was told by the envelope; only what is wrong inside it is news.
  const ill: Trouble | null = because === 'server error' ? because : null
  return ill === null ? told : { ...told, health: 'ill', trouble: ill }
}
