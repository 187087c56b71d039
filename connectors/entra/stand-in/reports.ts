import { isoOf } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { badRequest, error } from './answers.ts'
import type { Company } from './company.ts'
import { page } from './paging.ts'

/** Somebody signs in, or tries to. */
export interface SignInRow {
  readonly id: string
  readonly at: Instant
  readonly user: string
  readonly app: string
  readonly succeeded: boolean
}

/** Something of an account was changed. */
export interface AccountChange {
  readonly at: Instant
  readonly activity: 'Add user' | 'Update user' | 'Delete user' | 'Disable account' | 'Enable account'
  readonly user: string
  readonly by: { readonly kind: 'client' | 'admin'; readonly id: string }
}

/**
 * Audit logs, the newest first, some time late. Only those filters are understood that Tenure sends: a moment from which, and
 * categories.
 */
export function createReports(
  company: Company,
  accounts: readonly AccountChange[],
  signIns: readonly SignInRow[],
  rules: { readonly hasSignIns: boolean; readonly lateByMs: () => number; readonly longestPage: number },
) {
  interface Row {
    readonly id: string
    readonly at: Instant
    readonly body: () => unknown
  }

  function audits(): Row[] {
    const members = company.changeLog.map((change, place): Row => {
      const isAdd = change.op === 'add'
      const id = `Directory_M${String(place).padStart(10, '0')}`
      const group = {
        displayName: 'Group.ObjectID',
        oldValue: isAdd ? null : `"${change.group}"`,
        newValue: isAdd ? `"${change.group}"` : null,
      }
      const body = () => ({
        ...auditOf(
          id,
          change.at,
          isAdd ? 'Add member to group' : 'Remove member from group',
          'GroupManagement',
          change.by,
        ),
        operationType: isAdd ? 'Assign' : 'Unassign',
        targetResources: [
          { id: change.user, displayName: null, type: 'User', modifiedProperties: [group] },
          { id: change.group, displayName: null, type: 'Group', modifiedProperties: [] },
        ],
      })
      return { id, at: change.at, body }
    })
    const others = accounts.map((change, place): Row => {
      const id = `Directory_U${String(place).padStart(10, '0')}`
      const body = () => ({
        ...auditOf(id, change.at, change.activity, 'UserManagement', change.by),
        operationType: change.activity === 'Add user' ? 'Add' : change.activity === 'Delete user' ? 'Delete' : 'Update',
        targetResources: [{ id: change.user, displayName: null, type: 'User', modifiedProperties: [] }],
      })
      return { id, at: change.at, body }
    })
    return [...members, ...others]
  }

  function rowsOfSignIns(): Row[] {
    return signIns.map((each) => ({
      id: each.id,
      at: each.at,
      body: () => ({
        id: each.id,
        createdDateTime: isoOf(each.at),
        userId: each.user,
        userPrincipalName: company.user(each.user, each.at)?.userPrincipalName ?? null,
        userDisplayName: company.user(each.user, each.at)?.displayName ?? null,
        appId: each.app,
        appDisplayName: 'An application',
        clientAppUsed: 'Browser',
        isInteractive: true,
        conditionalAccessStatus: 'notApplied',
        status: each.succeeded
          ? { errorCode: 0, failureReason: null, additionalDetails: null }
          : { errorCode: 50126, failureReason: 'Invalid username or password', additionalDetails: null },
      }),
    }))
  }

  return (kind: 'audits' | 'sign-ins', address: string, query: URLSearchParams, now: Instant): HttpAnswer => {
    if (kind === 'sign-ins' && !rules.hasSignIns) {
      return error(
        403,
        'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
        'Neither tenant is B2C or tenant has premium license',
      )
    }
    const form = kind === 'audits' ? AUDITS : SIGN_INS
    const filter = query.get('$filter') ?? ''
    const [, from] = form.exec(filter) ?? []
    if (filter !== '' && from === undefined) return badRequest('Invalid filter clause')
    const since = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from)
    const until = now - rules.lateByMs()
    const rows = (kind === 'audits' ? audits() : rowsOfSignIns())
      .filter(({ at }) => at >= since && at <= until)
      // The newest first: a page goes on from what its last row sorts as.
      .map((row) => ({ ...row, id: `${String(1e15 - row.at).padStart(17, '0')} ${row.id}` }))
    const context = `${new URL(address).origin}/v1.0/$metadata#auditLogs/${kind === 'audits' ? 'directoryAudits' : 'signIns'}`
    const listed = { address, context, query, defaultTop: 1_000, mostTop: Math.min(1_000, rules.longestPage) }
    return page(listed, rows, ({ body }) => body())
  }
}

const AUDITS = /^activityDateTime ge (\S+)(?: and \(category eq 'GroupManagement' or category eq 'UserManagement'\))?$/
const SIGN_INS = /^createdDateTime ge (\S+)$/

function auditOf(
  id: string,
  at: Instant,
  activity: string,
  category: string,
  by: { readonly kind: string; readonly id: string },
) {
  const isApp = by.kind === 'client'
  return {
    id,
    activityDateTime: isoOf(at),
    activityDisplayName: activity,
    category,
    result: 'success',
    resultReason: '',
    loggedByService: 'Core Directory',
    initiatedBy: isApp
      ? { app: { appId: by.id, displayName: 'Tenure', servicePrincipalId: null }, user: null }
      : { app: null, user: { id: null, displayName: null, userPrincipalName: `${by.kind}@acme.example` } },
    additionalDetails: [],
  }
}
