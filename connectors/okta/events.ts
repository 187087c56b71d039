import type { ActivityEvent } from '#connectors/kit/activity.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import { ID } from './shapes.ts'
import type { LogEvent } from './shapes.ts'

/** https://developer.okta.com/docs/reference/api/event-types/ */
const MEMBERSHIP: Readonly<Record<string, 'member added' | 'member removed'>> = {
  'group.user_membership.add': 'member added',
  'group.user_membership.remove': 'member removed',
}
const EXCLUSION = 'group.user_membership.rule.add_exclusion'
const TO_AN_APP = 'user.authentication.sso'
const TO_OKTA = 'user.session.start'
const ACCOUNT: readonly string[] = [
  'user.lifecycle.create',
  'user.lifecycle.activate',
  'user.lifecycle.deactivate',
  'user.lifecycle.suspend',
  'user.lifecycle.unsuspend',
  'user.lifecycle.reactivate',
  'user.lifecycle.delete.initiated',
  'user.account.update_profile',
]

/** What is asked for: the whole log of a company is a flood. */
export const EVENT_TYPES: readonly string[] = [...Object.keys(MEMBERSHIP), EXCLUSION, TO_AN_APP, TO_OKTA, ...ACCOUNT]

/** Null: nothing that anybody here wants to hear of, or nothing that can be understood. */
export function eventOf({ uuid, published, eventType, actor, target, outcome }: LogEvent): ActivityEvent | null {
  const at = Date.parse(published)
  if (Number.isNaN(at)) return null
  const said = actor?.displayName ?? actor?.alternateId ?? actor?.id
  const event = { id: plainText(uuid, 100), at, by: said ? plainText(said, 200) : null }
  const idOf = (type: string): string | null => {
    // In any order: https://developer.okta.com/docs/reference/system-log-query/
    const id = target?.find((each) => each.type === type)?.id ?? ''
    return ID.test(id) ? id : null
  }
  // A failed attempt is in the same log, and would make a forgotten account look alive.
  if (outcome?.result !== null && outcome?.result !== undefined && outcome.result !== 'SUCCESS') return null
  if (eventType === TO_AN_APP || eventType === TO_OKTA) {
    const account = actor?.type === 'User' && ID.test(actor.id ?? '') ? (actor.id ?? null) : null
    if (account === null) return null
    const app = eventType === TO_AN_APP ? idOf('AppInstance') : null
    return { ...event, what: { kind: 'signed in', account, app } }
  }
  const account = idOf('User')
  if (account === null) return null
  const group = idOf('UserGroup')
  const kind = Object.hasOwn(MEMBERSHIP, eventType) ? MEMBERSHIP[eventType] : undefined
  if (kind !== undefined)
    return group === null ? null : { ...event, what: { kind, account, group: { provider: 'okta', id: group } } }
  if (eventType === EXCLUSION)
    return {
      ...event,
      what: { kind: 'excluded from a rule', account, group: group === null ? null : { provider: 'okta', id: group } },
    }
  return ACCOUNT.includes(eventType) ? { ...event, what: { kind: 'account changed', account } } : null
}
