import { errors, Pool } from 'undici'
import type { Dispatcher } from 'undici'
import { NetworkFault } from './io.ts'
import type { Fetch, HttpAnswer, HttpRequest } from './io.ts'

export interface UndiciFetchOptions {
  /** Sockets to one origin, and so requests under way at once; the others wait in the pool. */
  readonly connections?: number
  readonly connectTimeoutMs?: number
  /** Until the first byte of the answer, and between any two of its parts. */
  readonly silenceTimeoutMs?: number
  /** For a whole answer: the bound for a vendor that sends a byte now and then, for ever. */
  readonly answerTimeoutMs?: number
  readonly maxAnswerBytes?: number
}

export interface UndiciFetch {
  readonly fetch: Fetch
  close(): Promise<void>
}

/**
 * The real network. Keeps connections alive, follows no redirect at all, and holds at most `maxAnswerBytes` of an
 * answer. Speaks to `dispatch`, undici's lowest door: it costs no stream and no abort signal for every small answer.
 */
export function createUndiciFetch(options: UndiciFetchOptions = {}): UndiciFetch {
  const silenceTimeoutMs = options.silenceTimeoutMs ?? 30_000
  const limits: Limits = {
    maxAnswerBytes: options.maxAnswerBytes ?? 32 * 1024 * 1024,
    answerTimeoutMs: options.answerTimeoutMs ?? 120_000,
  }
  const pools = new Map<string, Pool>()

  function poolOf(origin: string): Pool {
    let pool = pools.get(origin)
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections: options.connections ?? 16,
        connect: { timeout: options.connectTimeoutMs ?? 10_000 },
        headersTimeout: silenceTimeoutMs,
        bodyTimeout: silenceTimeoutMs,
        keepAliveTimeout: 30_000,
        maxHeaderSize: 32 * 1024,
      })
      pools.set(origin, pool)
    }
    return pool
  }

  return {
    fetch(request) {
      const slash = request.url.indexOf('/', request.url.indexOf('://') + 3)
      const origin = slash === -1 ? request.url : request.url.slice(0, slash)
      const path = slash === -1 ? '/' : request.url.slice(slash)
      return new Promise<HttpAnswer>((resolve, reject) => {
        const { method, headers, body } = request
        poolOf(origin).dispatch(
          { method, path, headers: headers as Record<string, string>, body: body === '' ? null : body },
          collector(request, limits, resolve, reject),
        )
      })
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
      pools.clear()
    },
  }
}

interface Limits {
  readonly maxAnswerBytes: number
  readonly answerTimeoutMs: number
}

function collector(
  request: HttpRequest,
  limits: Limits,
  resolve: (answer: HttpAnswer) => void,
  reject: (fault: Error) => void,
): Dispatcher.DispatchHandler {
  let status = 0
  let headers: Record<string, string> = {}
  let first: Buffer | null = null
  let rest: Buffer[] | null = null
  let size = 0
  let timer: NodeJS.Timeout | null = null

  return {
    // Without it undici takes the handler for one of an older form.
    onRequestStart() {},
    onResponseStart(controller, statusCode, incoming) {
      // 1xx answers come before the real one.
      if (statusCode < 200) return
      status = statusCode
      headers = flat(incoming)
      if (statusCode === 204 || headers['content-length'] === '0') return
      timer = setTimeout(() => controller.abort(new Error('the answer took too long')), limits.answerTimeoutMs)
    },
    onResponseData(controller, chunk) {
      size += chunk.length
      if (size > limits.maxAnswerBytes)
        controller.abort(new Error(`the answer is larger than ${limits.maxAnswerBytes} bytes`))
      else if (first === null) first = chunk
      else (rest ??= [first]).push(chunk)
    },
    onResponseEnd() {
      if (timer !== null) clearTimeout(timer)
      const body = first === null ? '' : (rest === null ? first : Buffer.concat(rest)).toString('utf8')
      resolve({ status, headers, body })
    },
    onResponseError(_controller, error) {
      if (timer !== null) clearTimeout(timer)
      // A request that is no request is a bug of ours, and not the network's fault.
      if (error instanceof errors.InvalidArgumentError) return reject(error)
      // The path is left out on purpose: queries may name people. The cause holds no header either.
      reject(new NetworkFault(`${request.method}: ${error.message}`))
    },
  }
}

function flat(incoming: Record<string, string | string[] | undefined>): Record<string, string> {
  for (const name in incoming) {
    const value = incoming[name]
    if (typeof value !== 'string') incoming[name] = value === undefined ? '' : value.join(', ')
  }
  return incoming as Record<string, string>
}
