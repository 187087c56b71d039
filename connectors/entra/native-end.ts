import type { Outcome } from '#core/identity-action/outcome.ts'
import type { EndChange, NativeEnd } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import { codeOf, outcomeOfRequest, refusalOfEnd } from './assignments.ts'
import type { Answer, Assignments } from './assignments.ts'
import type { EntraClient } from './client.ts'
import type { MemberWrites } from './member-writes.ts'
import { done, outcomeOfTrouble, outcomeOfRefusal, rejected } from './outcome.ts'
import { group } from './shapes.ts'
import type { Writable } from './writable.ts'

/**
 * Moves, sets and clears the ends of members who are there. PIM is asked to update; where it knows of nothing to update, it is
 * looked whether the person is a member at all, because PIM would make them one. A member of a group that PIM never had is
 * assigned: that brings the group under PIM, which then says that the member is there already, and updates them.
 */
export function createNativeEnd(
  io: Io,
  client: EntraClient,
  assignments: Assignments,
  writes: MemberWrites,
  writable: Writable,
): NativeEnd {
  async function one(change: EndChange, mayStart: () => boolean): Promise<Outcome> {
    const updated = await assignments.update(change, change.endsAt, mayStart)
    if (!knowsOfNothing(updated)) return outcomeOf(change, updated)
    const isMember = await isMemberOf(change)
    if (isMember !== true) return isMember
    if (change.endsAt === null) return done('unchanged', updated.headers, io.now())
    const begun = await assignments.begin(change, change.endsAt, mayStart)
    if (begun.kind === 'refused' && codeOf(begun) === 'RoleAssignmentExists') {
      return outcomeOf(change, await assignments.update(change, change.endsAt, mayStart))
    }
    return outcomeOf(change, begun)
  }

  async function outcomeOf(change: EndChange, answer: Answer): Promise<Outcome> {
    const outcome = outcomeOfRequest(answer, io.now())
    if (outcome !== null || answer.kind !== 'refused') return outcome ?? outcomeOfNothing
    if (answer.status !== 404) return refusalOfEnd(answer)
    const missing = await writes.whoIsMissing(change)
    return missing === 'nobody' ? refusalOfEnd(answer) : missing
  }

  async function isMemberOf({ account, group: { id } }: EndChange): Promise<true | Outcome> {
    const held = await client.list(`/users/${account}/memberOf?$select=id&$top=999`, group)
    if (held.kind === 'unavailable') return outcomeOfTrouble(held)
    if (held.kind === 'refused') {
      return held.status === 404 ? rejected('no such person', 'Entra knows no such user') : outcomeOfRefusal(held)
    }
    const isThere = held.value.some((each) => each.id.toLowerCase() === id.toLowerCase())
    return isThere || rejected('no such person', 'no member of the group, and an end makes nobody one')
  }

  return {
    async setEnds(changes, mayStart = () => true) {
      const outcomes: Outcome[] = []
      const todos = changes.map((change, place) => ({
        change,
        settle: (outcome: Outcome): void => void (outcomes[place] = outcome),
        mayStart: () => mayStart(place),
      }))
      const allowed = await writable(todos)
      await Promise.all(allowed.map(async ({ change, settle, mayStart }) => settle(await one(change, mayStart))))
      return outcomes.map(withoutEnd)
    },
  }
}

const outcomeOfNothing: Outcome = { kind: 'unavailable', retryAfterMs: null, said: 'the request came to nothing' }

/** Nothing to update: no assignment, and no member that PIM counts as one. */
function knowsOfNothing(answer: Answer): answer is Extract<Answer, { kind: 'refused' }> {
  return (
    answer.kind === 'refused' && /^(RoleAssignmentDoesNotExist|ResourceNotFound|RoleNotFound)$/.test(codeOf(answer))
  )
}

/** A group whose members are not ours to write has members whom Entra does not end either. */
function withoutEnd(outcome: Outcome): Outcome {
  const isManaged = outcome.kind === 'rejected' && outcome.because === 'group is managed by the vendor'
  return isManaged ? rejected('no native end', outcome.said) : outcome
}
