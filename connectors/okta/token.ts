import { SignJWT } from 'jose'
import { z } from 'zod'
import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Budget } from '#connectors/kit/budget.ts'
import { createHttpCore, noCredentials, unavailable } from '#connectors/kit/http.ts'
import type { Credential, Credentials, Exchange, Unavailable } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { OktaSettings, PrivateKeyAuth } from './config.ts'
import { paidTokens } from './limits.ts'
import { scopesFor } from './permissions.ts'

/** Longer than a clock may be wrong, far below the hour that Okta allows. */
const ASSERTION_LIFE_MS = 10 * MINUTE_MS

/** How long before its end a token is replaced, and after a failed attempt how long the old one is used on. */
const RENEW_BEFORE_END_MS = 5 * MINUTE_MS
const RENEW_AGAIN_AFTER_MS = 30 * SECOND_MS

/**
 * Where the access token comes from: OAuth 2.0 client credentials with `private_key_jwt`
 * (https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/).
 *
 * A token is good for an hour. It is replaced five minutes before its end, by one request at a time, however many
 * calls wait for it. When that fails, the old token is used while it lasts. A 401 throws the token away and gets one
 * new one; a second 401 is the caller's news.
 */
export function createTokenSource(io: Io, settings: OktaSettings, request: TokenRequest | null): Credentials {
  const { auth } = settings
  if (auth.kind !== 'private key' || request === null) {
    const credential: Credential = { kind: 'ready', authorization: authorizationOf(auth) }
    return { current: () => credential, refused: () => false }
  }
  const ask = request

  let token: Token | null = null
  let underWay: Promise<Credential | Unavailable> | null = null

  async function renew(): Promise<Credential | Unavailable> {
    const answer = await ask(scopesFor(settings).join(' '))
    if (answer.kind === 'token') {
      token = answer.token
      return token.credential
    }
    const now = io.now()
    if (token !== null && now < token.endsAt) {
      token = { ...token, renewAt: now + RENEW_AGAIN_AFTER_MS }
      return token.credential
    }
    return answer
  }

  return {
    current() {
      if (token !== null && io.now() < Math.min(token.renewAt, token.endsAt)) return token.credential
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

/** `SSWS` is Okta's own scheme for API tokens. */
function authorizationOf(auth: OktaSettings['auth']): string {
  if (auth.kind === 'api token') return `SSWS ${auth.apiToken}`
  return auth.kind === 'access token' ? `Bearer ${auth.accessToken}` : ''
}

interface Token {
  readonly credential: Credential
  readonly renewAt: Instant
  readonly endsAt: Instant
}

const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z.string(),
  expires_in: z.number().min(1).max(86_400),
})

/** RFC 6749 section 5.2. */
const tokenError = z.object({ error: z.string().max(100), error_description: z.string().nullish() })
type TokenError = z.output<typeof tokenError>

/** `error`: of a request that Okta refused, by the error's name. */
export type TokenAnswer =
  { readonly kind: 'token'; readonly token: Token } | (Unavailable & { readonly error?: string })
export type TokenRequest = (scope: string) => Promise<TokenAnswer>

/** Asks for a token of these scopes, separated by spaces. Null where the credentials are not a private key. */
export function createTokenRequest(io: Io, { origin, auth }: OktaSettings, budget?: Budget): TokenRequest | null {
  return auth.kind === 'private key' ? tokenRequest(io, origin, auth, budget) : null
}

function tokenRequest(io: Io, origin: string, auth: PrivateKeyAuth, budget: Budget | undefined): TokenRequest {
  const url = `${origin}/oauth2/v1/token`
  const core = createHttpCore(io, {
    origin,
    credentials: noCredentials,
    refusal: tokenError,
    maxInFlight: 1,
    ...(budget ? { paid: paidTokens(budget) } : {}),
  })

  return async (scope) => {
    const assertion = await assertionFor(url, auth, io)
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await core.ask({ method: 'POST', url, headers, body, secrets: [assertion] }, tokenAnswer)
    if (answer.kind !== 'answered') return diagnosed(answer, scope)
    const { access_token, token_type, expires_in } = answer.value
    if (token_type.toLowerCase() !== 'bearer') return DPOP_REQUIRED
    const lifeMs = expires_in * SECOND_MS
    const endsAt = answer.startedAt + lifeMs
    return {
      kind: 'token',
      token: {
        credential: { kind: 'ready', authorization: `Bearer ${access_token}` },
        renewAt: endsAt - Math.min(RENEW_BEFORE_END_MS, lifeMs / 2),
        endsAt,
      },
    }
  }
}

/** RFC 7523 section 3. `iat` is left out: Okta does not need it, and a clock ahead of Okta's would be refused for it. */
function assertionFor(tokenUrl: string, auth: PrivateKeyAuth, io: Io): Promise<string> {
  const endsAt = Math.floor((io.now() + ASSERTION_LIFE_MS) / SECOND_MS)
  return new SignJWT()
    .setProtectedHeader({ alg: auth.algorithm, ...(auth.keyId === null ? {} : { kid: auth.keyId }) })
    .setIssuer(auth.clientId)
    .setSubject(auth.clientId)
    .setAudience(tokenUrl)
    .setExpirationTime(endsAt)
    .setJti(io.newId())
    .sign(auth.key)
}

const DPOP_REQUIRED = unavailable(
  'no credentials',
  'the Okta app requires DPoP: switch off "Require Demonstrating Proof of Possession (DPoP) header in token requests" in the app\'s General settings',
)

/** What an operator can do about it, by the error's name. Nothing is known about any change, so all of it is `unavailable`. */
function diagnosed(
  answer: Exclude<Exchange<unknown, TokenError>, { kind: 'answered' }>,
  scope: string,
): Unavailable & { readonly error?: string } {
  if (answer.kind === 'unavailable') return { ...answer, said: `token request: ${answer.said}` }
  const { error, error_description: description } = answer.refusal
  if (error === 'invalid_dpop_proof' || error === 'use_dpop_nonce') return DPOP_REQUIRED
  const advice: Readonly<Record<string, string>> = {
    invalid_client:
      'Okta does not accept the client or its key: compare Client ID and public key, and the clock of this machine',
    invalid_scope: `grant the app its scopes in the tab "Okta API Scopes": ${scope}`,
    unauthorized_client:
      'the app must be of the kind API Services, with "Public key / Private key" as client authentication',
  }
  const words = plainText(`${error} ${description ?? ''}`, 200)
  const known = Object.hasOwn(advice, error) ? `${advice[error]} (${words})` : words
  return { ...unavailable('no credentials', `token request: ${known}`), error }
}
