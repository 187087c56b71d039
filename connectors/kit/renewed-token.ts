import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Credential, Credentials, Unavailable } from './http.ts'
import type { Io } from './io.ts'

export interface FreshToken {
  readonly kind: 'token'
  readonly accessToken: string
  readonly lifeMs: number
  /** When it was asked for: its life is counted from then. */
  readonly startedAt: Instant
}

/** How long before its end a token is replaced, and after a failed attempt how long the old one is used on. */
const RENEW_BEFORE_END_MS = 5 * MINUTE_MS
const RENEW_AGAIN_AFTER_MS = 30 * SECOND_MS

/**
 * Credentials that end. A token is replaced some minutes before its end, by one request at a time, however many
 * calls wait for it; when that fails, the old one is used while it lasts. A 401 throws it away and gets one new one;
 * a second 401 is the caller's news.
 */
export function createRenewedToken(now: Io['now'], request: () => Promise<FreshToken | Unavailable>): Credentials {
  let token: { credential: Credential; renewAt: Instant; endsAt: Instant } | null = null
  let underWay: Promise<Credential | Unavailable> | null = null

  async function renew(): Promise<Credential | Unavailable> {
    const answer = await request()
    if (answer.kind === 'token') {
      const endsAt = answer.startedAt + answer.lifeMs
      const renewAt = endsAt - Math.min(RENEW_BEFORE_END_MS, answer.lifeMs / 2)
      const credential: Credential = { kind: 'ready', authorization: `Bearer ${answer.accessToken}` }
      token = { credential, renewAt, endsAt }
      return credential
    }
    if (token === null || now() >= token.endsAt) return answer
    token.renewAt = now() + RENEW_AGAIN_AFTER_MS
    return token.credential
  }

  return {
    current() {
      if (token !== null && now() < Math.min(token.renewAt, token.endsAt)) return token.credential
      underWay ??= renew().finally(() => {
        underWay = null
      })
      return underWay
    },
    refused(credential) {
      if (token?.credential === credential) token = null
      return true
    },
  }
}
