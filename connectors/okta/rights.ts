import type { Io } from '#connectors/kit/io.ts'
import type { Rights, RightsFound } from '#connectors/kit/rights.ts'
import type { OktaSettings } from './config.ts'
import { SCOPES, TOO_MANY } from './permissions.ts'
import type { TokenAnswer, TokenRequest } from './token.ts'

/**
 * What the app may do. Okta gives no token at all when one of the scopes that it is asked for was not granted, and shows the list of
 * grants only to whoever may read it, which we need not be. So a token is asked for each scope by itself: given, it is held.
 */
export function createRights(io: Io, { auth }: OktaSettings, request: TokenRequest | null): Rights {
  return {
    async check() {
      const startedAt = io.now()
      if (request === null) {
        return {
          kind: 'read',
          startedAt,
          value: { held: [], missing: [], tooMany: [], warnings: [WARNING[auth.kind]] },
        }
      }
      const held: string[] = []
      for (const scope of [...SCOPES, ...Object.keys(TOO_MANY)]) {
        const answer = await request(scope)
        if (answer.kind === 'token') held.push(scope)
        else if (!isNotGranted(answer))
          return { kind: 'unreadable', retryAfterMs: answer.retryAfterMs, said: answer.said }
      }
      return { kind: 'read', startedAt, value: rightsOf(held) }
    },
  }
}

/** Of what is not asked Okta by a token request, because nobody makes one. */
const WARNING: Readonly<Record<OktaSettings['auth']['kind'], string>> = {
  'private key': '',
  'access token': 'an access token that was issued elsewhere tells nobody what it may do',
  'api token':
    'an API token (OKTA_API_TOKEN) may do everything that its administrator may, and ends with that account: use an API Services app with a private key',
}

function isNotGranted(answer: Exclude<TokenAnswer, { kind: 'token' }>): boolean {
  return answer.error === 'invalid_scope' || answer.error === 'access_denied'
}

function rightsOf(held: readonly string[]): RightsFound {
  const tooMany = held.flatMap((right) => {
    const why = Object.hasOwn(TOO_MANY, right) ? TOO_MANY[right] : undefined
    return why === undefined ? [] : [{ right, why: `${why}: revoke it (Applications > the app > Okta API Scopes)` }]
  })
  return { held, missing: SCOPES.filter((scope) => !held.includes(scope)), tooMany, warnings: [] }
}
