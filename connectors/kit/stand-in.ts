import type { Instant } from '#core/instant.ts'
import { NetworkFault } from './io.ts'
import type { Fetch, HttpAnswer, HttpRequest } from './io.ts'

/** A vendor's imitation as a pure state machine: a request and the instant in, the answer out. */
export type StandIn = (request: HttpRequest, now: Instant) => HttpAnswer

/** What becomes of an answer after the stand-in has acted. `drop`: it never arrives. */
export type Delivery = 'deliver' | 'drop' | { readonly afterMs: number }
export type Deliver = (request: HttpRequest, answer: HttpAnswer) => Delivery

/** The network port straight into a stand-in, without a socket. */
export function standInFetch(
  standIn: StandIn,
  now: () => Instant,
  deliver: Deliver = () => 'deliver',
  sleep: (ms: number) => Promise<void> = () => Promise.resolve(),
): Fetch {
  return async (request) => {
    const answer = standIn(request, now())
    const delivery = deliver(request, answer)
    if (delivery === 'drop') throw new NetworkFault('the connection was reset')
    if (delivery !== 'deliver') await sleep(delivery.afterMs)
    return answer
  }
}
