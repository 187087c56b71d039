import { SignJWT } from 'jose'
import { z } from 'zod'
import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Budget } from '#connectors/kit/budget.ts'
import { createHttpCore, noCredentials, unavailable } from '#connectors/kit/http.ts'
import type { Credentials, Exchange, Unavailable } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import { createRenewedToken } from '#connectors/kit/renewed-token.ts'
import type { FreshToken } from '#connectors/kit/renewed-token.ts'
import type { GoogleSettings } from './config.ts'
import { paidTokens } from './limits.ts'
import { shortName } from './scopes.ts'
import type { Scope } from './scopes.ts'

/** Longer than a clock may be wrong, below the hour that Google allows. */
const ASSERTION_LIFE_MS = 10 * MINUTE_MS

/** Google refuses an assertion from the future, and our clock may be ahead of its. */
const ISSUED_BEFORE_MS = 30 * SECOND_MS

/** A scope that was refused is asked for again after this long: an administrator may have added it. */
const ASK_AGAIN_AFTER_MS = MINUTE_MS

export type TokenAnswer =
  | FreshToken
  | { readonly kind: 'not delegated'; readonly trouble: Unavailable }
  | { readonly kind: 'not given'; readonly trouble: Unavailable }

/** Access tokens by what they are for: one for each set of scopes, so that a missing one is missed by nobody else. */
export interface Tokens {
  of(scopes: readonly Scope[]): Credentials
  /** Asks Google now, whatever is remembered. */
  ask(scopes: readonly string[]): Promise<TokenAnswer>
}

/**
 * A service account that acts for an administrator: an assertion signed by its key, with the administrator as `sub`
 * (RFC 7523; https://developers.google.com/identity/protocols/oauth2/service-account). A token lives for an hour.
 */
export function createTokens(io: Io, settings: GoogleSettings, budget?: Budget): Tokens {
  const kept = new Map<string, Credentials>()
  const core = createHttpCore(io, {
    origin: settings.origins.token,
    credentials: noCredentials,
    refusal: tokenError,
    maxInFlight: 1,
    ...(budget ? { paid: paidTokens(budget) } : {}),
  })
  const url = `${settings.origins.token}/token`

  async function ask(scopes: readonly string[]): Promise<TokenAnswer> {
    const assertion = await assertionFor(url, settings, scopes, io.now())
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await core.ask({ method: 'POST', url, headers, body, secrets: [assertion] }, tokenAnswer)
    if (answer.kind !== 'answered') return diagnosed(answer, settings, scopes)
    const { access_token: accessToken, expires_in } = answer.value
    return { kind: 'token', accessToken, lifeMs: expires_in * SECOND_MS, startedAt: answer.startedAt }
  }

  function credentialsFor(scopes: readonly Scope[]): Credentials {
    let refused: { readonly trouble: Unavailable; readonly until: Instant } | null = null
    return createRenewedToken(io.now, async () => {
      if (refused !== null && io.now() < refused.until) return refused.trouble
      const answer = await ask(scopes)
      if (answer.kind === 'token') return answer
      if (answer.kind === 'not delegated') refused = { trouble: answer.trouble, until: io.now() + ASK_AGAIN_AFTER_MS }
      return answer.trouble
    })
  }

  return {
    of(scopes) {
      const key = scopes.toSorted().join(' ')
      let credentials = kept.get(key)
      if (credentials === undefined) {
        credentials = credentialsFor(scopes)
        kept.set(key, credentials)
      }
      return credentials
    },
    ask,
  }
}

const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().min(1).max(86_400),
})

/** RFC 6749 section 5.2. */
const tokenError = z.object({ error: z.string().max(100), error_description: z.string().nullish() })
type TokenError = z.output<typeof tokenError>

function assertionFor(
  tokenUrl: string,
  settings: GoogleSettings,
  scopes: readonly string[],
  now: Instant,
): Promise<string> {
  const { email, key, keyId } = settings.account
  const issuedAt = Math.floor((now - ISSUED_BEFORE_MS) / SECOND_MS)
  return new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) })
    .setIssuer(email)
    .setSubject(settings.subject)
    .setAudience(tokenUrl)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_LIFE_MS / SECOND_MS)
    .sign(key)
}

/** What an operator can do about it, by the error's name. Nothing is known about any change, so all of it is `unavailable`. */
function diagnosed(
  answer: Exclude<Exchange<unknown, TokenError>, { kind: 'answered' }>,
  { account, subject }: GoogleSettings,
  scopes: readonly string[],
): TokenAnswer {
  if (answer.kind === 'unavailable') {
    return { kind: 'not given', trouble: { ...answer, said: `token request: ${answer.said}` } }
  }
  const { error, error_description: description } = answer.refusal
  const words = plainText(`${error} ${description ?? ''}`, 200)
  const tell = (advice: string): Unavailable => unavailable('no credentials', `token request: ${advice} (${words})`)
  if (error === 'unauthorized_client' || error === 'invalid_scope' || error === 'access_denied') {
    const wanted = scopes.map(shortName).join(', ')
    const who = account.clientId === '' ? account.email : `client ID ${account.clientId}`
    return { kind: 'not delegated', trouble: tell(`add ${wanted} to the domain-wide delegation of ${who}`) }
  }
  const advice: Readonly<Record<string, string>> = {
    invalid_grant: `Google does not accept the assertion: compare the key, the clock of this machine, and whether ${subject} is there and not suspended`,
    invalid_client: 'Google knows no such service account: it may have been deleted or disabled',
    admin_policy_enforced: 'a policy of your Workspace keeps the service account out: allow it under API controls',
  }
  return { kind: 'not given', trouble: Object.hasOwn(advice, error) ? tell(advice[error] ?? '') : tell('refused') }
}
