import type { GroupRef } from '#core/identity-action/membership-key.ts'
import { entraIdOf, googleGroupIdOf } from './identifiers.ts'

/** A group of a directory beside Okta. Nobody is in it before somebody asks, but whom its own rule puts there. */
export interface OtherGroup extends GroupRef {
  readonly provider: 'entra' | 'google'
  readonly name: string
  readonly description: string
  /** Whoever works in this department is in it, and nobody else can be. */
  readonly department?: string
}

export function entraGroup(name: string, description: string, department?: string): OtherGroup {
  return {
    provider: 'entra',
    id: entraIdOf(name),
    name,
    description,
    ...(department === undefined ? {} : { department }),
  }
}

export function googleGroup(name: string, description: string): OtherGroup {
  return { provider: 'google', id: googleGroupIdOf(name), name, description }
}

export const OTHER_GROUPS: readonly OtherGroup[] = [
  entraGroup('power-bi-editors', 'May publish reports in Power BI'),
  entraGroup('All of Finance', 'Everybody in Finance', 'Finance'),
  googleGroup('shared-drive-editors', 'May edit the shared drives of the company'),
]
