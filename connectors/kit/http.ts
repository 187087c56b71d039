import type { z } from 'zod'
import type { Instant } from '#core/instant.ts'
import { parseJson, withoutSecrets } from './answer-text.ts'
import type { Budget, CallOf, Hold } from './budget.ts'
import { createGate } from './gate.ts'
import { NetworkFault } from './io.ts'
import type { HttpAnswer, HttpRequest, Io } from './io.ts'
import { plainText } from './plain-text.ts'
import { statedWaitMs } from './stated-wait.ts'
import { toldByAnswer, toldBySilence } from './told.ts'

/**
 * The one way to speak HTTP with a vendor.
 *
 * An exchange comes to one of three things, and nothing that a vendor can send makes it throw:
 *
 * - `answered`     a 2xx whose body is what was expected.
 * - `refused`      the vendor says no in its own words: a 4xx (or 501) whose body is the vendor's error.
 * - `unavailable`  everything else, by name. It says nothing about the effect.
 *
 * Retries inside one exchange are few, short and only where they cannot do harm. A 401 and a 429 say that nothing
 * was done, so any method may be sent again: once with new credentials, or after a wait of at most `shortWaitMs`.
 * After no answer, or a 5xx, only a GET is sent again; whoever wrote must read first. Every longer wait is the
 * caller's business and is handed back as `retryAfterMs`.
 *
 * Where there is a budget it is asked before each of these attempts, and told of each answer. What it holds back was not
 * sent, and is `unavailable` for as long as it says.
 */
export interface HttpCore<Refusal> {
  /** Sends, and expects a JSON body of this shape; none at all where the shape takes `undefined`. */
  ask<Value>(message: Message, shape: z.ZodType<Value>): Promise<Exchange<Value, Refusal>>
  /** Sends, and expects no body. */
  tell(message: Message): Promise<Exchange<null, Refusal>>
}

export interface Message {
  readonly method: HttpRequest['method']
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** What must not come back in any text of ours, should the vendor repeat it. The credentials are always among them. */
  readonly secrets?: readonly string[]
  /** Asked when its turn has come, directly before it is sent: a caller whose right to write may run out while it waits. */
  readonly mayStart?: () => boolean
}

export type Exchange<Value, Refusal> = Answered<Value> | Refused<Refusal> | Unavailable

export interface Answered<Value> {
  readonly kind: 'answered'
  readonly status: number
  readonly headers: HttpAnswer['headers']
  readonly value: Value
  /** Taken before the first byte of the attempt that was answered. */
  readonly startedAt: Instant
}

export interface Refused<Refusal> {
  readonly kind: 'refused'
  readonly status: number
  readonly headers: HttpAnswer['headers']
  readonly refusal: Refusal
  readonly startedAt: Instant
}

export interface Unavailable {
  readonly kind: 'unavailable'
  readonly because: Trouble
  readonly retryAfterMs: number | null
  /** In words, for an operator: plain, bounded, without secrets. */
  readonly said: string
}

export type Trouble =
  | 'no answer'
  | 'rate limit'
  | 'on hold' // not sent: the vendor is ill, and is asked only now and then whether it is well again
  | 'server error'
  | 'redirect'
  | 'no credentials'
  | 'too large'
  | 'not JSON'
  | 'not the shape'
  | 'error in a success'
  | 'unexplained refusal'
  | 'foreign address'
  | 'endless paging'
  | 'called off'

/** Where the `Authorization` header comes from. */
export interface Credentials {
  /** A promise only when something has to be fetched first. */
  current(): Credential | Unavailable | Promise<Credential | Unavailable>
  /** The vendor answered 401 to this value. True when another is worth one more attempt. */
  refused(credential: Credential): boolean
}

export interface Credential {
  readonly kind: 'ready'
  /** The whole header; null for an exchange that needs none. */
  readonly authorization: string | null
}

export const noCredentials: Credentials = {
  current: () => ({ kind: 'ready', authorization: null }),
  refused: () => false,
}

export interface HttpCoreOptions<Refusal> {
  /** The only origin that credentials are ever sent to, e.g. `https://acme.okta.com`. */
  readonly origin: string
  readonly credentials: Credentials
  /** The vendor's own form of an error. */
  readonly refusal: z.ZodType<Refusal>
  readonly maxInFlight: number
  readonly maxAnswerChars?: number
  readonly retryDelaysMs?: readonly number[]
  readonly shortWaitMs?: number
  /** How long a 429 or 503 asks to wait; the kit's reading of the usual headers unless the vendor has its own. */
  readonly waitOf?: (headers: HttpAnswer['headers']) => number | null
  /** Who counts the calls, and in which bucket. */
  readonly paid?: Paid
}

