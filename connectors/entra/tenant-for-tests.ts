import { generateKeyPairSync } from 'node:crypto'
import { DAY_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Fetch, HttpAnswer, HttpRequest, Io } from '#connectors/kit/io.ts'
import { NetworkFault } from '#connectors/kit/io.ts'
import { standInFetch } from '#connectors/kit/stand-in.ts'
import type { Delivery } from '#connectors/kit/stand-in.ts'
import type { EntraConfig } from './config.ts'
import { entra } from './connector.ts'
import { PERMISSIONS } from './permissions.ts'
import type { EntraSeed, GroupKind, SeedGroup, SeedUser } from './stand-in/seed.ts'
import { createEntraStandIn } from './stand-in/state.ts'
import type { EntraStandIn, EntraStandInOptions } from './stand-in/state.ts'

/** A small tenant that has one of everything that matters, for tests. */

export const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 })
const THUMBPRINT = 'ab'.repeat(32)
export const CLIENT_ID = 'c0000000-0000-4000-8000-000000000001'
const TENANT = 'd0000000-0000-4000-8000-000000000001'

export function userId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export function groupId(number: number): string {
  return `10000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export const SUPPORT = groupId(1)
export const TEAM = groupId(2)
export const BIG = groupId(3)
export const DYNAMIC = groupId(4)
export const SYNCED = groupId(5)
export const MAIL = groupId(6)
export const ADMINS = groupId(7)
export const RESTRICTED = groupId(8)
export const HIDDEN = groupId(9)
export const UNDER_PIM = groupId(10)
export const NO_PIM = groupId(11)
export const NESTING = groupId(12)

/** Whom nothing sensitive can be done to, and whose account is of the Active Directory. */
export const ADMINISTRATOR = userId(348)
export const FROM_AD = userId(349)
export const GUEST = userId(350)

export function person(number: number, attributes: Partial<SeedUser> = {}): SeedUser {
  const address = `person${number}@acme.example`
  return {
    id: userId(number),
    userPrincipalName: address,
    displayName: `Person ${number}`,
    mail: address,
    jobTitle: 'Agent',
    department: 'Support',
    employeeId: String(10_000 + number),
    manager: number === 1 ? null : userId(1),
    ...attributes,
  }
}

const group = (
  id: string,
  displayName: string,
  kind: GroupKind = 'security',
  more: Partial<SeedGroup> = {},
): SeedGroup => ({
  id,
  displayName,
  description: `The group ${displayName}`,
  kind,
  ...more,
})

/** 350 people: two pages. Persons 301 to 310 are in Sales, and so in the dynamic group. Everybody up to 250 is in the big group. */
export function smallSeed(): EntraSeed {
  const numbers = Array.from({ length: 350 }, (_, index) => index + 1)
  const special: Record<string, Partial<SeedUser>> = {
    [ADMINISTRATOR]: { isAdministrator: true },
    [FROM_AD]: { isSynced: true },
    [GUEST]: { userType: 'Guest', mail: 'guest@elsewhere.example' },
  }
  return {
    users: numbers.map((number) =>
      person(number, number > 300 && number <= 310 ? { department: 'Sales' } : (special[userId(number)] ?? {})),
    ),
    groups: [
      group(SUPPORT, 'Support'),
      group(TEAM, 'Team', 'unified'),
      group(BIG, 'Big'),
      group(DYNAMIC, 'Sales by department', 'dynamic', { rule: { attribute: 'department', is: 'Sales' } }),
      group(SYNCED, 'From the Active Directory', 'synced'),
      group(MAIL, 'Mailing list', 'mail-enabled'),
      group(ADMINS, 'Administrators', 'role-assignable'),
      group(RESTRICTED, 'Restricted', 'restricted'),
      group(HIDDEN, 'Hidden', 'hidden'),
      group(UNDER_PIM, 'Under PIM', 'security', { pim: 'onboarded' }),
      group(NO_PIM, 'Not for PIM', 'security', { pim: 'refuses' }),
      group(NESTING, 'Nesting', 'security', {
        others: [
          { id: SUPPORT, type: 'group' },
          { id: 'e0000000-0000-4000-8000-000000000001', type: 'device' },
        ],
      }),
    ],
    members: [
      ...numbers.filter((number) => number <= 250).map((number) => [BIG, userId(number)] as const),
      [SYNCED, userId(1)],
      [NESTING, userId(2)],
    ],
    client: {
      clientId: CLIENT_ID,
      roles: rolesFor(true),
      certificate: {
        publicJwk: KEYS.publicKey.export({ format: 'jwk' }),
        sha256: Buffer.from(THUMBPRINT, 'hex').toString('base64url'),
      },
    },
  }
}

/** Exactly what is needed, with or without PIM. */
export function rolesFor(nativeEnd: boolean): readonly string[] {
  const needed = PERMISSIONS.filter(({ neededFor }) => nativeEnd || neededFor !== 'nativeEnd')
  return [...new Set(needed.map(({ scope }) => scope))]
}

export function configFor(changes: Partial<EntraConfig> = {}): EntraConfig {
  return {
    tenant: TENANT,
    clientId: CLIENT_ID,
    privateKey: KEYS.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: THUMBPRINT,
    clientSecret: '',
    nativeEnd: '',
    cloud: '',
    concurrency: '',
    ...changes,
  }
}

/** All but what only a desk has, and PIM. */
export type ConnectedEntra = Required<
  Pick<Capabilities, 'membership' | 'directory' | 'account' | 'sessions' | 'activity' | 'rights'>
> &
  Pick<Capabilities, 'nativeEnd'>

export interface Tenant {
  readonly standIn: EntraStandIn
  readonly entra: ConnectedEntra
  readonly requests: HttpRequest[]
  readonly io: Io
  now(): Instant
  advance(ms: number): void
  /** What becomes of the next request that meets `when`: lost on the way there, or on the way back. */
  lose(which: 'request' | 'answer', when: (request: HttpRequest) => boolean): void
  anotherProcess(): ConnectedEntra
}

/** The connector on the stand-in, in one process, on a clock that moves only when told or when somebody sleeps. */
export function tenant(
  options: EntraStandInOptions & {
    readonly seed?: EntraSeed
    readonly config?: Partial<EntraConfig>
    readonly budget?: Io['budget']
    readonly observe?: (request: HttpRequest, answer: HttpAnswer) => void
  } = {},
): Tenant {
  let now: Instant = 20_000 * DAY_MS
  let ids = 0
  const losses: { which: 'request' | 'answer'; when: (request: HttpRequest) => boolean }[] = []
  const standIn = createEntraStandIn(options.seed ?? smallSeed(), options)
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
    ...(options.budget ? { budget: options.budget } : {}),
  }
  const connect = (): ConnectedEntra => entra.connect(configFor(options.config), io) as ConnectedEntra
  return {
    standIn,
    entra: connect(),
    requests,
    io,
    now: () => now,
    advance: (ms) => void (now += ms),
    lose: (which, when) => void losses.push({ which, when }),
    anotherProcess: connect,
  }
}
