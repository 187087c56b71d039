import type { JsonObject } from '../event.ts'
import type { GroupRef, PersonId } from '../identity-action/membership-key.ts'

/**
 * The exact ask that an approver says yes to: this person, this role, these groups, this long. Its canonical form
 * (RFC 8785) is hashed by the caller. Change the ticket or the mapping of the role, and the hash is another.
 */
export function exactAsk(ask: {
  readonly beneficiaryId: PersonId
  readonly roleId: string
  readonly groups: readonly GroupRef[]
  readonly hours: number | null
}): JsonObject {
  const groups = ask.groups.map((each) => `${each.provider}/${each.id}`).sort()
  return { person: ask.beneficiaryId, role: ask.roleId, groups, hours: ask.hours }
}
