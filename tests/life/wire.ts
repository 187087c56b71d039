import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { NetworkFault } from '#connectors/kit/io.ts'
import type { StandIn } from '#connectors/kit/stand-in.ts'

/**
 * What happens to one of Tenure's own calls on its way: `go` carries it out. A bend may answer without it, spoil what
 * comes back, or let the connection break before or after. Calls of people are on no wire.
 */
export type Bend = (request: HttpRequest, go: () => HttpAnswer) => HttpAnswer

/** The way from Tenure to one vendor. */
export interface Wire {
  /** Every call of Tenure's, whatever became of it. */
  readonly sent: readonly HttpRequest[]
  /** Null: every call arrives, and so does its answer. */
  bend(bend: Bend | null): void
}

export function wireTo(standIn: StandIn): { readonly wire: Wire; readonly answer: StandIn } {
  const sent: HttpRequest[] = []
  let bend: Bend | null = null
  return {
    wire: { sent, bend: (next) => void (bend = next) },
    answer(request, now) {
      sent.push(request)
      const go = (): HttpAnswer => standIn(request, now)
      return bend === null ? go() : bend(request, go)
    },
  }
}

/** The request arrived and did its work; the answer did not. */
export function lost(go: () => HttpAnswer): never {
  go()
  throw new NetworkFault('the connection broke before the answer came')
}

export function unreachable(): never {
  throw new NetworkFault('connection refused')
}

export function status(code: number, body = '', headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return { status: code, headers, body }
}

export function html(code = 200): HttpAnswer {
  return status(code, '<!doctype html><title>Sign in</title><form></form>', { 'content-type': 'text/html' })
}

export function halfOf(answer: HttpAnswer): HttpAnswer {
  const code = answer.status === 204 ? 200 : answer.status
  return { ...answer, status: code, body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) || '{"half' }
}
