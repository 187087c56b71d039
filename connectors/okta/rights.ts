import type { Io } from '#connectors/kit/io.ts'
import type { Rights, RightsFound } from '#connectors/kit/rights.ts'
import type { OktaSettings } from './config.ts'
import { scopesFor, tooManyFor } from './permissions.ts'
import type { TokenAnswer, TokenRequest } from './token.ts'

/**
 * What the app may do. Okta gives no token at all when one of the scopes that it is asked for was not granted, and shows the list of
 * grants only to whoever may read it, which we need not be. So a token is asked for each scope by itself: given, it is held.
 */
export function createRights(io: Io, settings: OktaSettings, request: TokenRequest | null): Rights {
  const { auth } = settings
  const [needed, tooMany] = [scopesFor(settings), tooManyFor(settings)]
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
      for (const scope of [...needed, ...Object.keys(tooMany)]) {
        const answer = await request(scope)
        if (answer.kind === 'token') held.push(scope)
        else if (!isNotGranted(answer))
          return { kind: 'unreadable', retryAfterMs: answer.retryAfterMs, said: answer.said }
      }
      return { kind: 'read', startedAt, value: rightsOf(held, needed, tooMany) }
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

function rightsOf(
  held: readonly string[],
  needed: readonly string[],
  dangerous: Readonly<Record<string, string>>,
): RightsFound {
  const tooMany = held.flatMap((right) => {
    const why = Object.hasOwn(dangerous, right) ? dangerous[right] : undefined
    return why === undefined ? [] : [{ right, why: `${why}: revoke it (Applications > the app > Okta API Scopes)` }]
  })
  return { held, missing: needed.filter((scope) => !held.includes(scope)), tooMany, warnings: [] }
}
