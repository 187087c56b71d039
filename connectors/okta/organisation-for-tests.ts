import { generateKeyPairSync } from 'node:crypto'
import { DAY_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Capabilities, Membership } from '#connectors/kit/connector.ts'
import type { Directory } from '#connectors/kit/directory.ts'
import type { Fetch, HttpAnswer, HttpRequest, Io } from '#connectors/kit/io.ts'
import { NetworkFault } from '#connectors/kit/io.ts'
import { standInFetch } from '#connectors/kit/stand-in.ts'
import type { Delivery } from '#connectors/kit/stand-in.ts'
import type { OktaConfig } from './config.ts'
import { okta } from './connector.ts'
import type { OktaSeed, SeedGroup, SeedRule, SeedUser } from './stand-in/seed.ts'
import { createOktaStandIn } from './stand-in/state.ts'
import type { OktaStandIn, OktaStandInOptions } from './stand-in/state.ts'

/** A small organisation that has one of everything that matters, for tests. */

export const ALL_SCOPES = [
  'okta.users.read',
  'okta.groups.read',
  'okta.groups.manage',
  'okta.users.manage',
  'okta.logs.read',
]
export const KEYS = generateKeyPairSync('ec', { namedCurve: 'P-256' })

export const SUPPORT = '00gSupport0000000000'
export const SALES = '00gSales000000000000'
export const EVERYBODY_BIG = '00gBig00000000000000'
export const FROM_APP = '00gDirectory00000000'
export const EVERYONE = '00gEveryone000000000'
export const SALES_RULE = '0prSales000000000000'

export function userId(number: number): string {
  return `00u${String(number).padStart(17, '0')}`
}

export function person(number: number, profile: SeedUser['profile'] = {}): SeedUser {
  const login = `person${number}@acme.example`
  return {
    id: userId(number),
    status: 'ACTIVE',
    profile: { login, email: login, firstName: 'Person', lastName: String(number), department: 'Support', ...profile },
    emailVerified: number % 2 === 1,
  }
}

const group = (id: string, name: string, type: SeedGroup['type'] = 'OKTA_GROUP'): SeedGroup => ({
  id,
  type,
  name,
  description: `The group ${name}`,
})

export const salesRule: SeedRule = {
  id: SALES_RULE,
  name: 'Sales by department',
  status: 'ACTIVE',
  expression: 'user.department=="Sales"',
  groupIds: [SALES],
}

/** 350 people: two pages. Persons 301 to 310 are in Sales. Everybody up to 250 is in the big group. */
export function smallSeed(rules: readonly SeedRule[] = [salesRule]): OktaSeed {
  const numbers = Array.from({ length: 350 }, (_, index) => index + 1)
  return {
    users: numbers.map((number) => person(number, number > 300 && number <= 310 ? { department: 'Sales' } : {})),
    groups: [
      group(SUPPORT, 'Support'),
      group(SALES, 'Sales'),
      group(EVERYBODY_BIG, 'Big'),
      group(FROM_APP, 'From the directory', 'APP_GROUP'),
      group(EVERYONE, 'Everyone', 'BUILT_IN'),
    ],
    members: [
      ...numbers.filter((number) => number <= 250).map((number) => [EVERYBODY_BIG, userId(number)] as const),
      [FROM_APP, userId(1)],
    ],
    rules,
    client: {
      clientId: '0oaTenure00000000000',
      publicJwk: { ...KEYS.publicKey.export({ format: 'jwk' }), kid: 'key-1' } as OktaSeed['client']['publicJwk'],
      scopes: ALL_SCOPES,
    },
  }
}

export function configFor(domain: string): OktaConfig {
  const privateKey = JSON.stringify({ ...KEYS.privateKey.export({ format: 'jwk' }), kid: 'key-1' })
  return {
    domain,
    clientId: '0oaTenure00000000000',
    privateKey,
    keyId: '',
    apiToken: '',
    accessToken: '',
    concurrency: '',
    accounts: '',
    log: '',
  }
}

export interface Organisation {
  readonly standIn: OktaStandIn
  readonly okta: Capabilities & { readonly membership: Membership; readonly directory: Directory }
  readonly requests: HttpRequest[]
  readonly io: Io
  now(): Instant
  advance(ms: number): void
  /** What becomes of the next request that meets `when`: lost on the way there, or on the way back. */
  lose(which: 'request' | 'answer', when: (request: HttpRequest) => boolean): void
}

/** The connector on the stand-in, in one process, on a clock that moves only when told or when somebody sleeps. */
export function organisation(
  options: OktaStandInOptions & {
    readonly seed?: OktaSeed
    readonly config?: Partial<OktaConfig>
    readonly observe?: (request: HttpRequest, answer: HttpAnswer) => void
  } = {},
): Organisation {
  let now: Instant = 20_000 * DAY_MS + 123
  let ids = 0
  const losses: { which: 'request' | 'answer'; when: (request: HttpRequest) => boolean }[] = []
  const standIn = createOktaStandIn(options.seed ?? smallSeed(), options)
  const requests: HttpRequest[] = []

  function lossOf(request: HttpRequest, which: 'request' | 'answer'): boolean {
    const index = losses.findIndex((loss) => loss.which === which && loss.when(request))
    if (index !== -1) losses.splice(index, 1)
    return index !== -1
  }
  const reach = standInFetch(
    (request, at) => {
      const answer = standIn.answer(request, at)
      options.observe?.(request, answer)
      return answer
    },
    () => now,
    (request): Delivery => (lossOf(request, 'answer') ? 'drop' : 'deliver'),
  )
  const fetch: Fetch = async (request) => {
    requests.push(request)
    if (lossOf(request, 'request')) throw new NetworkFault('connect ECONNREFUSED')
    return reach(request)
  }
  const io: Io = {
    fetch,
    now: () => now,
    sleep: async (ms) => void (now += ms),
    newId: () => `id-${(ids += 1)}`,
  }
  const connected = okta.connect({ ...configFor('acme.okta.com'), ...options.config }, io)
  return {
    standIn,
    okta: connected as Organisation['okta'],
    requests,
    io,
    now: () => now,
    advance: (ms) => void (now += ms),
    lose: (which, when) => void losses.push({ which, when }),
  }
}
