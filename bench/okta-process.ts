import { generateKeyPairSync } from 'node:crypto'
import { serveOktaStandIn } from '#connectors/okta/stand-in/http.ts'
import { createOktaStandIn } from '#connectors/okta/stand-in/state.ts'
import { benchGroup, benchUser } from './okta-server.ts'

/** The Okta stand-in in a process of its own, so that it takes no time from either side of a bench: `okta-process.ts <users> <groups>`. */
const [users = 0, groups = 0] = process.argv.slice(2).map(Number)
// RSA, because Okta's SDK signs with RS256 only.
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const scopes = ['okta.users.read', 'okta.groups.read', 'okta.groups.manage']
const standIn = createOktaStandIn(
  {
    users: Array.from({ length: users }, (_, place) => ({
      id: benchUser(place),
      status: 'ACTIVE' as const,
      profile: {
        login: `p${place}@halden.example`,
        email: `p${place}@halden.example`,
        firstName: 'P',
        lastName: String(place),
      },
      emailVerified: true,
    })),
    groups: Array.from({ length: groups }, (_, place) => ({
      id: benchGroup(place),
      type: 'OKTA_GROUP' as const,
      name: `group ${place}`,
      description: '',
    })),
    members: [],
    rules: [],
    client: { clientId: 'bench', publicJwk: publicKey.export({ format: 'jwk' }), scopes },
  },
  { rateLimits: null, tokenLifeMs: 24 * 3_600_000 },
)
let reads = 0
let writes = 0
const counting: typeof standIn = {
  ...standIn,
  answer(request, now) {
    if (request.method === 'GET') reads += 1
    else writes += 1
    return standIn.answer(request, now)
  },
}
const served = await serveOktaStandIn(counting, { now: () => Date.now() })
process.send?.({
  url: served.url,
  accessToken: standIn.hands.issueToken(scopes, Date.now()),
  privateJwk: privateKey.export({ format: 'jwk' }),
})
process.on('message', (asked) => {
  if (asked === 'counts') process.send?.({ reads, writes, changes: standIn.truth.changeLog.length })
  if (asked === 'removals') {
    process.send?.(
      Object.fromEntries(standIn.truth.changeLog.flatMap(({ op, user, at }) => (op === 'remove' ? [[user, at]] : []))),
    )
  }
})
process.on('disconnect', () => process.exit(0))
