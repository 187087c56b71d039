import { SignJWT } from 'jose'
import { z } from 'zod'
import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { Budget } from '#connectors/kit/budget.ts'
import { createHttpCore, noCredentials, unavailable } from '#connectors/kit/http.ts'
import type { Exchange, Unavailable } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { FreshToken } from '#connectors/kit/renewed-token.ts'
import type { CertificateAuth, EntraSettings } from './config.ts'
import { paidTokens } from './limits.ts'

/** Longer than a clock may be wrong, and short enough that a copied assertion is soon worth nothing. */
const ASSERTION_LIFE_MS = 10 * MINUTE_MS
const CLOCK_MAY_BE_AHEAD_MS = 5 * MINUTE_MS

const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z.string(),
  expires_in: z.number().min(1).max(172_800),
})

/** RFC 6749 section 5.2, with the numbers that Entra adds. */
const tokenError = z.object({
  error: z.string().max(100),
  error_description: z.string().nullish(),
  error_codes: z.array(z.number()).nullish().catch(null),
})
type TokenError = z.output<typeof tokenError>

/**
 * OAuth 2.0 client credentials, by certificate or by secret. What the app may do is not asked for here: a token holds all that
 * an administrator consented to (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
 */
export function createTokenRequest(
  io: Io,
  settings: EntraSettings,
  budget?: Budget,
): () => Promise<FreshToken | Unavailable> {
  const { loginOrigin, graphOrigin, tenant, clientId, auth } = settings
  const url = `${loginOrigin}/${tenant}/oauth2/v2.0/token`
  const core = createHttpCore(io, {
    origin: loginOrigin,
    credentials: noCredentials,
    refusal: tokenError,
    maxInFlight: 1,
    ...(budget ? { paid: paidTokens(budget) } : {}),
  })

  return async () => {
    const secret = auth.kind === 'secret' ? auth.clientSecret : await assertionFor(url, clientId, auth, io)
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      scope: `${graphOrigin}/.default`,
      ...(auth.kind === 'secret'
        ? { client_secret: secret }
        : {
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: secret,
          }),
    }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const secrets = [secret, encodeURIComponent(secret)]
    const answer = await core.ask({ method: 'POST', url, headers, body, secrets }, tokenAnswer)
    if (answer.kind !== 'answered') return diagnosed(answer, tenant)
    const { access_token: accessToken, token_type: type, expires_in: seconds } = answer.value
    if (type.toLowerCase() !== 'bearer') {
      return unavailable('no credentials', `token request: a token of the kind ${plainText(type, 50)}, not Bearer`)
    }
    return { kind: 'token', accessToken, lifeMs: seconds * SECOND_MS, startedAt: answer.startedAt }
  }
}

/** https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
function assertionFor(
  tokenUrl: string,
  clientId: string,
  { key, thumbprint }: CertificateAuth,
  io: Io,
): Promise<string> {
  const now = io.now()
  return new SignJWT()
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', [thumbprint.header]: thumbprint.value })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setNotBefore(Math.floor((now - CLOCK_MAY_BE_AHEAD_MS) / SECOND_MS))
    .setExpirationTime(Math.floor((now + ASSERTION_LIFE_MS) / SECOND_MS))
    .setJti(io.newId())
    .sign(key)
}

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const ADVICE: Readonly<Record<string, string>> = {
  7000215: 'Entra does not accept ENTRA_CLIENT_SECRET: it must be the value of the secret, not its ID',
  7000222: 'ENTRA_CLIENT_SECRET has expired: make a new one, or use a certificate',
  700016: 'Entra knows no app of this ENTRA_CLIENT_ID in this tenant',
  7000229: 'the app has no service principal in this tenant: an administrator must consent to it first',
  90002: 'Entra knows no tenant of the name ENTRA_TENANT',
  900023: 'Entra knows no tenant of the name ENTRA_TENANT',
  700027:
    'Entra does not accept the certificate: upload it to the app under Certificates & secrets, and compare its thumbprint',
  700024: 'the clock of this machine is wrong: Entra says that the assertion is not valid at this time',
  50034: 'the service principal of the app is missing in this tenant',
  7000112: 'the app is disabled in this tenant: Enterprise applications > the app > Properties',
  53003: 'a conditional access policy for workload identities blocks the app',
}

/** What an operator can do about it, by the error's number. Nothing is known about any change, so all of it is `unavailable`. */
function diagnosed(answer: Exclude<Exchange<unknown, TokenError>, { kind: 'answered' }>, tenant: string): Unavailable {
  if (answer.kind === 'unavailable') return { ...answer, said: `token request: ${answer.said}` }
  const { error, error_description: description, error_codes: codes } = answer.refusal
  const code = codes?.[0] ?? /AADSTS(\d+)/.exec(description ?? '')?.[1] ?? ''
  const words = plainText(`${error} ${description ?? ''}`, 250)
  const known = Object.hasOwn(ADVICE, String(code)) ? `${ADVICE[String(code)]} (${words})` : words
  return unavailable('no credentials', `token request at ${tenant}: ${known}`)
}
