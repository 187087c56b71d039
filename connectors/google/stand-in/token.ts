import { createHash, createPublicKey, verify } from 'node:crypto'
import { HOUR_MS, SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { json, tokenError } from './answers.ts'
import type { SeedServiceAccount, SeedUser } from './seed.ts'

export interface Grant {
  readonly scopes: ReadonlySet<string>
  /** The id of the user who is acted for. */
  readonly subject: string
  readonly endsAt: Instant
}

/** The token endpoint, and the tokens it gave out. */
export interface TokenDesk {
  answer(request: HttpRequest, origin: string, now: Instant): HttpAnswer
  /** What a bearer of this header may do; null when the token is unknown, ended or revoked. */
  grantOf(authorization: string | undefined, now: Instant): Grant | null
  issue(scopes: readonly string[], subject: string, now: Instant): string
  revokeAll(): void
  /** While it lasts no token is good for anything, also none that was issued meanwhile. */
  setRefused(refused: boolean): void
  /** What is delegated from now on. Tokens that are out keep what they have until they end. */
  setScopes(scopes: readonly string[]): void
  /** Takes scopes away from the tokens that are out, too. */
  takeAway(scopes: readonly string[]): void
}

const REAL = 'https://oauth2.googleapis.com/token'
const NOT_DELEGATED =
  'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.'

export function createTokenDesk(
  account: SeedServiceAccount,
  userBy: (email: string) => SeedUser | null,
  lifeMs: number,
): TokenDesk {
  const key = createPublicKey({ key: account.publicJwk, format: 'jwk' })
  const grants = new Map<string, Grant>()
  const taken = new Set<string>()
  let delegated: ReadonlySet<string> = new Set(account.scopes)
  let refused = false
  let issued = 0

  function issue(scopes: readonly string[], subject: string, now: Instant): string {
    issued += 1
    const word = createHash('sha256').update(`${account.email} ${issued} ${now}`).digest('base64url')
    const token = `ya29.c.${word}`
    grants.set(`Bearer ${token}`, { scopes: new Set(scopes), subject, endsAt: now + lifeMs })
    return token
  }

  function answer({ method, body }: HttpRequest, origin: string, now: Instant): HttpAnswer {
    const form = new URLSearchParams(body)
    if (method !== 'POST' || form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      return tokenError(400, 'unsupported_grant_type', 'Invalid grant_type.')
    }
    const [head, claimed, signature, ...more] = (form.get('assertion') ?? '').split('.')
    const [header, claims] = [partOf(head), partOf(claimed)]
    if (!signature || more.length > 0 || header?.['alg'] !== 'RS256' || claims === null) {
      return tokenError(400, 'invalid_grant', 'Bad Request')
    }
    if (!verify('sha256', Buffer.from(`${head}.${claimed}`), key, Buffer.from(signature, 'base64url'))) {
      return tokenError(400, 'invalid_grant', 'Invalid JWT Signature.')
    }
    if (claims['iss'] !== account.email) return tokenError(401, 'invalid_client', 'The OAuth client was not found.')
    if (claims['aud'] !== REAL && claims['aud'] !== `${origin}/token`) {
      return tokenError(400, 'invalid_grant', 'Invalid JWT: Failed audience check.')
    }
    const [from, ends] = [secondsOf(claims['iat']), secondsOf(claims['exp'])]
    if (from === null || ends === null || from > now || ends <= now || ends - from > HOUR_MS) {
      return tokenError(
        400,
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      )
    }
    const subject = typeof claims['sub'] === 'string' ? userBy(claims['sub']) : null
    if (subject === null) return tokenError(400, 'invalid_grant', 'Invalid email or User ID')
    if (subject.suspended === true) return tokenError(400, 'invalid_grant', 'Account has been suspended.')
    const scopes = String(claims['scope'] ?? '').split(' ')
    // One that is not delegated is enough, and the whole token is refused.
    if (!scopes.every((scope) => delegated.has(scope))) return tokenError(401, 'unauthorized_client', NOT_DELEGATED)
    const token = issue(scopes, subject.id, now)
    return json(200, { access_token: token, expires_in: Math.floor(lifeMs / SECOND_MS) - 1, token_type: 'Bearer' })
  }

  return {
    answer,
    grantOf(authorization, now) {
      const grant = refused || authorization === undefined ? undefined : grants.get(authorization)
      if (grant === undefined || now >= grant.endsAt) return null
      if (taken.size === 0) return grant
      return { ...grant, scopes: new Set([...grant.scopes].filter((scope) => !taken.has(scope))) }
    },
    issue,
    revokeAll: () => grants.clear(),
    setRefused: (isRefused) => void (refused = isRefused),
    setScopes: (scopes) => void (delegated = new Set(scopes)),
    takeAway(scopes) {
      for (const scope of scopes) taken.add(scope)
      delegated = new Set([...delegated].filter((scope) => !taken.has(scope)))
    },
  }
}

function secondsOf(value: unknown): Instant | null {
  return typeof value === 'number' ? value * SECOND_MS : null
}

function partOf(text: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
