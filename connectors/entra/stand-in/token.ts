import { constants, createHash, createPublicKey, verify } from 'node:crypto'
import { SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { json, tokenError } from './answers.ts'
import type { SeedClient } from './seed.ts'

export interface Grant {
  readonly clientId: string
  readonly roles: ReadonlySet<string>
  readonly endsAt: Instant
}

/** The token endpoint of the tenant, and the tokens it gave out. */
export interface TokenDesk {
  answer(request: HttpRequest, origin: string, path: string, now: Instant): HttpAnswer
  /** What a bearer of this header may do; null when the token is unknown, ended or revoked. */
  grantOf(authorization: string | undefined, now: Instant): Grant | null
  issue(roles: readonly string[], now: Instant): string
  revokeAll(): void
  /** While it lasts no token is good for anything, also none that was issued meanwhile. */
  setRefused(refused: boolean): void
  /** What an administrator consented to, from now on. Tokens that are out keep what they have until they end. */
  setRoles(roles: readonly string[]): void
  /** Takes rights away from the tokens that are out, too, as a policy of continuous evaluation may. */
  takeAway(roles: readonly string[]): void
}

export function createTokenDesk(client: SeedClient, lifeMs: number): TokenDesk {
  let refused = false
  let consented = client.roles
  const taken = new Set<string>()
  const grants = new Map<string, Grant>()
  const usedIds = new Map<string, Instant>()
  let issued = 0

  /** A token has the form of a JSON Web Token, whose claims are nobody's business but are read by everybody. */
  function issue(roles: readonly string[], now: Instant): string {
    issued += 1
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const ends = Math.floor((now + lifeMs) / SECOND_MS)
    const head = part({ typ: 'JWT', alg: 'RS256', kid: 'stand-in' })
    const body = part({ aud: 'https://graph.microsoft.com', appid: client.clientId, exp: ends, roles, idtyp: 'app' })
    const seal = createHash('sha256').update(`${client.clientId} ${issued} ${now} ${body}`).digest('base64url')
    const token = `${head}.${body}.${seal}`
    grants.set(`Bearer ${token}`, { clientId: client.clientId, roles: new Set(roles), endsAt: now + lifeMs })
    return token
  }

  /** The number of Entra's error and why, or null. */
  function wrongWith(assertion: string, audience: string, now: Instant): readonly [number, string] | null {
    const [head, body, signature, ...more] = assertion.split('.')
    const header = partOf(head)
    const claims = partOf(body)
    if (!head || !body || !signature || more.length > 0 || header === null || claims === null) {
      return [50027, 'JWT token is invalid or malformed.']
    }
    const { certificate } = client
    const named =
      header['x5t#S256'] === certificate?.sha256 || (certificate?.sha1 && header['x5t'] === certificate.sha1)
    if (certificate === undefined || !named) {
      return [
        700027,
        'The certificate with identifier used to sign the client assertion is not registered on application.',
      ]
    }
    const key = createPublicKey({ key: certificate.publicJwk, format: 'jwk' })
    const padding = header['alg'] === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
    const signed = Buffer.from(`${head}.${body}`)
    const isSigned =
      (header['alg'] === 'PS256' || header['alg'] === 'RS256') &&
      verify('sha256', signed, { key, padding, saltLength: 32 }, Buffer.from(signature, 'base64url'))
    if (!isSigned) return [700027, 'Client assertion failed signature validation.']
    if (claims['iss'] !== client.clientId || claims['sub'] !== client.clientId) {
      return [700021, 'Client assertion application identifier does not match client_id.']
    }
    if (claims['aud'] !== audience) return [700023, 'Client assertion audience claim does not match.']
    const [from, ends] = [secondsOf(claims['nbf']) ?? 0, secondsOf(claims['exp'])]
    if (ends === null || ends <= now || from > now)
      return [700024, 'Client assertion is not within its valid time range.']
    const id = claims['jti']
    if (typeof id !== 'string') return [50027, 'The assertion has no jti.']
    if ((usedIds.get(id) ?? 0) > now) return [50027, 'The assertion was used before.']
    usedIds.set(id, ends)
    return null
  }

  return {
    answer(request, origin, path, now) {
      const form = new URLSearchParams(request.body)
      if (/^\/(common|organizations)\//.test(path)) {
        return tokenError(400, 'invalid_request', 90002, 'Tenant not found.')
      }
      if (form.get('client_id') !== client.clientId) {
        return tokenError(400, 'unauthorized_client', 700016, 'Application was not found in the directory.')
      }
      if (form.get('grant_type') !== 'client_credentials') {
        return tokenError(400, 'unsupported_grant_type', 70003, 'The grant type is not supported.')
      }
      if (!(form.get('scope') ?? '').endsWith('/.default')) {
        return tokenError(400, 'invalid_scope', 1002012, 'The provided value for scope is not valid.')
      }
      const assertion = form.get('client_assertion')
      if (assertion === null) {
        const isRight = client.secret !== undefined && form.get('client_secret') === client.secret
        if (!isRight) return tokenError(401, 'invalid_client', 7000215, 'Invalid client secret provided.')
      } else {
        const wrong = wrongWith(assertion, `${origin}${path}`, now)
        if (wrong !== null) return tokenError(401, 'invalid_client', wrong[0], wrong[1])
      }
      const seconds = Math.floor(lifeMs / SECOND_MS)
      return json(200, {
        token_type: 'Bearer',
        expires_in: seconds,
        ext_expires_in: seconds,
        access_token: issue(consented, now),
      })
    },
    grantOf(authorization, now) {
      const grant = refused || authorization === undefined ? undefined : grants.get(authorization)
      if (grant === undefined || now >= grant.endsAt) return null
      if (taken.size === 0) return grant
      return { ...grant, roles: new Set([...grant.roles].filter((role) => !taken.has(role))) }
    },
    issue,
    revokeAll: () => grants.clear(),
    setRefused: (isRefused) => void (refused = isRefused),
    setRoles: (roles) => void (consented = roles),
    takeAway(roles) {
      for (const role of roles) taken.add(role)
      consented = consented.filter((role) => !taken.has(role))
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
