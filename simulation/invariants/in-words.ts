import { isoOf, type Instant } from '#core/instant.ts'
import { COMPANY } from '../company.ts'
import type { Window } from '../oracle/windows.ts'

/** How a violation names what it is about. */

export function membershipInWords(group: string, user: string): string {
  return `${personInWords(user)} in ${groupInWords(group)}`
}

export function personInWords(user: string): string {
  return COMPANY.people.find((each) => each.oktaId === user)?.firstName ?? user
}

export function groupInWords(group: string): string {
  return COMPANY.groups.find((each) => each.id === group)?.name ?? group
}

export function windowInWords({ agreement, from, to, revokedAt }: Window): string {
  const { ticket, role } = agreement
  const revoked = revokedAt === null ? '' : `, revoked ${timeOf(revokedAt)}`
  return `${ticket.key} ${role.id} (agreed ${timeOf(from)}, to ${timeOf(to)}${revoked})`
}

/** The time of day to the millisecond, with the day where it is not the first. */
export function timeOf(at: Instant): string {
  if (!Number.isFinite(at)) return 'the end of time'
  const iso = isoOf(Math.round(at))
  return `${iso.slice(8, 10) === '04' ? '' : `${iso.slice(5, 10)} `}${iso.slice(11, 23)}`
}
