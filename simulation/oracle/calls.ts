import type { Instant } from '#core/instant.ts'
import type { Call } from '../world/history.ts'
import type { Run } from '../world/simulate.ts'

/** What we asked Okta to change, as it went over the wire. */
export interface Write {
  readonly op: 'add' | 'remove'
  readonly group: string
  readonly user: string
  readonly call: Call
}

/** A question about memberships: the groups of one user, or the members of one group. */
export interface Read {
  readonly user: string | null
  readonly group: string | null
  readonly call: Call
}

export interface OktaCalls {
  readonly writes: readonly Write[]
  /** Those that were answered, also by what was spoilt on the way; of a list in pages, the first page. */
  readonly reads: readonly Read[]
  /** The same, with those to which the answer was another: that there is no such person or group, for one. */
  readonly looks: readonly Read[]
  /** The call that made this change of the vendor's log. */
  writeBehind(op: Write['op'], group: string, user: string, at: Instant): Write | null
}

const BELOW = '/api/v1/'

/** The call log of the run, taken apart once. */
export function oktaCallsOf({ history }: Run): OktaCalls {
  const writes: Write[] = []
  const looks: Read[] = []
  const byArrival = new Map<string, Write>()
  for (const call of history.calls) {
    if (call.vendor !== 'okta' || !call.path.startsWith(BELOW)) continue
    const question = call.path.indexOf('?')
    const path = call.path.slice(BELOW.length, question === -1 ? undefined : question)
    const [first, id = '', third, other = '', more] = path.split('/')
    if (call.method !== 'GET') {
      if (first !== 'groups' || third !== 'users' || more !== undefined) continue
      const write: Write = { op: call.method === 'PUT' ? 'add' : 'remove', group: id, user: other, call }
      writes.push(write)
      if (call.arrivedAt !== null) byArrival.set(nameOf(write.op, id, other, call.arrivedAt), write)
      continue
    }
    if (call.answeredAt === null || other !== '' || call.path.includes('after=')) continue
    if (first === 'users' && third === 'groups') looks.push({ user: id, group: null, call })
    else if (first === 'groups' && third === 'users') looks.push({ user: null, group: id, call })
  }
  return {
    writes,
    reads: looks.filter((each) => each.call.status === 200),
    looks,
    writeBehind: (op, group, user, at) => byArrival.get(nameOf(op, group, user, at)) ?? null,
  }
}

export function covers(read: Read, group: string, user: string): boolean {
  return read.user === user || read.group === group
}

function nameOf(op: Write['op'], group: string, user: string, at: Instant): string {
  return `${op} ${group} ${user} ${at}`
}
