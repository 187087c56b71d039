import type { GroupRef } from '#core/identity-action/membership-key.ts'
import { isoOf, MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { AccountId, EndChange, Reading } from '#connectors/kit/connector.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { GoogleClient } from './client.ts'
import { LABEL } from './group-facts.ts'
import type { GroupFacts } from './group-facts.ts'
import { notEverywhere } from './member-writes.ts'
import type { MemberWrites, Todo } from './member-writes.ts'
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
  unread,
  unreadable,
} from './outcome.ts'
import type { Refusal, Unanswered } from './outcome.ts'
import { outcomeOfUnknown } from './people.ts'
import type { People } from './people.ts'
import { SCOPE } from './scopes.ts'
import { lookedMembership, memberships, modified, operation, relations } from './shapes.ts'
import type { Operation, Roles } from './shapes.ts'

/*
 * Memberships that Google ends by itself: `expireTime` of the role MEMBER, at Cloud Identity.
 *
 * There somebody is known by the address alone, which can be given to another. So the address is read of the user by number,
 * directly before it is used, and never remembered. What Cloud Identity refuses is added plainly, without an end; and only what
 * it has refused, never what it did not answer.
 * https://docs.cloud.google.com/identity/docs/how-to/manage-expirations
 */
export interface Ends {
  /** Adds with an end. False: Google will not end it, so it is to be added plainly; else it is settled. */
  begin(todo: Todo): Promise<boolean>
  /** Another end, or none, of whoever is a member. */
  update(change: EndChange, mayStart: () => boolean): Promise<Outcome>
  /** When Google will end which member of a group, and which group of a person; by address, in lower case. */
  endsIn(groupId: string): Promise<Reading<ReadonlyMap<string, Instant>>>
  endsOf(account: AccountId): Promise<Reading<ReadonlyMap<string, Instant>>>
}

/** After this long a group that took no end is asked again. */
const TRY_AGAIN_AFTER_MS = 10 * MINUTE_MS

export function createEnds(
  io: Io,
  client: GoogleClient,
  facts: GroupFacts,
  people: People,
  writes: MemberWrites,
): Ends {
  const endless = new Map<string, Instant>()

  async function begin(todo: Todo): Promise<boolean> {
    const { change, settle, mayStart } = todo
    if (change.endsAt == null || io.now() < (endless.get(change.group.id) ?? 0)) return false
    const to = await addressesOf(change)
    if ('kind' in to) {
      settle(to)
      return true
    }
    const roles = [{ name: 'MEMBER', expiryDetail: { expireTime: isoOf(change.endsAt) } }]
    const body = { preferredMemberKey: { id: to.email }, roles }
    const order = { method: 'POST', path: `/v1/${to.group}/memberships`, body, mayStart } as const
    const answer = await client.send(SCOPE.writeEnds, order, operation)
    if (answer.kind === 'refused' ? isNoToAnEnd(answer) : answer.kind === 'answered' && failedForGood(answer.value)) {
      endless.set(change.group.id, io.now() + TRY_AGAIN_AFTER_MS)
      return false
    }
    settle(await outcomeOfBegin(change, answer))
    return true
  }

  async function outcomeOfBegin(change: EndChange | Todo['change'], answer: Exchange<Operation, never> | Unanswered) {
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    if (answer.kind === 'answered') {
      const { name, done: isDone, error, response } = answer.value
      if (error != null) {
        if (isDone === true && error.code === CODE.alreadyExists) {
          return done('unchanged', answer.headers, io.now(), name ?? 'ALREADY_EXISTS')
        }
        return notNow(`the operation came to an error: ${error.code ?? ''} ${error.message ?? ''}`)
      }
      if (isDone === true && response?.name) return done('changed', answer.headers, io.now(), response.name)
      return name ? done('accepted', answer.headers, io.now(), name) : notNow('an operation without a name')
    }
    if (isDuplicate(answer)) return done('unchanged', answer.headers, io.now(), saidBy(answer))
    if (isUnderWay(answer)) return done('accepted', answer.headers, io.now(), saidBy(answer))
    if (!isNotFound(answer)) return outcomeOfRefusal(answer)
    const missing = await writes.whoIsMissing(change)
    return missing === 'nobody' ? notEverywhere(answer) : missing
  }

  async function update(change: EndChange, mayStart: () => boolean): Promise<Outcome> {
    const to = await addressesOf(change)
    if ('kind' in to) return to
    const lookup = `/v1/${to.group}/memberships:lookup?memberKey.id=${encodeURIComponent(to.email)}`
    const found = await client.read(SCOPE.readLabels, lookup, lookedMembership)
    if (found.kind === 'unavailable') return outcomeOfTrouble(found)
    if (found.kind === 'refused') return isNotFound(found) ? NO_MEMBER : outcomeOfRefusal(found)
    if (!found.value.name.startsWith(`${to.group}/`)) return notNow('Cloud Identity answered about another group')
    const membershipRole =
      change.endsAt === null
        ? { name: 'MEMBER' }
        : { name: 'MEMBER', expiryDetail: { expireTime: isoOf(change.endsAt) } }
    const body = { updateRolesParams: [{ fieldMask: 'expiry_detail.expire_time', membershipRole }] }
    const order = { method: 'POST', path: `/v1/${found.value.name}:modifyMembershipRoles`, body, mayStart } as const
    const answer = await client.send(SCOPE.writeEnds, order, modified)
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    if (answer.kind === 'answered') return done('changed', answer.headers, io.now(), answer.value.membership.name)
    if (isNotFound(answer)) return NO_MEMBER
    if (isUnderWay(answer)) return done('accepted', answer.headers, io.now(), saidBy(answer))
    return isNoToAnEnd(answer) ? rejected('no native end', saidBy(answer)) : outcomeOfRefusal(answer)
  }

  /** The name of the group and the address of the person as they are now; an outcome where one of them cannot be had. */
  async function addressesOf({
    account,
    group,
  }: {
    readonly account: AccountId
    readonly group: GroupRef
  }): Promise<{ readonly group: string; readonly email: string } | Outcome> {
    const [kind, person] = await Promise.all([facts.kindOf(group.id), people.userOf(account)])
    if (kind.kind === 'unavailable') return outcomeOfTrouble(kind)
    if (kind.kind === 'refused') return outcomeOfRefusal(kind)
    if (person.kind !== 'answered') return outcomeOfUnknown(person)
    const email = person.value.primaryEmail ?? ''
    return email.includes('@') ? { group: kind.value.name, email } : notNow('Google does not tell the user’s address')
  }

  async function endsIn(groupId: string): Promise<Reading<ReadonlyMap<string, Instant>>> {
    const kind = await facts.kindOf(groupId)
    if (kind.kind !== 'answered') return unread(kind)
    const path = `/v1/${kind.value.name}/memberships?view=FULL&pageSize=500`
    const answer = await client.list(SCOPE.readLabels, path, memberships, ({ memberships: rows }) => rows)
    if (answer.kind !== 'answered') return unread(answer)
    return endsFrom(
      answer.startedAt,
      answer.value.map(({ preferredMemberKey, roles }) => ({ email: preferredMemberKey?.id, roles })),
    )
  }

  async function endsOf(account: AccountId): Promise<Reading<ReadonlyMap<string, Instant>>> {
    const person = await people.userOf(account)
    if (person.kind !== 'answered') return unread(person)
    const email = person.value.primaryEmail ?? ''
    if (!/^[^\s@'\\]+@[^\s@'\\]+$/.test(email)) return unreadable('an address that cannot be searched for')
    const query = encodeURIComponent(`member_key_id == '${email}' && '${LABEL.forum}' in labels`)
    const path = `/v1/groups/-/memberships:searchDirectGroups?query=${query}&pageSize=200`
    const answer = await client.list(SCOPE.readLabels, path, relations, ({ memberships: rows }) => rows)
    if (answer.kind !== 'answered') return unread(answer)
    return endsFrom(
      answer.startedAt,
      answer.value.map(({ groupKey, roles }) => ({ email: groupKey?.id, roles })),
    )
  }

  return { begin, update, endsIn, endsOf }
}

