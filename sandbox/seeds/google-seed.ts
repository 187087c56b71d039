import { createHash, createPublicKey } from 'node:crypto'
import type { GoogleConfig } from '#connectors/google/config.ts'
import { connectors } from '#connectors/index.ts'
import type { GoogleSeed } from '#connectors/google/stand-in/seed.ts'
import type { CompanyFacts } from '../company/company.ts'
import type { Person } from '../company/people.ts'
import type { RsaKeys } from './rsa-keys.ts'

const ACCOUNT = 'tenure@halden-access.iam.gserviceaccount.com'

export function googleConfigOf(company: CompanyFacts, { privateKey }: RsaKeys): GoogleConfig {
  const key = {
    type: 'service_account',
    client_email: ACCOUNT,
    client_id: '112233445566778899002',
    private_key: privateKey,
  }
  return {
    serviceAccountKey: JSON.stringify(key),
    adminEmail: administratorOf(company),
    readOnlyGroups: '',
    nativeEnd: 'off',
    concurrency: '',
    origin: '',
  }
}

/** The company as its Google Workspace knows it: the same people, by the same addresses, and the administrator whom Tenure acts for. */
export function googleSeedOf(company: CompanyFacts, { publicKey }: RsaKeys): GoogleSeed {
  const present = company.people.filter((each) => each.standing !== 'left')
  const addressOf = new Map(present.map((each) => [each.id, each.email]))
  const administrator = {
    id: googleIdOf('administrator'),
    primaryEmail: administratorOf(company),
    fullName: 'Tenure',
    isDelegatedAdmin: true,
  }
  return {
    users: [...present.map((each) => userOf(each, addressOf)), administrator],
    groups: [
      {
        id: googleGroupIdOf('shared-drive-editors'),
        email: `shared-drive-editors@${company.domain}`,
        name: 'shared-drive-editors',
        description: 'May edit the shared drives of the company',
        kind: 'plain',
      },
    ],
    members: [],
    serviceAccount: {
      email: ACCOUNT,
      publicJwk: createPublicKey(publicKey).export({ format: 'jwk' }),
      scopes: [
        ...new Set(
          connectors.google.permissions.filter((each) => each.neededFor !== 'nativeEnd').map(({ scope }) => scope),
        ),
      ],
    },
  }
}

function userOf(person: Person, addressOf: ReadonlyMap<string, string>): GoogleSeed['users'][number] {
  const manager = person.managerId === null ? undefined : addressOf.get(person.managerId)
  return {
    id: googleIdOf(person.id),
    primaryEmail: person.email,
    fullName: person.displayName,
    title: person.title,
    department: person.department,
    ...(manager === undefined ? {} : { manager }),
    suspended: person.standing === 'suspended',
  }
}

function administratorOf(company: CompanyFacts): string {
  return `tenure@${company.domain}`
}

/** In Google's shape: 21 digits, the same for the same name. */
export function googleIdOf(name: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(`sandbox google ${name}`).digest('hex').slice(0, 20)}`)
  return `1${digits.toString().padStart(20, '0').slice(-20)}`
}

/** In Google's shape: fifteen letters and digits. */
export function googleGroupIdOf(name: string): string {
  return `01${createHash('sha256').update(`sandbox google group ${name}`).digest('hex').slice(0, 13)}`
}
