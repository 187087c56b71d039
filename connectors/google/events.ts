import { DAY_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { ActivityEvent } from '#connectors/kit/activity.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import { USER_ID } from './shapes.ts'
import type { GoogleActivity } from './shapes.ts'

/** https://support.google.com/a/answer/7061566: after half a year Google throws them away. */
export const KEPT_FOR_MS = 180 * DAY_MS

/** The logs that are read, one after the other. */
export const LOGS = ['admin', 'groups_enterprise', 'login', 'saml'] as const
export type Log = (typeof LOGS)[number]

/** What a row tells, with the people and groups named as Google names them: by address. */
export interface Told {
  readonly id: string
  readonly at: Instant
  readonly by: string | null
  readonly what:
    | { readonly kind: 'member added' | 'member removed'; readonly person: string; readonly group: string }
    | { readonly kind: 'account changed'; readonly person: string }
    | Extract<ActivityEvent['what'], { kind: 'signed in' }>
}

/** https://developers.google.com/workspace/admin/reports/v1/appendix/activity/admin-group-settings, …/groups-enterprise */
const MEMBERSHIP: Readonly<
  Record<string, readonly [kind: 'member added' | 'member removed', person: string, group: string]>
> = {
  ADD_GROUP_MEMBER: ['member added', 'USER_EMAIL', 'GROUP_EMAIL'],
  REMOVE_GROUP_MEMBER: ['member removed', 'USER_EMAIL', 'GROUP_EMAIL'],
  add_member: ['member added', 'member_id', 'group_id'],
  remove_member: ['member removed', 'member_id', 'group_id'],
}

/** Google writes it where somebody is none of its users. */
const PLACEHOLDER = '105250506097979753968'

/** Nothing for what nobody here wants to hear of, or what cannot be understood. */
export function toldIn(row: GoogleActivity, log: Log): readonly Told[] {
  const at = Date.parse(row.id.time)
  if (Number.isNaN(at)) return []
  const { actor } = row
  const name = actor?.email ?? actor?.profileId ?? actor?.key
  const by = name ? plainText(name, 200) : null
  return (row.events ?? []).flatMap((event, place): readonly Told[] => {
    const id = plainText(`${log} ${row.id.time} ${row.id.uniqueQualifier ?? ''} ${place}`, 200)
    const what = whatIn(event, log, actor?.profileId ?? '')
    return what === null ? [] : [{ id, at, by, what }]
  })
}

type GoogleEvent = NonNullable<GoogleActivity['events']>[number]

function whatIn(event: GoogleEvent, log: Log, profileId: string): Told['what'] | null {
  const value = (name: string): string => event.parameters?.find((each) => each.name === name)?.value ?? ''
  const name = event.name ?? ''
  if (log === 'login' || log === 'saml') {
    // Failed attempts are in the same log, and would make a forgotten account look alive.
    if (name !== 'login_success' || !USER_ID.test(profileId) || profileId === PLACEHOLDER) return null
    const app = log === 'saml' ? plainText(value('application_name'), 200) : ''
    return { kind: 'signed in', account: profileId, app: app === '' ? null : app }
  }
  const found = Object.hasOwn(MEMBERSHIP, name) ? MEMBERSHIP[name] : undefined
  if (found !== undefined) {
    const [kind, person, group] = [found[0], value(found[1]), value(found[2])]
    return isAddress(person) && isAddress(group) ? { kind, person, group } : null
  }
  const person = value('USER_EMAIL')
  return event.type === 'USER_SETTINGS' && isAddress(person) ? { kind: 'account changed', person } : null
}

function isAddress(text: string): boolean {
  return /^[^\s@/]{1,64}@[^\s@/]{1,255}$/.test(text)
}
