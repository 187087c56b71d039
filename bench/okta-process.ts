import { generateKeyPairSync } from 'node:crypto'
import { serveOktaStandIn } from '#connectors/okta/stand-in/http.ts'
import { createOktaStandIn, WORKFORCE_CALLS_AT_ONCE } from '#connectors/okta/stand-in/state.ts'
import { benchOrganisation, BENCH_SCOPES } from './okta-organisation.ts'

/**
 * The Okta stand-in in a process of its own, so that it takes no time from either side of a bench:
 * `okta-process.ts <users> <groups> [<milliseconds of a rate limit window>]`. Without the last there are no limits.
 */
const [users = 0, groups = 0] = process.argv.slice(2, 4).map(Number)
const limited = process.argv[4]
// RSA, because Okta's SDK signs with RS256 only.
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const limits =
  limited === undefined ? { rateLimits: null } : { windowMs: Number(limited), callsAtOnce: WORKFORCE_CALLS_AT_ONCE }
const standIn = createOktaStandIn(
  benchOrganisation(users, groups, publicKey, Number(process.env['BENCH_MEMBERS'] ?? 0)),
  {
    ...limits,
    tokenLifeMs: 24 * 3_600_000,
    keepsCalls: limited !== undefined,
  },
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
  apiToken: '',
  accessToken: standIn.hands.issueToken(BENCH_SCOPES, Date.now()),
  privateJwk: privateKey.export({ format: 'jwk' }),
})
process.on('message', (asked) => {
  if (asked === 'counts') process.send?.({ reads, writes, changes: standIn.truth.changeLog.length })
  if (asked === 'calls') process.send?.(standIn.truth.calls)
  if (asked === 'removals') {
    process.send?.(
      Object.fromEntries(standIn.truth.changeLog.flatMap(({ op, user, at }) => (op === 'remove' ? [[user, at]] : []))),
    )
  }
})
process.on('disconnect', () => process.exit(0))