export interface Paid {
  readonly budget: Budget
  bucketOf(message: Message): string
  callOf(message: Message): CallOf
  /** Whether a 429 is about calls under way at once, and so says nothing of the bucket. */
  isAboutCallsAtOnce(headers: HttpAnswer['headers']): boolean
}

export const MAX_ANSWER_CHARS = 16 * 1024 * 1024

export function createHttpCore<Refusal>(io: Io, options: HttpCoreOptions<Refusal>): HttpCore<Refusal> {
  const { credentials, paid } = options
  const retryDelaysMs = options.retryDelaysMs ?? [100, 400]
  const shortWaitMs = options.shortWaitMs ?? 1_000
  const waitOf = options.waitOf ?? statedWaitMs
  const maxAnswerChars = options.maxAnswerChars ?? MAX_ANSWER_CHARS
  const gate = paid?.budget.gate ?? createGate(options.maxInFlight)
  const insideOrigin = `${options.origin}/`

  async function exchange<Value>(message: Message, shape: z.ZodType<Value> | null): Promise<Exchange<Value, Refusal>> {
    if (!message.url.startsWith(insideOrigin)) {
      return unavailable('foreign address', `an address outside ${options.origin} was not called`)
    }
    const bucket = paid?.bucketOf(message) ?? ''
    const callOf = paid?.callOf(message) ?? 'read'
    let mayRenew = true
    let before: Unavailable | null = null
    for (let tries = 0; ; tries += 1) {
      const asked = credentials.current()
      const credential = asked instanceof Promise ? await asked : asked
      if (credential.kind === 'unavailable') return credential
      const delayMs = retryDelaysMs[tries]

      const place = gate.enter()
      if (place !== null) await place
      const taken = paid?.budget.take(bucket, callOf) ?? null
      const hold = taken === null ? null : await outside(taken)
      if (hold !== null) {
        // A bad answer that came before says more than that nobody may ask again.
        if (delayMs === undefined || hold.waitMs > shortWaitMs) return before ?? heldBack(hold)
        await io.sleep(hold.waitMs)
        continue
      }
      const startedAt = io.now()
      let answer: HttpAnswer
      try {
        if (message.mayStart?.() === false) {
          paid?.budget.told(bucket, callOf, null)
          return unavailable('called off', 'not sent: the work is not ours any more')
        }
        answer = await io.fetch(requestOf(message, credential))
      } catch (fault) {
        const isSilence = fault instanceof NetworkFault
        paid?.budget.told(bucket, callOf, isSilence ? toldBySilence(startedAt, io.now()) : null)
        if (!isSilence) throw fault
        before = unavailable('no answer', `no whole answer: ${plainText(fault.message, 200)}`)
        if (message.method !== 'GET' || delayMs === undefined) return before
        await io.sleep(delayMs)
        continue
      } finally {
        gate.leave()
      }

      const { status } = answer
      const waitMs = status === 429 || status === 503 ? waitOf(answer.headers) : null
      const result = judge(answer, startedAt, shape, message, credential, waitMs)
      const isRenewed = status === 401 && mayRenew && credentials.refused(credential)
      if (paid) {
        const told = toldByAnswer(answer, result, startedAt, io.now(), paid.isAboutCallsAtOnce(answer.headers))
        // A token that has ended is no illness; one that cannot be replaced is.
        paid.budget.told(bucket, callOf, isRenewed ? { ...told, health: null } : told)
      }
      if (status < 300) return result
      if (isRenewed) {
        mayRenew = false
        continue
      }
      const pauseMs = delayMs === undefined ? null : pauseBeforeRetry(message, status, waitMs, delayMs)
      if (pauseMs === null) return result
      before = result.kind === 'unavailable' ? result : null
      await io.sleep(pauseMs)
    }
  }

  /** Waits for the budget's word outside the gate, so that whoever has a call to make is not in the way of the others; null: inside again. */
  async function outside(taken: Hold | Promise<Hold | null>): Promise<Hold | null> {
    gate.leave()
    const hold = await taken
    if (hold !== null) return hold
    const place = gate.enter()
    if (place !== null) await place
    return null
  }

  /** Null when the answer has to stand. */
  function pauseBeforeRetry(message: Message, status: number, waitMs: number | null, delayMs: number): number | null {
    if (waitMs !== null && waitMs > shortWaitMs) return null
    if (status === 429) return waitMs
    return status >= 500 && status !== 501 && message.method === 'GET' ? (waitMs ?? delayMs) : null
  }

  function judge<Value>(
    answer: HttpAnswer,
    startedAt: Instant,
    shape: z.ZodType<Value> | null,
    message: Message,
    credential: Credential,
    waitMs: number | null,
  ): Exchange<Value, Refusal> {
    const { status, headers } = answer
    if (status >= 300 && status < 400) return unavailable('redirect', `${status}, a redirect, which is never followed`)
    if (status === 429) return unavailable('rate limit', '429, the rate limit is used up', waitMs)
    if (answer.body.length > maxAnswerChars) return unavailable('too large', `${status}, longer than ${maxAnswerChars}`)
    if (answer.body === '') {
      if (status < 300 && shape === null) return { kind: 'answered', status, headers, value: null as Value, startedAt }
      const nothing = status < 300 ? shape?.safeParse(undefined) : undefined
      if (nothing?.success === true) return { kind: 'answered', status, headers, value: nothing.data, startedAt }
      return unavailable(troubleOf(status, 'not JSON'), `${status} without a body`, waitMs)
    }

    const success = status < 300
    const secrets = success && shape !== null ? null : secretsOf(message, credential)
    const body = secrets === null ? answer.body : withoutSecrets(answer.body, secrets)
    const json = parseJson(body)
    if (!json.ok) return unavailable(troubleOf(status, 'not JSON'), `${status} with ${json.looksLike}`, waitMs)
    const read = success && shape !== null ? shape.safeParse(json.value) : null
    if (read?.success === true) return { kind: 'answered', status, headers, value: read.data, startedAt }

    const refusal = options.refusal.safeParse(json.value)
    if (refusal.success) {
      // A 401 to credentials is the connection's trouble; to a message without any (a token request) it is the answer.
      const refused = status === 401 ? credential.authorization === null : status < 500 || status === 501
      if (!success && refused) return { kind: 'refused', status, headers, refusal: refusal.data, startedAt }
      const words = plainText(withoutSecrets(body, secretsOf(message, credential)), 300)
      return unavailable(troubleOf(status, 'error in a success'), `${status} with the error ${words}`, waitMs)
    }
    const issue = read?.error.issues[0]
    const where = issue === undefined ? '' : ` at ${issue.path.map(String).join('.') || 'the top'}: ${issue.message}`
    const said = plainText(`${status} with JSON of another shape than expected${where}`, 300)
    return unavailable(troubleOf(status, 'not the shape'), said, waitMs)
  }

  return { ask: exchange, tell: (message) => exchange<null>(message, null) }
}

