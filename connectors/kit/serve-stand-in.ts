import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from './io.ts'
import type { Deliver, StandIn } from './stand-in.ts'

export interface ServedStandIn {
  /** e.g. `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

export interface ServeOptions {
  readonly now: () => Instant
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Asked after the effect of each request: a test lets an answer come late or never. */
  readonly deliver?: Deliver
  /** For a stand-in that counts how many requests are under way: from their arrival until their answer is sent. */
  readonly attendance?: Attendance
}

export interface Attendance {
  /** Not null: there are too many; this is the answer to it, and the request has not begun. */
  began(request: HttpRequest, now: Instant): HttpAnswer | null
  ended(): void
}

const MAX_BODY_BYTES = 1024 * 1024

/** Serves a stand-in over HTTP, on loopback only. */
export async function serveStandIn(standIn: StandIn, options: ServeOptions): Promise<ServedStandIn> {
  let origin = ''
  const server = createServer((incoming, outgoing) => {
    if (incoming.method === 'GET') return respond(incoming, outgoing, '')
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MAX_BODY_BYTES) incoming.destroy()
      else chunks.push(chunk)
    })
    incoming.on('end', () => respond(incoming, outgoing, size === 0 ? '' : Buffer.concat(chunks).toString('utf8')))
  })

  function respond(incoming: IncomingMessage, outgoing: ServerResponse, body: string): void {
    const request = requestOf(incoming, origin, body)
    const now = options.now()
    const turnedAway = options.attendance?.began(request, now) ?? null
    const answer = turnedAway ?? standIn(request, now)
    const ended = (): void => (turnedAway === null ? options.attendance?.ended() : undefined)
    const delivery = options.deliver?.(request, answer) ?? 'deliver'
    if (delivery === 'drop') {
      outgoing.destroy()
      ended()
      return
    }
    const write = (): void => {
      const length =
        answer.status === 204 || answer.status === 304 ? {} : { 'content-length': Buffer.byteLength(answer.body) }
      outgoing.writeHead(answer.status, { ...answer.headers, ...length })
      outgoing.end(answer.body)
      ended()
    }
    if (delivery === 'deliver') write()
    else setTimeout(write, delivery.afterMs).unref()
  }

  // A client may keep its connection for longer than Node's default of five seconds; a stand-in never hangs up first.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: origin,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** `url` is built from the address we listen on and never from the `Host` header, which anybody may write. */
function requestOf(incoming: IncomingMessage, origin: string, body: string): HttpRequest {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return {
    method: (incoming.method ?? 'GET') as HttpRequest['method'],
    url: origin + (incoming.url ?? '/'),
    headers,
    body,
  }
}
