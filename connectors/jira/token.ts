import { z } from 'zod'
import { SECOND_MS } from '#core/instant.ts'
import { createHttpCore, noCredentials, unavailable } from '#connectors/kit/http.ts'
import type { Credentials } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import { createRenewedToken } from '#connectors/kit/renewed-token.ts'
import type { JiraAuth } from './settings.ts'

const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().min(1).max(86_400),
})

/** RFC 6749 section 5.2. */
const tokenError = z.object({ error: z.string().max(100), error_description: z.string().nullish() })

/**
 * A service account signs in with client credentials (RFC 6749 section 4.4; a token lives for an hour), or with an
 * API token as it is. An ordinary account needs its e-mail beside the token.
 */
export function createCredentials(io: Io, auth: JiraAuth): Credentials {
  if (auth.kind === 'client credentials') return createRenewedToken(io.now, tokenRequest(io, auth))
  const authorization =
    auth.kind === 'bearer'
      ? `Bearer ${auth.apiToken}`
      : `Basic ${Buffer.from(`${auth.email}:${auth.apiToken}`).toString('base64')}`
  return { current: () => ({ kind: 'ready', authorization }), refused: () => false }
}

function tokenRequest(io: Io, auth: JiraAuth & { readonly kind: 'client credentials' }) {
  const { tokenUrl, clientId, clientSecret } = auth
  const { origin } = new URL(tokenUrl)
  const core = createHttpCore(io, { origin, credentials: noCredentials, refusal: tokenError, maxInFlight: 1 })
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret })

  return async () => {
    const answer = await core.ask(
      { method: 'POST', url: tokenUrl, headers, body, secrets: [clientSecret] },
      tokenAnswer,
    )
    if (answer.kind === 'unavailable') return { ...answer, said: `token request: ${answer.said}` }
    if (answer.kind === 'refused') {
      const { error, error_description: description } = answer.refusal
      return unavailable('no credentials', `token request: ${plainText(`${error} ${description ?? ''}`, 200)}`)
    }
    const { access_token: accessToken, expires_in } = answer.value
    return { kind: 'token' as const, accessToken, lifeMs: expires_in * SECOND_MS, startedAt: answer.startedAt }
  }
}
