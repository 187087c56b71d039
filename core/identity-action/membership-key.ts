/** Who in this product: our own random id. A directory account is found from it, never the other way round. */
export type PersonId = string

/** A group of a directory, e.g. `{ provider: 'okta', id: '00g1emaKYZTWRYYRRTSK' }`. */
export interface GroupRef {
  readonly provider: string
  readonly id: string
}

/** One membership: this person in this group. */
export interface MembershipKey {
  readonly group: GroupRef
  readonly personId: PersonId
}

export function sameGroup(a: GroupRef, b: GroupRef): boolean {
  return a.provider === b.provider && a.id === b.id
}

/** The stream of a membership. Provider names hold no slash, and neither do vendors' ids or ours. */
export function membershipStream(key: MembershipKey): string {
  return `membership/${key.group.provider}/${key.group.id}/${key.personId}`
}

export function groupStream(group: GroupRef): string {
  return `group/${group.provider}/${group.id}`
}
