import type { KeyObject } from 'node:crypto'
import type { OktaSeed } from '#connectors/okta/stand-in/seed.ts'
import { benchGroup, benchUser } from './okta-server.ts'

export const BENCH_SCOPES = ['okta.users.read', 'okta.groups.read', 'okta.groups.manage'] as const

/** So many people and so many groups, each with so many of the people in it. */
export function benchOrganisation(users: number, groups: number, publicKey: KeyObject, membersEach = 0): OktaSeed {
  return {
    users: Array.from({ length: users }, (_, place) => {
      const login = `p${place}@halden.example`
      const profile = { login, email: login, firstName: 'P', lastName: String(place) }
      return { id: benchUser(place), status: 'ACTIVE' as const, profile, emailVerified: true }
    }),
    groups: Array.from({ length: groups }, (_, place) => ({
      id: benchGroup(place),
      type: 'OKTA_GROUP' as const,
      name: `group ${place}`,
      description: '',
    })),
    members: Array.from({ length: groups * membersEach }, (_, place) => {
      return [benchGroup(Math.floor(place / membersEach)), benchUser((place * 7) % users)] as const
    }),
    rules: [],
    client: { clientId: 'bench', publicJwk: publicKey.export({ format: 'jwk' }), scopes: [...BENCH_SCOPES] },
  }
}
