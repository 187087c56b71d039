import type { Role } from '#core/catalog/catalog.ts'
import type { Instant } from '#core/instant.ts'
import type { Ticket } from '#connectors/jira/stand-in/site.ts'
import { JIRA_FIELDS } from '#sandbox/seeds/jira-seed.ts'
import { COMPANY } from '../company.ts'

/** What a ticket asked for, from one edit of its form to the next. */
export interface Form {
  readonly from: Instant
  readonly until: Instant
  readonly app: string | null
  readonly role: string | null
  readonly duration: string | null
}

/** A form that can be understood. `hours`: null has no end. */
export interface Asked {
  readonly role: Role
  readonly hours: number | null
}

const OF_FORM: ReadonlyMap<string, 'app' | 'role' | 'duration' | 'reason'> = new Map([
  [JIRA_FIELDS.app, 'app'],
  [JIRA_FIELDS.role, 'role'],
  [JIRA_FIELDS.duration, 'duration'],
  [JIRA_FIELDS.reason, 'reason'],
])

/** Whether an entry of the history is about what was asked. */
export function isOfForm({ fieldId }: { readonly fieldId: string }): boolean {
  return OF_FORM.has(fieldId)
}

/** All that the form ever said, the oldest first: the ticket as it stands, and its history taken back step by step. */
export function formsOf(ticket: Ticket): readonly Form[] {
  const forms: Form[] = []
  let { app, role, duration } = ticket
  let until = Infinity
  for (const { at, items } of ticket.history.toReversed()) {
    const edited = items.filter(isOfForm)
    if (edited.length === 0) continue
    forms.push({ from: at, until, app, role, duration })
    until = at
    for (const { fieldId, fromText } of edited) {
      const field = OF_FORM.get(fieldId)
      if (field === 'app') app = fromText
      if (field === 'role') role = fromText
      if (field === 'duration') duration = fromText
    }
  }
  forms.push({ from: ticket.createdAt, until, app, role, duration })
  return forms.reverse()
}

/** What the catalog makes of a form; null: nothing that could be given. */
export function askedIn({ app, role: name, duration }: Form): Asked | null {
  const { apps, roles } = COMPANY.catalog
  const appId = apps.find((each) => each.name === app)?.id
  const role = roles.find((each) => each.appId === appId && each.name === name)
  if (role === undefined || duration === null) return null
  if (duration === 'No end') return role.durations.noEnd ? { role, hours: null } : null
  const [, number = '', unit] = /^(\d+) (hour|day)s?$/.exec(duration) ?? []
  const hours = Number(number) * (unit === 'day' ? 24 : 1)
  return role.durations.hours.includes(hours) ? { role, hours } : null
}
