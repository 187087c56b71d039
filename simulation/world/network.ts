import { NetworkFault, type Fetch, type HttpAnswer, type HttpRequest } from '#connectors/kit/io.ts'
import type { StandIn } from '#connectors/kit/stand-in.ts'
import { STILL, type Heap } from '../heap.ts'
import type { Call } from './history.ts'
import type { Replica } from './replica.ts'

/** What becomes of one call on its way. */
export interface CallFate {
  /** How long it takes to get there, and back. */
  readonly thereMs: number
  readonly backMs: number
  readonly lost?: 'before' | 'after'
  /** Done to the vendor directly before it answers this call; says whether the answer will be spoilt. */
  readonly bend?: (request: HttpRequest) => void
  /** Asked when the vendor has answered: whether the bend did anything to this answer. */
  readonly bent?: () => boolean
}

/** Our own HTTP client gives up after this long without a word (connectors/kit/undici-fetch.ts). */
export const SILENCE_MS = 30_000

export interface NetworkWatch {
  fateOf(replica: Replica, vendor: Call['vendor'], request: HttpRequest): CallFate
  began(call: Call): void
  /** The vendor has acted: what it did may be told to others, e.g. as webhooks. */
  acted(vendor: Call['vendor']): void
}

/** The way of one replica to one vendor: every call is two events on the heap, its arrival and its answer. */
export function fetchOf(
  replica: Replica,
  vendor: Call['vendor'],
  standIn: StandIn,
  heap: Heap,
  watch: NetworkWatch,
): Fetch {
  return (request) =>
    new Promise((resolve, reject) => {
      const fate = watch.fateOf(replica, vendor, request)
      const call: Call = {
        vendor,
        replica: replica.name,
        method: request.method,
        path: request.url.slice(request.url.indexOf('/', 8)),
        sentAt: heap.now(),
        arrivedAt: null,
        answeredAt: null,
        status: null,
        clean: false,
      }
      watch.began(call)
      const fail = (): void => replica.deliver(() => reject(new NetworkFault('the connection was reset')))
      let over = false
      const totalMs = fate.thereMs + fate.backMs
      if (totalMs > SILENCE_MS) {
        heap.at(heap.now() + SILENCE_MS, () => {
          over = true
          fail()
        })
      }
      heap.at(heap.now() + fate.thereMs, () => {
        if (fate.lost === 'before') return over ? STILL : fail()
        fate.bend?.(request)
        const answer: HttpAnswer = standIn(request, heap.now())
        call.arrivedAt = heap.now()
        call.status = answer.status
        const spoilt = fate.bent?.() ?? false
        watch.acted(vendor)
        heap.at(heap.now() + fate.backMs, () => {
          if (over) return STILL
          if (fate.lost === 'after') return fail()
          call.answeredAt = heap.now()
          call.clean = !spoilt
          replica.deliver(() => resolve(answer))
        })
        return STILL
      })
    })
}
