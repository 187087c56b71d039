import { createPublicKey } from 'node:crypto'
import type { EntraConfig } from '#connectors/entra/config.ts'
import { connectors } from '#connectors/index.ts'
import type { EntraSeed } from '#connectors/entra/stand-in/seed.ts'
import type { CompanyFacts } from '../company/company.ts'
import { entraIdOf } from '../company/identifiers.ts'
import type { Person } from '../company/people.ts'
import type { RsaKeys } from './rsa-keys.ts'

const CLIENT_ID = '7e000000-0000-4000-8000-00000000e0e0'
const ENTRA_TENANT = '7e000000-0000-4000-8000-000000007e7e'
/** By which the app's assertions name its certificate: of the sandbox nobody made one. */
const THUMBPRINT = '7e'.repeat(32)

export function entraConfigOf({ privateKey }: RsaKeys): EntraConfig {
  return {
    tenant: ENTRA_TENANT,
    clientId: CLIENT_ID,
    privateKey,
    certificate: THUMBPRINT,
    clientSecret: '',
    nativeEnd: '',
    cloud: '',
    concurrency: '',
  }
}

/** The company as its Entra ID knows it: the same people, by the same addresses. */
export function entraSeedOf(company: CompanyFacts, { publicKey }: RsaKeys): EntraSeed {
  const present = company.people.filter((each) => each.standing !== 'left')
  return {
    users: present.map(userOf),
    groups: company.otherGroups
      .filter((each) => each.provider === 'entra')
      .map(({ id, name, description, department }) => ({
        id,
        displayName: name,
        description,
        ...(department === undefined
          ? { kind: 'security' as const }
          : { kind: 'dynamic' as const, rule: { attribute: 'department' as const, is: department } }),
      })),
    members: [],
    client: {
      clientId: CLIENT_ID,
      roles: [
        ...new Set(
          connectors.entra.permissions.filter((each) => each.neededFor !== 'nativeEnd').map(({ scope }) => scope),
        ),
      ],
      certificate: {
        publicJwk: createPublicKey(publicKey).export({ format: 'jwk' }),
        sha256: Buffer.from(THUMBPRINT, 'hex').toString('base64url'),
      },
    },
  }
}

function userOf(person: Person): EntraSeed['users'][number] {
  return {
    id: entraIdOf(person.id),
    userPrincipalName: person.email,
    displayName: person.displayName,
    mail: person.email,
    jobTitle: person.title,
    department: person.department,
    manager: person.managerId === null ? null : entraIdOf(person.managerId),
    accountEnabled: person.standing === 'active',
  }
}
