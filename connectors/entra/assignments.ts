import type { GroupRef } from '#core/identity-action/membership-key.ts'
import { isoOf, MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { AccountId, Reading } from '#connectors/kit/connector.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { EntraClient } from './client.ts'
import { done, isNotFound, outcomeOfTrouble, rejected, saidBy, unknown } from './outcome.ts'
import type { GraphRefusal } from './outcome.ts'
import { assignmentInstance, assignmentRequest } from './shapes.ts'
import type { AssignmentInstance, AssignmentRequest, GraphError } from './shapes.ts'
import type { Todo } from './member-writes.ts'

/*
 * Privileged Identity Management for groups: memberships that Entra ends by itself.
 *
 *   (nobody) --adminAssign, with an end--> assigned, and in the list of members
 *   assigned --adminUpdate, another end or none--> assigned
 *            --adminRemove, not in its first five minutes--> (nobody)
 *            --its end comes--> (nobody)
 *   plain member --adminUpdate--> assigned: PIM counts who is a member without it as assigned for good
 *
 * A membership is one or the other. What PIM refuses is added plainly, without an end; and only what it has refused, never
 * what it did not answer, because a plain membership beside an assignment would outlive the end.
 * https://learn.microsoft.com/graph/api/resources/privilegedidentitymanagement-for-groups-api-overview
 */
export interface Assignments {
  /** Adds with an end. Given back is what Entra will not end, to be added plainly; the others are settled. */
  assign(todos: readonly Todo[]): Promise<readonly Todo[]>
  /** Removes who is assigned. Given back is who is not, to be removed plainly; the others are settled. */
  unassign(todos: readonly Todo[]): Promise<readonly Todo[]>
  /** Asks for another end, or for none, of whoever is there. */
  update(of: Wanted, endsAt: Instant | null, mayStart: () => boolean): Promise<Answer>
  /** Asks for an assignment, of somebody who may be there. */
  begin(of: Wanted, endsAt: Instant | null, mayStart: () => boolean): Promise<Answer>
  /** When Entra will end which member of a group, and which group of a person; ids in lower case. */
  endsIn(groupId: string): Promise<Reading<ReadonlyMap<string, Instant>>>
  endsOf(account: AccountId): Promise<Reading<ReadonlyMap<string, Instant>>>
}

export type Wanted = { readonly account: AccountId; readonly group: GroupRef }
export type Answer = Exchange<AssignmentRequest, GraphError>

const REQUESTS = '/identityGovernance/privilegedAccess/group/assignmentScheduleRequests'
const INSTANCES = '/identityGovernance/privilegedAccess/group/assignmentScheduleInstances'

/** After this long a group that PIM would not have, or an app that it would not let, is tried again. */
const TRY_AGAIN_AFTER_MS = 10 * MINUTE_MS

export function createAssignments(io: Io, client: EntraClient): Assignments {
  /** Group ids, in lower case, that took no assignment, and until when they are not asked again. */
  const endless = new Map<string, Instant>()

  function ask(of: Wanted, action: string, schedule: unknown, mayStart: () => boolean): Promise<Answer> {
    const { account: principalId, group } = of
    const body = {
      accessId: 'member',
      principalId,
      groupId: group.id,
      action,
      justification: 'Tenure: an approved window',
      ...(schedule === null ? {} : { scheduleInfo: schedule }),
    }
    return client.post(REQUESTS, body, assignmentRequest, mayStart)
  }

  function scheduleOf(endsAt: Instant | null): unknown {
    const expiration =
      endsAt === null ? { type: 'noExpiration' } : { type: 'afterDateTime', endDateTime: isoOf(endsAt) }
    return { startDateTime: isoOf(io.now()), expiration }
  }

  async function assign(todos: readonly Todo[]): Promise<readonly Todo[]> {
    const left = await Promise.all(
      todos.map(async (todo) => {
        const { change, settle, mayStart } = todo
        const groupId = change.group.id.toLowerCase()
        if (io.now() < (endless.get(groupId) ?? 0)) return [todo]
        const answer = await ask(change, 'adminAssign', scheduleOf(change.endsAt ?? null), mayStart)
        const outcome = outcomeOfRequest(answer, io.now())
        if (outcome !== null) settle(outcome)
        else if (answer.kind === 'refused' && codeOf(answer) === 'RoleAssignmentExists') {
          settle(done('unchanged', answer.headers, io.now()))
        } else {
          if (answer.kind === 'refused' && isAboutTheGroup(answer)) endless.set(groupId, io.now() + TRY_AGAIN_AFTER_MS)
          return [todo]
        }
        return []
      }),
    )
    return left.flat()
  }

  async function unassign(todos: readonly Todo[]): Promise<readonly Todo[]> {
    const groups = [...new Set(todos.map(({ change }) => change.group.id))]
    const readings = await Promise.all(groups.map((groupId) => endsIn(groupId)))
    const ending = new Map(groups.map((groupId, place) => [groupId, readings[place]]))
    const left = await Promise.all(
      todos.map(async (todo) => {
        const { change, settle, mayStart } = todo
        const ends = ending.get(change.group.id)
        // Membership is what gives access. Who cannot be known to be assigned is taken out of the group itself.
        const isAssigned = ends?.kind === 'read' && ends.value.has(change.account.toLowerCase())
        if (!isAssigned) return [todo]
        const answer = await ask(change, 'adminRemove', null, mayStart)
        const outcome = outcomeOfRequest(answer, io.now())
        if (outcome === null) return [todo]
        settle(outcome)
        return []
      }),
    )
    return left.flat()
  }

  function endsIn(groupId: string): Promise<Reading<ReadonlyMap<string, Instant>>> {
    return ends(`groupId eq '${groupId}'`, ({ principalId }) => principalId)
  }

  async function ends(
    filter: string,
    keyOf: (instance: AssignmentInstance) => string,
  ): Promise<Reading<ReadonlyMap<string, Instant>>> {
    const answer = await client.list(`${INSTANCES}?$filter=${encodeURIComponent(filter)}`, assignmentInstance)
    if (answer.kind === 'refused' && isUnlicensed(answer)) {
      return { kind: 'read', startedAt: answer.startedAt, value: new Map() }
    }
    if (answer.kind !== 'answered') {
      const said = answer.kind === 'refused' ? saidBy(answer) : answer.said
      const retryAfterMs = answer.kind === 'refused' ? null : answer.retryAfterMs
      return { kind: 'unreadable', retryAfterMs, said: `assignments of Privileged Identity Management: ${said}` }
    }
    const found = new Map<string, Instant>()
    for (const instance of answer.value) {
      if (instance.accessId?.toLowerCase() !== 'member' || instance.memberType?.toLowerCase() === 'group') continue
      if (instance.endDateTime === null || instance.endDateTime === undefined) continue
      const endsAt = Date.parse(instance.endDateTime)
      if (Number.isNaN(endsAt)) {
        return { kind: 'unreadable', retryAfterMs: null, said: 'an assignment whose end is no moment' }
      }
      const key = keyOf(instance).toLowerCase()
      // Of two ends the later one counts: until then the person is a member.
      found.set(key, Math.max(endsAt, found.get(key) ?? 0))
    }
    return { kind: 'read', startedAt: answer.startedAt, value: found }
  }

  return {
    assign,
    unassign,
    update: (of, endsAt, mayStart) => ask(of, 'adminUpdate', scheduleOf(endsAt), mayStart),
    begin: (of, endsAt, mayStart) => ask(of, 'adminAssign', scheduleOf(endsAt), mayStart),
    endsIn,
    endsOf: (account) => ends(`principalId eq '${account}'`, ({ groupId }) => groupId),
  }
}

export function codeOf({ refusal }: GraphRefusal): string {
  return refusal.error.code
}

/** https://learn.microsoft.com/graph/api/resources/privilegedaccessgroupassignmentschedulerequest#properties */
const DONE: ReadonlySet<string> = new Set(['Provisioned', 'Revoked'])
const NOT_DONE: ReadonlySet<string> = new Set(['Denied', 'AdminDenied', 'Failed', 'Canceled', 'TimedOut', 'Invalid'])

/** What a request that was taken came to; null: it was refused, and why has to be looked at. */
export function outcomeOfRequest(answer: Answer, at: Instant): Outcome | null {
  if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
  if (answer.kind === 'refused') {
    // A request of before is still at work: what it comes to will be read.
    return codeOf(answer) === 'PendingRoleAssignmentRequest' ? unknown(saidBy(answer)) : null
  }
  const { status, id } = answer.value
  const receipt = { ...answer.headers, 'request-id': answer.headers['request-id'] ?? id ?? '' }
  if (NOT_DONE.has(status ?? '')) return unknown(`the request to Privileged Identity Management came to ${status}`)
  return done(DONE.has(status ?? '') ? 'changed' : 'accepted', receipt, at)
}

/** Why Entra will not end a membership by itself. */
export function refusalOfEnd(answer: GraphRefusal): Outcome {
  if (isNotFound(answer) || codeOf(answer) === 'SubjectNotFound') return rejected('no such person', saidBy(answer))
  if (isUnlicensed(answer)) return rejected('no native end', saidBy(answer))
  return rejected(answer.status === 403 ? 'not allowed' : 'no native end', saidBy(answer))
}

function isUnlicensed({ refusal }: GraphRefusal): boolean {
  return /licen[sc]e|premium/i.test(`${refusal.error.code} ${refusal.error.message ?? ''}`)
}

/** Whether the next person would be refused as well: a policy, an edition, a permission; not a duration that was too short. */
function isAboutTheGroup(answer: GraphRefusal): boolean {
  return (
    answer.status === 403 || isUnlicensed(answer) || codeOf(answer) === 'RoleAssignmentRequestPolicyValidationFailed'
  )
}
