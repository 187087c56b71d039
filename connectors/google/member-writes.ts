import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Change } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { GoogleClient } from './client.ts'
import { whyNotWritable } from './group-facts.ts'
import type { GroupFacts } from './group-facts.ts'
import { throughWhat } from './nested.ts'
import {
  done,
  isDuplicate,
  isNotFound,
  isUnderWay,
  notNow,
  outcomeOfRefusal,
  outcomeOfTrouble,
  rejected,
  saidBy,
  saysThatSomebodyIsMissing,
} from './outcome.ts'
import type { Refusal } from './outcome.ts'
import { outcomeOfUnknown } from './people.ts'
import type { People } from './people.ts'
import { SCOPE } from './scopes.ts'
import { addedMember } from './shapes.ts'

/** One change on its way to its outcome. */
export interface Todo {
  readonly change: Change
  settle(outcome: Outcome): void
  mayStart(): boolean
}

export type Pair = Pick<Change, 'account' | 'group'>

/** Writes memberships that Google does not end by itself, one call each: Google has no call for several. */
export interface MemberWrites {
  write(todo: Todo): Promise<void>
  /** What is in the way of a change that Google answered with "not found". */
  whoIsMissing(pair: Pair): Promise<Outcome | 'nobody'>
}

export function createMemberWrites(io: Io, client: GoogleClient, facts: GroupFacts, people: People): MemberWrites {
  const pathTo = ({ group }: Pair): string => `/admin/directory/v1/groups/${group.id}/members`

  /** By the number of a user and never by an address: an address that nobody has becomes a member from outside. */
  async function add({ change, mayStart }: Todo): Promise<Outcome> {
    const stranger = await people.whyNot(change.account)
    if (stranger !== null) return stranger
    const body = { id: change.account, role: 'MEMBER' }
    const order = { method: 'POST', path: pathTo(change), body, mayStart } as const
    const answer = await client.send(SCOPE.writeMembers, order, addedMember)
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    if (answer.kind === 'answered') {
      const { id, etag } = answer.value
      if (id !== null && id !== undefined && id !== change.account) return notNow('Google answered about somebody else')
      return done('changed', answer.headers, io.now(), etag ?? `${answer.status}`)
    }
    if (isDuplicate(answer)) return done('unchanged', answer.headers, io.now(), saidBy(answer))
    if (isUnderWay(answer)) return done('accepted', answer.headers, io.now(), saidBy(answer))
    if (!saysThatSomebodyIsMissing(answer)) return refused(change, answer)
    const missing = await whoIsMissing(change)
    return missing === 'nobody' ? notEverywhere(answer) : missing
  }

  async function remove({ change, mayStart }: Todo): Promise<Outcome> {
    const path = `${pathTo(change)}/${change.account}`
    const answer = await client.send(SCOPE.writeMembers, { method: 'DELETE', path, mayStart }, null)
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    if (answer.kind === 'answered') return done('changed', answer.headers, io.now(), receiptOf(answer.headers))
    if (isUnderWay(answer)) return done('accepted', answer.headers, io.now(), saidBy(answer))
    if (!saysThatSomebodyIsMissing(answer)) return refused(change, answer)
    const missing = await whoIsMissing(change)
    if (missing !== 'nobody') return missing
    const through = await throughWhat(client, change.group.id, change.account)
    if (through !== null) return rejected('membership comes from a rule', through)
    return done('unchanged', answer.headers, io.now(), saidBy(answer))
  }

  /** A no may come from a group that became another kind since it was looked at, and then that is the reason. */
  async function refused({ group }: Change, answer: Refusal): Promise<Outcome> {
    const outcome = outcomeOfRefusal(answer)
    if (outcome.kind !== 'rejected') return outcome
    facts.forget(group.id)
    const kind = await facts.kindOf(group.id)
    const never = kind.kind === 'answered' ? whyNotWritable(kind.value, []) : null
    return never === null ? outcome : rejected('group is managed by the vendor', never)
  }

  async function whoIsMissing({ account, group }: Pair): Promise<Outcome | 'nobody'> {
    facts.forget(group.id)
    const [kind, person] = await Promise.all([facts.kindOf(group.id), people.userOf(account)])
    if (kind.kind === 'unavailable') return outcomeOfTrouble(kind)
    if (kind.kind === 'refused') {
      return isNotFound(kind) ? rejected('no such group', 'the Directory knows no such group') : outcomeOfRefusal(kind)
    }
    return person.kind === 'answered' ? 'nobody' : outcomeOfUnknown(person)
  }

  return {
    write: async (todo) => todo.settle(await (todo.change.do === 'add' ? add(todo) : remove(todo))),
    whoIsMissing,
  }
}

/** For minutes after it was made a group is found by one of Google's copies, and not by another. */
export function notEverywhere(answer: Refusal): Outcome {
  return notNow(`Google does not know the group or the person everywhere yet: ${saidBy(answer)}`)
}

/** Google answers a removal without a word; what there is are the headers. */
function receiptOf(headers: Readonly<Record<string, string>>): string {
  return `204 ${headers['etag'] ?? headers['date'] ?? ''}`.trim()
}
