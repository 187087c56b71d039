import type { IncomingMessage } from 'node:http'

export interface BodyLimits {
  readonly oneBodyBytes: number
  /** Of all bodies that are held at one moment. */
  readonly allBodiesBytes: number
}

/** A body as the exact bytes that came; or why there is none. `busy`: others fill all the room, and the sender may try again. */
export type Body<Result> =
  { readonly kind: 'used'; readonly result: Result } | { readonly kind: 'too large' | 'busy' | 'cut off' }

/**
 * Bodies of strangers, within a bound of memory for all of them together: a signature can be checked only when the whole
 * body is there, so until then anybody can make us hold bytes. What is held for `use` is let go when `use` is done.
 */
export function boundedBodies(limits: BodyLimits) {
  let heldBytes = 0

  return async function withBody<Result>(
    request: IncomingMessage,
    use: (body: Buffer) => Promise<Result>,
  ): Promise<Body<Result>> {
    let ownBytes = 0
    const admit = (bytes: number): 'admitted' | 'too large' | 'busy' => {
      if (ownBytes + bytes > limits.oneBodyBytes) return 'too large'
      if (heldBytes + bytes > limits.allBodiesBytes) return 'busy'
      ownBytes += bytes
      heldBytes += bytes
      return 'admitted'
    }
    try {
      if (Number(request.headers['content-length'] ?? 0) > limits.oneBodyBytes) return { kind: 'too large' }
      const body = await read(request, admit)
      return Buffer.isBuffer(body) ? { kind: 'used', result: await use(body) } : { kind: body }
    } finally {
      heldBytes -= ownBytes
    }
  }
}

function read(
  request: IncomingMessage,
  admit: (bytes: number) => 'admitted' | 'too large' | 'busy',
): Promise<Buffer | 'too large' | 'busy' | 'cut off'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const end = (outcome: Buffer | 'too large' | 'busy' | 'cut off'): void => {
      request.off('data', take).off('end', whole).off('close', cutOff)
      // What still comes is read and thrown away, so that the answer can be heard; an error of the socket is nobody's any more.
      request.resume()
      resolve(outcome)
    }
    const take = (chunk: Buffer): void => {
      const verdict = admit(chunk.length)
      if (verdict === 'admitted') chunks.push(chunk)
      else end(verdict)
    }
    const whole = (): void => end(Buffer.concat(chunks))
    const cutOff = (): void => end('cut off')
    request.on('data', take).on('end', whole).on('close', cutOff)
    request.on('error', () => undefined)
    if (request.destroyed) cutOff()
  })
}
