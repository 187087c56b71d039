import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Change } from '#connectors/kit/connector.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { EntraClient, Write } from './client.ts'
import type { GroupFacts } from './group-facts.ts'
import {
  CONTRADICTION,
  done,
  isNotFound,
  notEntras,
  outcomeOfRefusal,
  outcomeOfTrouble,
  rejected,
  saysAlreadyThere,
  saysMissingOrFresh,
  unknown,
} from './outcome.ts'
import type { GraphRefusal } from './outcome.ts'
import { user } from './shapes.ts'
import type { GraphError } from './shapes.ts'

/** One change on its way to its outcome. */
export interface Todo {
  readonly change: Change
  settle(outcome: Outcome): void
  mayStart(): boolean
}

/** Writes memberships that Entra does not end by itself. Every change given is settled. */
export interface MemberWrites {
  add(todos: readonly Todo[]): Promise<void>
  remove(todos: readonly Todo[]): Promise<void>
  /** What is in the way of a change that Entra answered with "not found". */
  whoIsMissing(change: Pick<Change, 'account' | 'group'>): Promise<Outcome | 'nobody'>
}

/** https://learn.microsoft.com/graph/api/group-post-members: as many as one message adds to one group. */
const MOST_TOGETHER = 20

export function createMemberWrites(io: Io, client: EntraClient, facts: GroupFacts): MemberWrites {
  /**
   * Twenty adds to one group in one message, which Entra carries out as a whole or not at all: one member who is there already
   * is enough. Then each is tried for itself.
   */
  async function addTogether(groupId: string, todos: readonly Todo[]): Promise<void> {
    const { sent, answer } = await client.together(
      `/groups/${groupId}`,
      [...todos.keys()],
      (places) => ({ 'members@odata.bind': places.map((place) => addressOf(todos[place])) }),
      (place) => todos[place]?.mayStart() === true,
    )
    if (answer.kind === 'refused') {
      await each(todos.filter((_, place) => sent.has(place)))
    }
    for (const [place, todo] of todos.entries()) {
      if (answer.kind === 'refused' && sent.has(place)) continue
      if (answer.kind === 'unavailable') todo.settle(outcomeOfTrouble(answer))
      else if (!sent.has(place)) todo.settle(NOT_SENT)
      else todo.settle(answer.kind === 'answered' ? added(answer) : NOT_SENT)
    }
  }

  async function add(todos: readonly Todo[]): Promise<void> {
    const alone: Todo[] = []
    const together: Promise<void>[] = []
    for (const [groupId, ofGroup] of Map.groupBy(todos, ({ change }) => change.group.id)) {
      for (let from = 0; from < ofGroup.length; from += MOST_TOGETHER) {
        const some = ofGroup.slice(from, from + MOST_TOGETHER)
        if (some.length === 1) alone.push(...some)
        else together.push(addTogether(groupId, some))
      }
    }
    await Promise.all([...together, each(alone)])
  }

  /** Each by itself, in batches; the order among them does not matter, because no two are of one membership. */
  async function each(todos: readonly Todo[]): Promise<void> {
    if (todos.length === 0) return
    const answers = await client.writeAll(todos.map(writeOf), (place) => todos[place]?.mayStart() === true)
    const outcomes = await Promise.all(
      todos.map(({ change }, place) => {
        const answer = answers[place] ?? null
        if (answer === null) return NOT_SENT
        return change.do === 'add' ? outcomeOfAdd(change, answer) : outcomeOfRemoval(change, answer)
      }),
    )
    for (const [place, todo] of todos.entries()) todo.settle(outcomes[place] ?? NOT_SENT)
  }

  function added(answer: Extract<Exchange<null, GraphError>, { kind: 'answered' }>): Outcome {
    return answer.status === 204 ? done('changed', answer.headers, io.now()) : notEntras(answer.status)
  }

  async function outcomeOfAdd(change: Change, answer: Exchange<null, GraphError>): Promise<Outcome> {
    if (answer.kind === 'answered') return added(answer)
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    if (saysAlreadyThere(answer)) return done('unchanged', answer.headers, io.now())
    if (!isNotFound(answer) && !saysMissingOrFresh(answer)) return outcomeOfRefusal(answer)
    const missing = await whoIsMissing(change)
    if (missing !== 'nobody') return missing
    return unknown(isNotFound(answer) ? CONTRADICTION : 'Entra does not know the group or the person everywhere yet')
  }

  async function outcomeOfRemoval(change: Change, answer: Exchange<null, GraphError>): Promise<Outcome> {
    if (answer.kind === 'answered') return added(answer)
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    if (!isNotFound(answer)) return outcomeOfRefusal(answer)
    return wasNoMember(change, answer)
  }

  /** Entra's 404 to a removal is that of a group that is missing, of a person who is, and of a membership that was none. */
  async function wasNoMember(change: Change, answer: GraphRefusal): Promise<Outcome> {
    const missing = await whoIsMissing(change)
    return missing === 'nobody' ? done('unchanged', answer.headers, io.now()) : missing
  }

  async function whoIsMissing({ account, group }: Pick<Change, 'account' | 'group'>): Promise<Outcome | 'nobody'> {
    facts.forget(group.id)
    const [kind, person] = await Promise.all([
      facts.kindOf(group.id),
      client.read(`/users/${account}?$select=id`, user),
    ])
    if (kind.kind === 'unavailable') return outcomeOfTrouble(kind)
    if (kind.kind === 'refused') {
      return isNotFound(kind) ? rejected('no such group', 'Entra knows no such group') : outcomeOfRefusal(kind)
    }
    if (person.kind === 'unavailable') return outcomeOfTrouble(person)
    if (person.kind === 'answered') return 'nobody'
    return isNotFound(person)
      ? rejected('no such person', 'Entra knows the group, and no such user')
      : outcomeOfRefusal(person)
  }

  function addressOf(todo: Todo | undefined): string {
    return `${client.base}/directoryObjects/${todo?.change.account ?? ''}`
  }

  function writeOf(todo: Todo): Write {
    const { account, group, do: what } = todo.change
    if (what === 'remove') return { method: 'DELETE', path: `/groups/${group.id}/members/${account}/$ref` }
    return { method: 'POST', path: `/groups/${group.id}/members/$ref`, body: { '@odata.id': addressOf(todo) } }
  }

  return { add, remove: each, whoIsMissing }
}

const NOT_SENT: Outcome = { kind: 'unavailable', retryAfterMs: null, said: 'not sent: the work is not ours any more' }
