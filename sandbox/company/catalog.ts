import type { Catalog } from '#core/catalog/catalog.ts'
import { APPLICATIONS } from './applications.ts'
import { approvalRulesOf } from './approval-rules.ts'
import type { Group } from './groups.ts'
import { OTHER_GROUPS } from './other-groups.ts'
import { personNamed, type Person } from './people.ts'
import { ADMINISTRATORS, SECURITY } from './security.ts'

/** The threshold and the bound that the product ships with: 7 days, and 24 hours for all groups of a role. */
const SHORT_NEED_HOURS = 168
const COMPLETE_WITHIN_HOURS = 24

export function catalogOf(people: readonly Person[], groups: readonly Group[]): Catalog {
  const idOf = (name: string) => personNamed(people, name).id
  const groupNamed = (name: string) => {
    const group = groups.find((each) => each.name === name)
    if (!group) throw new Error(`no group is named ${name}`)
    return { provider: 'okta', id: group.id }
  }
  const otherNamed = (name: string) => {
    const group = OTHER_GROUPS.find((each) => each.name === name)
    if (!group) throw new Error(`no group of another directory is named ${name}`)
    return { provider: group.provider, id: group.id }
  }
  return {
    apps: APPLICATIONS.map(({ id, name, description, owner }) => ({ id, name, description, ownerIds: [idOf(owner)] })),
    roles: APPLICATIONS.flatMap((app) =>
      app.roles.map((role) => ({
        id: role.id,
        appId: app.id,
        name: role.name,
        description: role.description,
        tier: role.tier,
        ownerIds: role.owner === null ? [] : [idOf(role.owner)],
        groups: [...role.groups.map(groupNamed), ...(role.otherGroups ?? []).map(otherNamed)],
        durations: { hours: role.hours, maximumHours: role.maximumHours, noEnd: role.noEnd },
        ruleId: role.rule,
      })),
    ),
    rules: approvalRulesOf(people),
    securityIds: SECURITY.map(idOf),
    administratorIds: ADMINISTRATORS.map(idOf),
    shortNeedHours: SHORT_NEED_HOURS,
    completeWithinHours: COMPLETE_WITHIN_HOURS,
  }
}
