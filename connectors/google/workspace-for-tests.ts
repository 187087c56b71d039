import { generateKeyPairSync } from 'node:crypto'
import { DAY_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Fetch, HttpAnswer, HttpRequest, Io } from '#connectors/kit/io.ts'
import { NetworkFault } from '#connectors/kit/io.ts'
import { standInFetch } from '#connectors/kit/stand-in.ts'
import type { Delivery } from '#connectors/kit/stand-in.ts'
import type { GoogleConfig } from './config.ts'
import { google } from './connector.ts'
import { PERMISSIONS } from './scopes.ts'
import type { GoogleSeed, SeedGroup, SeedUser } from './stand-in/seed.ts'
import { createGoogleStandIn } from './stand-in/state.ts'
import type { GoogleStandIn, GoogleStandInOptions } from './stand-in/state.ts'

/** A small company that has one of everything that matters, for tests. */

export const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const ACCOUNT_EMAIL = 'tenure@acme-access.iam.gserviceaccount.com'
export const ADMIN_EMAIL = 'tenure@acme.example'

export function userId(number: number): string {
  return `1${String(number).padStart(20, '0')}`
}

export function groupId(number: number): string {
  return `01acmegrp${String(number).padStart(6, '0')}`
}

export const groupEmail = (id: string): string => `group-${Number(id.slice(9))}@acme.example`

export const SUPPORT = groupId(1)
export const SECURITY = groupId(2)
export const BIG = groupId(3)
export const DYNAMIC = groupId(4)
export const LOCKED = groupId(5)
export const SYNCED = groupId(6)
export const NO_END = groupId(7)
export const NESTING = groupId(8)
export const EVERYBODY = groupId(9)
export const MIXED = groupId(10)

/** The one whom the service account acts for, a super administrator, one whom Google itself suspended, a guest. */
export const ADMINISTRATOR = userId(347)
export const SUPER = userId(348)
export const BLOCKED = userId(349)
export const GUEST = userId(350)
export const STRANGER = { id: userId(900_000), email: 'somebody@elsewhere.example' }

export function person(number: number, attributes: Partial<SeedUser> = {}): SeedUser {
  return {
    id: userId(number),
    primaryEmail: `person${number}@acme.example`,
    fullName: `Person ${number}`,
    title: 'Agent',
    department: 'Support',
    employeeNumber: String(10_000 + number),
    ...(number === 1 ? {} : { manager: 'person1@acme.example' }),
    ...attributes,
  }
}

const group = (
  id: string,
  name: string,
  kind: SeedGroup['kind'] = 'plain',
  more: Partial<SeedGroup> = {},
): SeedGroup => ({
  id,
  email: groupEmail(id),
  name,
  description: `The group ${name}`,
  kind,
  ...more,
})

/** 350 people. Persons 301 to 310 are in Sales, and so in the dynamic group. Everybody up to 250 is in the big group. */
export function smallSeed(): GoogleSeed {
  const numbers = Array.from({ length: 350 }, (_, index) => index + 1)
  const special: Record<string, Partial<SeedUser>> = {
    [ADMINISTRATOR]: { primaryEmail: ADMIN_EMAIL, fullName: 'Tenure', isDelegatedAdmin: true },
    [SUPER]: { isAdmin: true },
    [BLOCKED]: { suspendedByGoogle: true },
    [GUEST]: { isGuestUser: true, isMailboxSetup: false },
  }
  return {
    users: numbers.map((number) =>
      person(number, number > 300 && number <= 310 ? { department: 'Sales' } : (special[userId(number)] ?? {})),
    ),
    groups: [
      group(SUPPORT, 'Support'),
      group(SECURITY, 'Security', 'security'),
      group(BIG, 'Big'),
      group(DYNAMIC, 'Sales by department', 'dynamic', { department: 'Sales' }),
      group(LOCKED, 'Locked', 'locked'),
      group(SYNCED, 'From the Active Directory'),
      group(NO_END, 'Takes no end', 'plain', { takesNoEnd: true }),
      group(NESTING, 'Nesting', 'plain', { others: [{ type: 'GROUP', id: BIG }] }),
      group(EVERYBODY, 'Everybody', 'plain', { others: [{ type: 'CUSTOMER' }] }),
      group(MIXED, 'Mixed', 'plain', {
        others: [
          { type: 'USER', ...STRANGER },
          { type: 'USER', email: 'Nobody@elsewhere.example' },
        ],
      }),
    ],
    members: [
      ...numbers.filter((number) => number <= 250).map((number) => [BIG, userId(number)] as const),
      [SYNCED, userId(1)],
      [NESTING, userId(300)],
    ],
    strangers: [STRANGER],
    serviceAccount: {
      email: ACCOUNT_EMAIL,
      publicJwk: KEYS.publicKey.export({ format: 'jwk' }),
      scopes: scopesFor(true),
    },
  }
}

/** Exactly what is needed, with or without ends at Google. */
export function scopesFor(nativeEnd: boolean): readonly string[] {
  const needed = PERMISSIONS.filter(({ neededFor }) => nativeEnd || neededFor !== 'nativeEnd')
  return [...new Set(needed.map(({ scope }) => scope))]
}

export function configFor(changes: Partial<GoogleConfig> = {}): GoogleConfig {
  return {
    serviceAccountKey: JSON.stringify({
      type: 'service_account',
      client_email: ACCOUNT_EMAIL,
      client_id: '112233445566778899001',
      private_key_id: 'key-1',
      private_key: KEYS.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      token_uri: 'https://collector.example.net/token',
    }),
    adminEmail: ADMIN_EMAIL,
    readOnlyGroups: groupEmail(SYNCED),
    nativeEnd: 'off',
    concurrency: '',
    origin: '',
    ...changes,
  }
}

/** All but what only a desk has, and ends. */
export type ConnectedGoogle = Required<
  Pick<Capabilities, 'membership' | 'directory' | 'account' | 'sessions' | 'activity' | 'rights'>
> &
  Pick<Capabilities, 'nativeEnd'>

export interface Workspace {
  readonly standIn: GoogleStandIn
  readonly google: ConnectedGoogle
  readonly requests: HttpRequest[]
  readonly io: Io
  now(): Instant
  advance(ms: number): void
  /** What becomes of the next request that meets `when`: lost on the way there, or on the way back. */
  lose(which: 'request' | 'answer', when: (request: HttpRequest) => boolean): void
  anotherProcess(): ConnectedGoogle
}

/** The connector on the stand-in, in one process, on a clock that moves only when told or when somebody sleeps. */
export function workspace(
  options: GoogleStandInOptions & {
    readonly seed?: GoogleSeed
    readonly config?: Partial<GoogleConfig>
    readonly budget?: Io['budget']
    readonly observe?: (request: HttpRequest, answer: HttpAnswer) => void
  } = {},
): Workspace {
  let now: Instant = 20_000 * DAY_MS
  let ids = 0
  const losses: { which: 'request' | 'answer'; when: (request: HttpRequest) => boolean }[] = []
  const standIn = createGoogleStandIn(options.seed ?? smallSeed(), options)
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
  const connect = (): ConnectedGoogle => google.connect(configFor(options.config), io) as ConnectedGoogle
  return {
    standIn,
    google: connect(),
    requests,
    io,
    now: () => now,
    advance: (ms) => void (now += ms),
    lose: (which, when) => void losses.push({ which, when }),
    anotherProcess: connect,
  }
}
