import type { Instant } from '#core/instant.ts'
import type { Company } from '../company/company.ts'
import { entraIdOf, googleIdOf } from '../company/identifiers.ts'
import type { OtherDirectories } from '../other-directories.ts'
import type { StandIns } from '../stand-ins.ts'

/** A directory as its administrator sees it: groups, who is in them, and two buttons. */
export interface AdminDirectory {
  readonly name: string
  readonly displayName: string
  readonly groups: readonly AdminGroup[]
  isMember(groupId: string, accountId: string): boolean
  /** The account of a person of the company. */
  accountOf(personId: string): string | null
  add(groupId: string, accountId: string, now: Instant): void
  remove(groupId: string, accountId: string, now: Instant): void
}

export interface AdminGroup {
  readonly id: string
  readonly name: string
  readonly description: string
  /** Why nobody can be put in by hand; null: somebody can. */
  readonly fedBy: string | null
}

export function adminDirectories(
  company: Company,
  { okta }: StandIns,
  { entra, google }: OtherDirectories,
): readonly AdminDirectory[] {
  const oktaIdOf = new Map(company.people.map((each) => [each.id, each.oktaId]))
  const present = new Set(company.people.filter((each) => each.standing !== 'left').map((each) => each.id))
  const ofOthers = (provider: 'entra' | 'google'): readonly AdminGroup[] =>
    company.otherGroups
      .filter((each) => each.provider === provider)
      .map(({ id, name, description, department }) => ({
        id,
        name,
        description,
        fedBy: department === undefined ? null : 'a rule of the directory',
      }))
  return [
    {
      name: 'okta',
      displayName: 'Okta',
      groups: company.groups.map(({ id, name, description, type }) => ({
        id,
        name,
        description,
        fedBy: type === 'OKTA_GROUP' ? null : type === 'APP_GROUP' ? 'an application' : 'Okta itself',
      })),
      isMember: (group, account) => okta.truth.isMember(group, account),
      accountOf: (person) => oktaIdOf.get(person) ?? null,
      add: okta.hands.addByAdmin,
      remove: okta.hands.removeByAdmin,
    },
    {
      name: 'entra',
      displayName: 'Microsoft Entra ID',
      groups: ofOthers('entra'),
      isMember: (group, account) => entra.truth.isMember(group, account),
      accountOf: (person) => (present.has(person) ? entraIdOf(person) : null),
      add: entra.hands.addByAdmin,
      remove: entra.hands.removeByAdmin,
    },
    {
      name: 'google',
      displayName: 'Google Workspace',
      groups: ofOthers('google'),
      isMember: (group, account) => google.truth.isMember(group, account),
      accountOf: (person) => (present.has(person) ? googleIdOf(person) : null),
      add: google.hands.addByAdmin,
      remove: google.hands.removeByAdmin,
    },
  ]
}
