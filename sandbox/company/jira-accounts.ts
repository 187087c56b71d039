import type { PersonId } from '#core/identity-action/membership-key.ts'
import { jiraAccountIdOf } from './identifiers.ts'
import { personNamed, type Person } from './people.ts'
import { randomOf } from './random.ts'

export interface JiraAccount {
  readonly accountId: string
  readonly displayName: string
  readonly email: string
  /** The person's privacy settings keep the address from everybody, as about one in five do. */
  readonly emailHidden: boolean
  readonly active: boolean
}

/** That this account is this person, and how it is known. */
export interface AccountLink {
  readonly personId: PersonId
  readonly jiraAccountId: string
  readonly proof: 'administrator import'
  /** The name that the administrator's list carried, so that a wrong line shows. */
  readonly nameOnImport: string
}

const WITHOUT_LINK = 'Beatriz Nunes'
const WITH_TWO_ACCOUNTS = 'Rafael Ortega'

export function jiraAccountsOf(seed: number, people: readonly Person[]): readonly JiraAccount[] {
  const random = randomOf(seed, 'hidden addresses')
  const everyday = people.map((person): JiraAccount => {
    const hides = random.chance(0.2)
    return {
      accountId: person.jiraAccountId,
      displayName: person.displayName,
      email: person.email,
      emailHidden: hides && person.displayName !== WITHOUT_LINK,
      active: person.active,
    }
  })
  return [...everyday, secondAccountOf(seed, people), strangerOf(seed)]
}

/** Proven by an import of the company's administrator: everybody, but for the one person of a story. */
export function linksOf(seed: number, people: readonly Person[]): readonly AccountLink[] {
  const second = secondAccountOf(seed, people)
  const owner = personNamed(people, WITH_TWO_ACCOUNTS)
  return [
    ...people
      .filter((person) => person.displayName !== WITHOUT_LINK)
      .map((person) => link(person, person.jiraAccountId)),
    link(owner, second.accountId),
  ]
}

/** A person's account for administration, apart from the one they work with. */
export function secondAccountOf(seed: number, people: readonly Person[]): JiraAccount {
  const owner = personNamed(people, WITH_TWO_ACCOUNTS)
  return {
    accountId: jiraAccountIdOf(seed, 'second account'),
    displayName: `${owner.displayName} (admin)`,
    email: owner.login.replace('@', '.admin@'),
    emailHidden: false,
    active: true,
  }
}

/** Somebody of another company who was invited to the site: nobody in the directory. */
export function strangerOf(seed: number): JiraAccount {
  return {
    accountId: jiraAccountIdOf(seed, 'stranger'),
    displayName: 'Ivo Brightwell',
    email: 'ivo.brightwell@brightpath.example',
    emailHidden: false,
    active: true,
  }
}

function link(person: Person, jiraAccountId: string): AccountLink {
  return { personId: person.id, jiraAccountId, proof: 'administrator import', nameOnImport: person.displayName }
}