/** The name of the trouble that a status alone tells; for a success whatever is wrong with its body. */
function troubleOf(status: number, ofSuccess: Trouble): Trouble {
  if (status < 300) return ofSuccess
  if (status === 401) return 'no credentials'
  return status >= 500 && status !== 501 ? 'server error' : 'unexplained refusal'
}

function requestOf(message: Message, credential: Credential): HttpRequest {
  const headers: Record<string, string> = { ...message.headers, accept: 'application/json', 'user-agent': 'tenure' }
  if (credential.authorization !== null) headers['authorization'] = credential.authorization
  return { method: message.method, url: message.url, headers, body: message.body ?? '' }
}

function secretsOf(message: Message, credential: Credential): readonly string[] {
  const { authorization } = credential
  if (authorization === null) return message.secrets ?? []
  const token = authorization.slice(authorization.indexOf(' ') + 1)
  return message.secrets === undefined ? [token] : [token, ...message.secrets]
}

function heldBack({ because, waitMs }: Hold): Unavailable {
  const said =
    because === 'on hold'
      ? 'not sent: the vendor did not answer as it should, and is asked only now and then'
      : 'not sent: the rate limit is used up for now'
  return unavailable(because, said, waitMs)
}

export function unavailable(because: Trouble, said: string, retryAfterMs: number | null = null): Unavailable {
  return { kind: 'unavailable', because, retryAfterMs, said }
}
