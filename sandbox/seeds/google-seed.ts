import { createPublicKey } from 'node:crypto'
import type { GoogleConfig } from '#connectors/google/config.ts'
import { connectors } from '#connectors/index.ts'
import type { GoogleSeed } from '#connectors/google/stand-in/seed.ts'
import type { CompanyFacts } from '../company/company.ts'
import { googleIdOf } from '../company/identifiers.ts'
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
    groups: company.otherGroups
      .filter((each) => each.provider === 'google')
      .map(({ id, name, description }) => ({
        id,
        email: `${name}@${company.domain}`,
        name,
        description,
        kind: 'plain' as const,
      })),
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