function endsFrom(
  startedAt: Instant,
  rows: readonly { readonly email: string | null | undefined; readonly roles: Roles }[],
): Reading<ReadonlyMap<string, Instant>> {
  const ends = new Map<string, Instant>()
  for (const { email, roles } of rows) {
    const end = endIn(roles)
    if (end === 'not understood') return unreadable('Cloud Identity tells of an end that is not understood')
    if (end === null) continue
    if (!email) return unreadable('Cloud Identity tells of an end, and not whose it is')
    ends.set(email.toLowerCase(), end)
  }
  return { kind: 'read', startedAt, value: ends }
}

/** Google lets only the role MEMBER end; should that change, the earliest end is the one that counts. */
function endIn(roles: Roles): Instant | null | 'not understood' {
  const ends: Instant[] = []
  for (const { expiryDetail } of roles ?? []) {
    if (expiryDetail === undefined || expiryDetail === null) continue
    const { expireTime } = expiryDetail as { readonly expireTime?: unknown }
    if (expireTime === undefined || expireTime === null) continue
    const end = typeof expireTime === 'string' ? Date.parse(expireTime) : Number.NaN
    if (Number.isNaN(end)) return 'not understood'
    ends.push(end)
  }
  return ends.length === 0 ? null : Math.min(...ends)
}

const NO_MEMBER = rejected('no such person', 'no member of the group, and an end makes nobody one')

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const CODE = { invalidArgument: 3, alreadyExists: 6, permissionDenied: 7, failedPrecondition: 9 } as const

/** An operation that was carried out, and refused. */
function failedForGood({ done: isDone, error }: Operation): boolean {
  return isDone === true && (error?.code === CODE.invalidArgument || error?.code === CODE.failedPrecondition)
}

/**
 * The edition has no ends, or this member's role has none. Google's documentation names the editions and not the answer, so
 * every 400 is taken for it, and a 403 that speaks of it; another 403 is about what we may do.
 */
function isNoToAnEnd(answer: Refusal): boolean {
  return (
    answer.status === 400 || (answer.status === 403 && /expir|edition|licen[cs]e|subscription/i.test(saidBy(answer)))
  )
}
