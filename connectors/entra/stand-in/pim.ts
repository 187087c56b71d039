import { isoOf, MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { badRequest, error, json, notFound } from './answers.ts'
import { NOW } from './company.ts'
import type { Company, Doing } from './company.ts'

/**
 * Privileged Identity Management for groups: assignments with an end. A group comes under it with the first request about it; then
 * who is a member without an assignment is counted as assigned for good. An assignment lasts five minutes at least, and cannot be
 * taken away by PIM before; it can by whoever changes the group itself.
 */
export interface Pim {
  request(body: unknown, now: Instant, doing: Doing): HttpAnswer
  instances(filter: string, context: string, asOf: Instant): HttpAnswer
  /** Its clock goes on whether or not anybody asks. */
  endWhatIsOver(now: Instant): void
  /** The membership was taken out of the group, and its assignment with it. */
  forget(groupId: string, userId: string, at: Instant): void
  endOf(groupId: string, userId: string): Instant | null
}

interface Assignment {
  readonly group: string
  readonly user: string
  readonly startsAt: Instant
  readonly endsAt: Instant | null
  readonly assignedAt: Instant
  readonly id: string
}

const SHORTEST_MS = 5 * MINUTE_MS

export function createPim(
  company: Company,
  isLicensed: boolean,
  onboarded: Set<string>,
  refusing: ReadonlySet<string>,
): Pim {
  const assignments = new Map<string, Assignment>()
  let requests = 0
  const keyOf = (group: string, user: string): string => `${group} ${user}`

  function put(group: string, user: string, endsAt: Instant | null, now: Instant): void {
    const id = `${group}_member_${requests}`
    assignments.set(keyOf(group, user), { group, user, startsAt: now, endsAt, assignedAt: now, id })
  }

  function answered(body: Body, status: string, now: Instant): HttpAnswer {
    const at = isoOf(now)
    return json(201, {
      '@odata.context':
        'https://graph.microsoft.com/v1.0/$metadata#identityGovernance/privilegedAccess/group/assignmentScheduleRequests/$entity',
      id: `00000000-0000-4000-9000-${String(requests).padStart(12, '0')}`,
      status,
      createdDateTime: at,
      completedDateTime: at,
      approvalId: null,
      customData: null,
      createdBy: { user: null, application: { id: 'stand-in', displayName: 'Tenure' } },
      isValidationOnly: false,
      targetScheduleId: `${body.groupId}_member_${requests}`,
      ...body,
    })
  }

  return {
    request(given, now, doing) {
      if (!isLicensed) {
        return error(400, 'AadPremiumLicenseRequired', 'The tenant needs an AAD Premium 2 license.')
      }
      const body = bodyOf(given)
      if (body === null || body.accessId !== 'member')
        return error(400, 'InvalidRoleAssignmentRequest', 'The request is invalid.')
      const { groupId: group, principalId: user, action } = body
      const kind = company.group(group, NOW)
      if (kind === null) return notFound(group)
      if (company.user(user, NOW) === null) {
        return error(400, 'SubjectNotFound', 'The subject is not found in the tenant.')
      }
      if (kind.kind === 'dynamic' || kind.kind === 'synced') {
        return error(400, 'InvalidResource', 'The group cannot be managed by Privileged Identity Management.')
      }
      if (refusing.has(group)) {
        const message = 'The following policy rules failed: ["ExpirationRule"]'
        return error(400, 'RoleAssignmentRequestPolicyValidationFailed', message)
      }
      const key = keyOf(group, user)
      const held = assignments.get(key)
      const isMember = company.isMember(group, user)
      const wasOnboarded = onboarded.has(group)
      const endsAt = endIn(body.scheduleInfo, now)
      requests += 1
      if (action === 'adminAssign') {
        onboarded.add(group)
        if (isMember) return error(400, 'RoleAssignmentExists', 'The Role assignment already exists.')
        if (endsAt === undefined) return error(400, 'InvalidRoleAssignmentRequest', 'The schedule is invalid.')
        if (endsAt !== null && endsAt - now < SHORTEST_MS) return tooShort()
        company.add(group, user, now, doing)
        put(group, user, endsAt, now)
        return answered(body, 'Provisioned', now)
      }
      if (!isMember || (held === undefined && !wasOnboarded)) {
        return error(400, 'RoleAssignmentDoesNotExist', 'The Role assignment does not exist.')
      }
      if (action === 'adminUpdate') {
        if (endsAt === undefined) return error(400, 'InvalidRoleAssignmentRequest', 'The schedule is invalid.')
        if (endsAt !== null && endsAt - now < SHORTEST_MS) return tooShort()
        if (endsAt === null) assignments.delete(key)
        else put(group, user, endsAt, now)
        return answered(body, 'Provisioned', now)
      }
      if (action === 'adminRemove') {
        if (held !== undefined && now - held.assignedAt < SHORTEST_MS) return tooShort()
        assignments.delete(key)
        company.remove(group, user, now, doing)
        return answered(body, 'Revoked', now)
      }
      return error(400, 'InvalidRoleAssignmentRequest', `The action ${action} is not imitated.`)
    },
    instances(filter, context, asOf) {
      if (!isLicensed) return error(400, 'AadPremiumLicenseRequired', 'The tenant needs an AAD Premium 2 license.')
      const [, field, id = ''] = /^(groupId|principalId) eq '([^']+)'$/.exec(filter) ?? []
      if (field === undefined) return badRequest('The request must be scoped by groupId or by principalId.')
      const pairs =
        field === 'groupId'
          ? company.membersOf(id, asOf).map((user) => [id, user] as const)
          : company.groupsOf(id, asOf).map((group) => [group.id, id] as const)
      const rows = pairs.flatMap(([group, user]) => {
        const held = assignments.get(keyOf(group, user))
        if (held === undefined && !onboarded.has(group)) return []
        const scheduleId = held?.id ?? `${group}_member_${user}`
        return {
          id: scheduleId,
          principalId: user,
          groupId: group,
          accessId: 'member',
          assignmentType: 'assigned',
          memberType: 'direct',
          startDateTime: held === undefined ? null : isoOf(held.startsAt),
          endDateTime: held === undefined || held.endsAt === null ? null : isoOf(held.endsAt),
          assignmentScheduleId: scheduleId,
        }
      })
      return json(200, { '@odata.context': context, value: rows })
    },
    endWhatIsOver(now) {
      for (const [key, { group, user, endsAt }] of assignments) {
        if (endsAt === null || endsAt > now) continue
        assignments.delete(key)
        company.remove(group, user, endsAt, { by: { kind: 'pim', id: 'assignment ended' }, requestId: null })
      }
    },
    forget: (group, user) => void assignments.delete(keyOf(group, user)),
    endOf: (group, user) => assignments.get(keyOf(group, user))?.endsAt ?? null,
  }
}

function tooShort(): HttpAnswer {
  return error(400, 'ActiveDurationTooShort', 'The Active duration is too short. Minimum Required is 5 minutes.')
}

interface Body {
  readonly accessId: unknown
  readonly groupId: string
  readonly principalId: string
  readonly action: string
  readonly scheduleInfo: unknown
}

function bodyOf(given: unknown): Body | null {
  if (typeof given !== 'object' || given === null) return null
  const { groupId, principalId, action } = given as Record<string, unknown>
  const isWhole = typeof groupId === 'string' && typeof principalId === 'string' && typeof action === 'string'
  return isWhole ? (given as Body) : null
}

/** Undefined: nothing that is a schedule. */
function endIn(schedule: unknown, now: Instant): Instant | null | undefined {
  const { expiration } = (schedule ?? {}) as { expiration?: { type?: unknown; endDateTime?: unknown } }
  if (expiration?.type === 'noExpiration') return null
  if (expiration?.type !== 'afterDateTime' || typeof expiration.endDateTime !== 'string') return undefined
  const endsAt = Date.parse(expiration.endDateTime)
  return Number.isNaN(endsAt) || endsAt <= now ? undefined : endsAt
}
