import { readFileSync } from 'node:fs'
import { Client } from '@okta/okta-sdk-nodejs'

/**
 * Okta's own SDK making the writes of `npm run bench -- governed`, with as many in flight: what one would have without us.
 * Orders come on standard input; the milliseconds that it took go to standard output.
 */
interface Orders {
  readonly url: string
  readonly privateJwk: Readonly<Record<string, unknown>>
  readonly inFlight: number
  readonly pairs: readonly (readonly [user: string, group: string])[]
}

const { url, privateJwk, inFlight, pairs } = JSON.parse(readFileSync(0, 'utf8')) as Orders
const client = new Client({
  orgUrl: url,
  authorizationMode: 'PrivateKey',
  clientId: 'bench',
  scopes: 'okta.groups.manage okta.users.read okta.groups.read',
  privateKey: privateJwk,
} as never)
let next = 0

async function loop(): Promise<void> {
  for (;;) {
    const pair = pairs[next]
    next += 1
    if (pair === undefined) return
    await client.groupApi.assignUserToGroup({ userId: pair[0], groupId: pair[1] })
  }
}

const began = performance.now()
await Promise.all(Array.from({ length: inFlight }, loop))
process.stdout.write(JSON.stringify({ ms: performance.now() - began }))
