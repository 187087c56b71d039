import type { PersonId } from '#core/identity-action/membership-key.ts'
import { APPLICATIONS } from './applications.ts'
import { EVERY_ASK, HELD_BEFORE_ASKING, type NamedAsk } from './asks.ts'
import { LISTED_GROUPS, UNCLAIMED, type Holders, type ListedGroup, type RuleCondition } from './group-list.ts'
import { oktaIdOf } from './identifiers.ts'
import type { Person } from './people.ts'
import { randomOf } from './random.ts'

export interface Group {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly type: ListedGroup['type']
  readonly members: readonly GroupMember[]
}

export interface GroupMember {
  readonly personId: PersonId
  /** `rule`: put there by a rule of Okta, by an application or by Okta itself; `direct`: by somebody's hand. */
  readonly source: 'direct' | 'rule'
}

/** A group rule of Okta: whoever fits is put into the group, and put back when somebody takes them out. */
export interface GroupRule {
  readonly id: string
  readonly name: string
  readonly condition: RuleCondition
  readonly groupId: string
}

export function groupsOf(seed: number, people: readonly Person[]): readonly Group[] {
  const present = people.filter((person) => person.standing !== 'left')
  return LISTED_GROUPS.map((listed) => ({
    id: groupIdOf(seed, listed),
    name: listed.name,
    description: listed.description,
    type: listed.type,
    members: membersOf(seed, listed, present),
  }))
}

export function groupRulesOf(seed: number): readonly GroupRule[] {
  return LISTED_GROUPS.flatMap((listed) =>
    listed.fedBy === null
      ? []
      : [
          {
            id: oktaIdOf(seed, '0pr', listed.name),
            name: `${listed.fedBy.attribute} is ${listed.fedBy.equals}: ${listed.name}`,
            condition: listed.fedBy,
            groupId: groupIdOf(seed, listed),
          },
        ],
  )
}

/** Claimed for governance from the start: all that a role maps to, but one. */
export function isClaimed(group: Group): boolean {
  return (
    group.name !== UNCLAIMED && APPLICATIONS.some((app) => app.roles.some((role) => role.groups.includes(group.name)))
  )
}

/** What a rule of Okta's reads from the profile. */
export function fitsCondition(person: Person, condition: RuleCondition): boolean {
  return (condition.attribute === 'department' ? person.department : person.employeeType) === condition.equals
}

function groupIdOf(seed: number, listed: ListedGroup): string {
  return oktaIdOf(seed, '00g', listed.name)
}

function membersOf(seed: number, listed: ListedGroup, people: readonly Person[]): readonly GroupMember[] {
  const random = randomOf(seed, `members of ${listed.name}`)
  const apart = namesIn(EVERY_ASK, listed)
  const put = namesIn(HELD_BEFORE_ASKING, listed)
  return people.flatMap((person): readonly GroupMember[] => {
    // Drawn for everybody, so that one person more or less changes nobody else.
    const holds = listed.holders.filter((holders) => random.chance(holders.share) && fitsHolders(person, holders))
    if (listed.fedBy && fitsCondition(person, listed.fedBy)) return [{ personId: person.id, source: 'rule' }]
    const member = put.has(person.displayName) || (holds.length > 0 && !apart.has(person.displayName))
    return member ? [{ personId: person.id, source: listed.type === 'OKTA_GROUP' ? 'direct' : 'rule' }] : []
  })
}

function fitsHolders(person: Person, holders: Holders): boolean {
  return (holders.departments?.includes(person.department) ?? true) && (holders.titles?.includes(person.title) ?? true)
}

/** Those who ask for a role that maps to this group. What they ask for they must not have yet. */
function namesIn(asks: readonly NamedAsk[], listed: ListedGroup): ReadonlySet<string> {
  return new Set(
    asks.flatMap((ask) =>
      APPLICATIONS.some((app) => app.roles.some((role) => role.id === ask.role && role.groups.includes(listed.name)))
        ? [ask.who]
        : [],
    ),
  )
}
