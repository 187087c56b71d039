import { isoOf } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { etagOf, forbidden, invalid, outOfScope } from './answers.ts'
import { may } from './call.ts'
import type { Call, Weather } from './call.ts'
import { NOW } from './company.ts'
import type { Company } from './company.ts'
import { page } from './paging.ts'
import { CUSTOMER } from './seed.ts'

/** Somebody signs in, or tries to. */
export interface SignIn {
  readonly at: Instant
  readonly user: string
  /** Null: to Google itself. */
  readonly app: string | null
  readonly succeeded: boolean
}

/** Something of an account was changed. */
export interface AccountChange {
  readonly at: Instant
  readonly activity: 'CREATE_USER' | 'CHANGE_DISPLAY_NAME' | 'DELETE_USER' | 'SUSPEND_USER' | 'UNSUSPEND_USER'
  readonly user: string
  readonly email: string
  /** The id of an administrator. */
  readonly by: string
}

interface Row {
  readonly key: string
  readonly at: Instant
  readonly actor: object
  readonly event: { readonly type: string; readonly name: string; readonly parameters: readonly object[] }
}

/** Activities, the newest first, some time late. Who is named in them is named by address. */
export function createReports(
  company: Company,
  accounts: readonly AccountChange[],
  signIns: readonly SignIn[],
  rules: { readonly weather: Weather; readonly longestPage: number },
): (call: Call) => HttpAnswer {
  const { weather, longestPage } = rules
  const emailOf = (userId: string, at: Instant): string =>
    company.user(userId, at)?.primaryEmail ?? company.user(userId, at - 1)?.primaryEmail ?? userId
  const text = (name: string, value: string): object => ({ name, value })

  function actorOf(id: string, at: Instant): object {
    const user = company.user(id, NOW)
    return user ? { callerType: 'USER', email: emailOf(id, at), profileId: id } : { callerType: 'USER', email: id }
  }

  /** What the owner of a group does in Google Groups is in a log of its own, in other words. */
  function memberRows(isByOwner: boolean): readonly Row[] {
    return company.changeLog.flatMap(({ at, by, group, user, op }, place): readonly Row[] => {
      if ((by.kind === 'owner') !== isByOwner) return []
      const groupEmail = (company.group(group, at) ?? company.group(group, at - 1))?.email ?? group
      const [personName, groupName] = isByOwner ? ['member_id', 'group_id'] : ['USER_EMAIL', 'GROUP_EMAIL']
      const parameters = [text(personName!, emailOf(user, at)), text(groupName!, groupEmail)]
      const actor =
        by.kind === 'expiry' ? { callerType: 'USER', email: 'cloud-support@google.com' } : actorOf(by.id, at)
      const name = isByOwner ? `${op}_member` : `${op.toUpperCase()}_GROUP_MEMBER`
      const type = isByOwner ? 'moderator_action' : 'GROUP_SETTINGS'
      return [{ key: `M${place}`, at, actor, event: { type, name, parameters } }]
    })
  }

  function adminRows(): readonly Row[] {
    const others = accounts.map(({ at, activity, email, by }, place): Row => {
      const event = { type: 'USER_SETTINGS', name: activity, parameters: [text('USER_EMAIL', email)] }
      return { key: `U${place}`, at, actor: actorOf(by, at), event }
    })
    return [...memberRows(false), ...others]
  }

  function signInRows(isSaml: boolean): readonly Row[] {
    return signIns
      .filter(({ app }) => (app !== null) === isSaml)
      .map(({ at, user, app, succeeded }, place) => {
        const parameters = app === null ? [text('login_type', 'google_password')] : [text('application_name', app)]
        const event = { type: 'login', name: succeeded ? 'login_success' : 'login_failure', parameters }
        return { key: `L${place}`, at, actor: actorOf(user, at), event }
      })
  }

  function rowsOf(application: string): readonly Row[] {
    if (application === 'admin') return adminRows()
    return application === 'groups_enterprise' ? memberRows(true) : signInRows(application === 'saml')
  }

  return (call) => {
    const { keys, query, now } = call
    if (!may(call, 'admin.reports.audit.readonly')) return outOfScope()
    if (weather.privilegesTaken.has('reports')) return forbidden()
    const application = keys[1] ?? ''
    if (!['admin', 'groups_enterprise', 'login', 'saml'].includes(application)) return invalid('applicationName')
    const start = query.get('startTime')
    const since = start === null ? Number.NEGATIVE_INFINITY : Date.parse(start)
    if (Number.isNaN(since)) return invalid('startTime')
    const rows = rowsOf(application).filter(
      ({ at, event }) =>
        at >= since && at <= now - weather.logLagMs && (query.get('eventName') ?? event.name) === event.name,
    )
    const listed = {
      kind: 'admin#reports#activities',
      rows: 'items',
      list: `${call.path} ${query.get('eventName') ?? ''}`,
      query,
      size: 'maxResults',
      most: 1_000,
      usual: 1_000,
      longestPage,
      now,
      epoch: weather.epoch,
    } as const
    // The newest first: a page goes on from what its last row sorts as.
    const keyOf = ({ at, key }: Row): string => `${String(1e15 - at).padStart(17, '0')} ${key.padStart(9, '0')}`
    return page(listed, rows, keyOf, ({ key, at, actor, event }) => {
      const uniqueQualifier = `-${[...`${application}${key}`].reduce((sum, char) => sum * 31n + BigInt(char.charCodeAt(0)), 7n)}`
      const body = {
        kind: 'admin#reports#activity',
        id: { time: isoOf(at), uniqueQualifier, applicationName: application, customerId: CUSTOMER },
        actor,
        ipAddress: '192.0.2.1',
        events: [event],
      }
      return { ...body, etag: etagOf(body) }
    })
  }
}
