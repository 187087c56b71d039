import type { Change, EndChange, Holding, Member, Membership, NativeEnd, Reading } from '#connectors/kit/connector.ts'
import { SECOND_MS, type Instant } from '#core/instant.ts'
import { groupStream, type GroupRef } from '#core/identity-action/membership-key.ts'
import type { Outcome, Rejection } from '#core/identity-action/outcome.ts'

/*
 * A directory that can end memberships by itself, for as long as no vendor's connector here can: what Entra does with an
 * assignment that has an end, and Google with a role that expires, and nothing else of either.
 *
 *   (nobody) --add, with an end or none--> member --remove--> (nobody)
 *                                          member --set end--> member until then, or for good
 *                                          member --its own clock reaches the end--> (nobody)
 *
 * It rounds ends up, to the second or to the minute. Groups of another kind have members for good, and take no end.
 */

export type Call = { readonly do: 'add' | 'remove' | 'set end' } & EndChange

/** What happens to one of Tenure's calls on its way: `go` carries it out. */
export type Bend = (call: Call, go: () => Outcome) => Outcome

/** Something that the directory did to a member, and who made it. */
export interface Done {
  readonly what: 'add' | 'remove' | 'set end' | 'end'
  readonly account: string
  readonly at: Instant
  readonly endsAt: Instant | null
}

export interface StandInDirectory {
  readonly membership: Membership
  readonly nativeEnd: NativeEnd
  readonly done: readonly Done[]
  /** Calls to set an end that arrived. */
  endsSent(): number
  /** Null: every call arrives, and so does its answer. */
  bend(bend: Bend | null): void
  /** Another hand adds or removes somebody. */
  byHand(what: 'add' | 'remove', group: GroupRef, account: string, endsAt?: Instant | null): void
  members(group: GroupRef): readonly string[]
  endOf(group: GroupRef, account: string): Instant | null | 'no member'
}

export interface StandInOptions {
  readonly now: () => Instant
  readonly provider: string
  /** Ids of groups that take no end; other groups there are as many as one asks for, but for `unknown`. */
  readonly endless?: readonly string[]
  readonly unknown?: { readonly group: string; readonly account: string }
  readonly roundsToMs?: number
}

export function createStandInDirectory(options: StandInOptions): StandInDirectory {
  const { now, provider, endless = [], unknown, roundsToMs = SECOND_MS } = options
  /** By group and account: when it will be ended. */
  const memberships = new Map<string, Member & { readonly group: GroupRef; readonly endsAt: Instant | null }>()
  const done: Done[] = []
  let bend: Bend | null = null
  let endsSent = 0

  const keyOf = (group: GroupRef, account: string): string => `${groupStream(group)} ${account}`
  const note = (what: Done['what'], account: string, endsAt: Instant | null, at = now()): void =>
    void done.push({ what, account, at, endsAt })

  /** Its clock goes on whether or not anybody asks. */
  function endWhatIsOver(): void {
    const over = [...memberships].filter(([, { endsAt }]) => endsAt !== null && endsAt <= now())
    for (const [key, { account, endsAt }] of over) {
      memberships.delete(key)
      note('end', account, endsAt, endsAt ?? now())
    }
  }

  function put(group: GroupRef, account: string, asked: Instant | null): Instant | null {
    const endsAt = asked === null || endless.includes(group.id) ? null : Math.ceil(asked / roundsToMs) * roundsToMs
    memberships.set(keyOf(group, account), { account, group, source: 'direct', endsAt })
    return endsAt
  }

  function carryOut({ do: what, group, account, endsAt: asked }: Call): Outcome {
    endWhatIsOver()
    const found = memberships.get(keyOf(group, account))
    const answer = (kind: 'changed' | 'unchanged'): Outcome => ({ kind, at: now(), receipt: `dir-${done.length}` })
    if (group.id === unknown?.group) return rejected('no such group')
    if (account === unknown?.account) return rejected('no such person')
    if (what === 'add') {
      if (found) return answer('unchanged')
      note(what, account, put(group, account, asked))
      return answer('changed')
    }
    if (what === 'remove') {
      if (!found) return answer('unchanged')
      memberships.delete(keyOf(group, account))
      note(what, account, null)
      return answer('changed')
    }
    if (!found) return rejected('no such person')
    if (endless.includes(group.id)) return rejected('no native end')
    const endsAt = put(group, account, asked)
    if (endsAt === found.endsAt) return answer('unchanged')
    note(what, account, endsAt)
    return answer('changed')
  }

  function send(call: Call): Outcome {
    return bend ? bend(call, () => carryOut(call)) : carryOut(call)
  }

  function read<Value>(
    choose: (of: Iterable<Member & Holding>) => readonly Value[],
  ): Promise<Reading<readonly Value[]>> {
    endWhatIsOver()
    return Promise.resolve({ kind: 'read', startedAt: now(), value: choose(memberships.values()) })
  }

  return {
    done,
    endsSent: () => endsSent,
    bend: (next) => void (bend = next),
    byHand(what, group, account, endsAt = null) {
      endWhatIsOver()
      if (what === 'add') put(group, account, endsAt)
      else memberships.delete(keyOf(group, account))
    },
    members(group) {
      endWhatIsOver()
      return [...memberships.values()].filter((each) => each.group.id === group.id).map((each) => each.account)
    },
    endOf(group, account) {
      endWhatIsOver()
      const found = memberships.get(keyOf(group, account))
      return found ? found.endsAt : 'no member'
    },
    membership: {
      change: (changes, mayStart = () => true) =>
        Promise.resolve(
          changes.map((each, place) => (mayStart(place) ? send({ ...each, endsAt: each.endsAt ?? null }) : notSent)),
        ),
      members: ({ id }) =>
        read((all) =>
          [...all]
            .filter(({ group }) => group.id === id && group.provider === provider)
            .map(({ account, source, endsAt }): Member => ({ account, source, endsAt: endsAt ?? null })),
        ),
      groupsOf: (of) =>
        read((all) =>
          [...all]
            .filter(({ account }) => account === of)
            .map(({ group, source, endsAt }): Holding => ({ group, source, endsAt: endsAt ?? null })),
        ),
    },
    nativeEnd: {
      setEnds: (changes, mayStart = () => true) =>
        Promise.resolve(
          changes.map((each, place) => {
            if (!mayStart(place)) return notSent
            endsSent += 1
            return send({ ...each, do: 'set end' })
          }),
        ),
    },
  }
}

const notSent: Outcome = { kind: 'unavailable', retryAfterMs: null, said: 'not sent' }

export const LOST: Outcome = { kind: 'unavailable', retryAfterMs: null, said: 'the connection broke' }

export function rejected(because: Rejection): Outcome {
  return { kind: 'rejected', because, said: `no: ${because}` }
}

/** A bend that lets the answers to some calls get lost after they were carried out, or the calls before. */
export function loses(what: 'calls' | 'answers', of: Change['do'] | 'set end'): Bend {
  return (call, go) => {
    if (call.do !== of) return go()
    if (what === 'answers') go()
    return LOST
  }
}
