import { createHash, createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { HOUR_MS, SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { json, tokenError } from './answers.ts'
import type { SeedClient } from './seed.ts'

export interface Grant {
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  readonly endsAt: Instant
}

/** The token endpoint of the organisation's own authorization server, and the tokens it gave out. */
export interface TokenDesk {
  answer(request: HttpRequest, origin: string, now: Instant): HttpAnswer
  /** What a bearer of this header may do; null when the token is unknown, ended or revoked. */
  grantOf(authorization: string | undefined, now: Instant): Grant | null
  issue(scopes: readonly string[], now: Instant): string
  revokeAll(): void
  /** While it lasts no token is good for anything, also none that was issued meanwhile. */
  setRefused(refused: boolean): void
  /** What the app is granted from now on: a scope that is taken away is missed by the tokens that are out as well. */
  setScopes(scopes: readonly string[]): void
}

export interface TokenDeskOptions {
  readonly requireDpop: boolean
  readonly lifeMs: number
}

export function createTokenDesk(client: SeedClient, options: TokenDeskOptions): TokenDesk {
  // Made when somebody first asks for a token: many only ever use tokens that were issued to them.
  let key: KeyObject | null = null
  let refused = false
  /** What the app is granted since somebody changed it; null: what it was granted in the beginning. */
  let granted: ReadonlySet<string> | null = null
  const grants = new Map<string, Grant>()
  const usedIds = new Map<string, Instant>()
  let issued = 0

  function issue(scopes: readonly string[], now: Instant): string {
    issued += 1
    const digest = createHash('sha256').update(`${client.clientId} ${issued} ${now}`).digest('base64url')
    const token = `standin-${digest}`
    grants.set(`Bearer ${token}`, { clientId: client.clientId, scopes: new Set(scopes), endsAt: now + options.lifeMs })
    return token
  }

  /** The reason to refuse the assertion, or null. RFC 7523 section 3. */
  function wrongWith(assertion: string, origin: string, now: Instant): string | null {
    const [head, body, signature, ...more] = assertion.split('.')
    if (head === undefined || body === undefined || signature === undefined || more.length > 0) return 'is malformed'
    const header = partOf(head)
    const claims = partOf(body)
    if (header === null || claims === null) return 'is malformed'
    if (header['alg'] !== (client.publicJwk.kty === 'RSA' ? 'RS256' : 'ES256')) return 'has an algorithm of another key'
    const kid = (client.publicJwk as { kid?: string }).kid
    if (kid !== undefined && header['kid'] !== undefined && header['kid'] !== kid) return 'names an unknown key'
    const signed = Buffer.from(`${head}.${body}`)
    key ??= createPublicKey({ key: client.publicJwk, format: 'jwk' })
    const whole = { key, dsaEncoding: 'ieee-p1363' } as const
    if (!verify('sha256', signed, whole, Buffer.from(signature, 'base64url'))) return 'signature is invalid'
    if (claims['iss'] !== client.clientId || claims['sub'] !== client.clientId) return 'is of another client'
    if (claims['aud'] !== `${origin}/oauth2/v1/token`) return 'has another audience'
    const endsAt = typeof claims['exp'] === 'number' ? claims['exp'] * SECOND_MS : Number.NaN
    if (!(endsAt > now)) return 'is expired'
    if (endsAt > now + HOUR_MS) return 'ends more than an hour ahead'
    const id = claims['jti']
    if (typeof id === 'string') {
      if ((usedIds.get(id) ?? 0) > now) return 'was used before'
      usedIds.set(id, endsAt)
    }
    return null
  }

  return {
    answer(request, origin, now) {
      const form = new URLSearchParams(request.body)
      if (form.get('grant_type') !== 'client_credentials') {
        return tokenError(400, 'unsupported_grant_type', 'The authorization grant type is not supported.')
      }
      if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
        return tokenError(401, 'invalid_client', 'The client_assertion_type is missing or unknown.')
      }
      const wrong = wrongWith(form.get('client_assertion') ?? '', origin, now)
      if (wrong !== null) return tokenError(401, 'invalid_client', `The client_assertion ${wrong}.`)
      if (options.requireDpop) {
        return request.headers['dpop'] === undefined
          ? tokenError(400, 'invalid_dpop_proof', 'The DPoP proof JWT header is missing.')
          : tokenError(400, 'use_dpop_nonce', 'Authorization server requires nonce in DPoP proof.')
      }
      const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
      if (scopes.length === 0 || scopes.some((scope) => !(granted?.has(scope) ?? client.scopes.includes(scope)))) {
        return tokenError(400, 'invalid_scope', 'One or more scopes are not granted to the app.')
      }
      return json(200, {
        token_type: 'Bearer',
        expires_in: Math.floor(options.lifeMs / SECOND_MS),
        access_token: issue(scopes, now),
        scope: scopes.join(' '),
      })
    },
    grantOf(authorization, now) {
      // An API token comes under a scheme of its own, and is a token like any other here.
      const grant = refused ? undefined : grants.get(authorization?.replace(/^SSWS /, 'Bearer ') ?? '')
      if (grant === undefined || now >= grant.endsAt) return null
      // A token has what it was issued with, less what was taken away since.
      return granted === null
        ? grant
        : { ...grant, scopes: new Set([...grant.scopes].filter((one) => granted?.has(one))) }
    },
    issue,
    revokeAll: () => grants.clear(),
    setRefused: (isRefused) => void (refused = isRefused),
    setScopes: (scopes) => void (granted = new Set(scopes)),
  }
}

function partOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
