import { z } from 'zod'
import type { Unavailable } from '#connectors/kit/http.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { FreshToken } from '#connectors/kit/renewed-token.ts'
import type { Rights, RightsFound } from '#connectors/kit/rights.ts'
import { SERVES_AS_WELL, TOO_MANY } from './permissions.ts'

const claims = z.object({ roles: z.array(z.string().max(200)).max(1_000).optional() })

/**
 * What the app may do, as the claim `roles` of an access token tells. A new token is asked for, because one that was issued before
 * an administrator consented, or took something away, tells of before. The claim is a token's own business and no interface;
 * Entra writes it into every token of this kind, and a token that cannot be read is unreadable rights, not none.
 */
export function createRights(request: () => Promise<FreshToken | Unavailable>, needed: readonly string[]): Rights {
  return {
    async check() {
      const answer = await request()
      if (answer.kind !== 'token') {
        return { kind: 'unreadable', retryAfterMs: answer.retryAfterMs, said: answer.said }
      }
      const held = rolesIn(answer.accessToken)
      if (held === null) {
        return { kind: 'unreadable', retryAfterMs: null, said: 'the access token does not tell what the app may do' }
      }
      return { kind: 'read', startedAt: answer.startedAt, value: rightsOf(held, needed) }
    },
  }
}

function rolesIn(token: string): readonly string[] | null {
  const [, body] = token.split('.')
  try {
    const value: unknown = JSON.parse(Buffer.from(body ?? '', 'base64url').toString('utf8'))
    const read = claims.safeParse(value)
    // Without a single consent there is no such claim.
    return read.success ? (read.data.roles ?? []).map((role) => plainText(role, 200)) : null
  } catch {
    return null
  }
}

function rightsOf(held: readonly string[], needed: readonly string[]): RightsFound {
  const serves = (scope: string): readonly string[] => [scope, ...(SERVES_AS_WELL[scope] ?? [])]
  const used = new Set(needed.flatMap(serves))
  const tooMany = held.flatMap((right) => {
    const found = Object.hasOwn(TOO_MANY, right) ? TOO_MANY[right] : undefined
    if (found === undefined) return []
    const fix = found.instead === 'nothing' ? 'take it away' : `take it away, and grant ${found.instead}`
    return [{ right, why: `${found.why}: ${fix} (App registrations > the app > API permissions, then consent again)` }]
  })
  const unused = held.filter((right) => !used.has(right) && !Object.hasOwn(TOO_MANY, right))
  return {
    held,
    missing: needed.filter((scope) => !serves(scope).some((each) => held.includes(each))),
    tooMany,
    warnings: unused.map((right) => `${right} is held and never used: take it away`),
  }
}
