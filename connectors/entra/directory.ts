import { DAY_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { z } from 'zod'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Directory, DirectoryGroup, DirectoryPerson, From, Page } from '#connectors/kit/directory.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import { bounded } from '#connectors/kit/plain-text.ts'
import { CAN_WAIT } from './client.ts'
import type { EntraClient, LinkedPage } from './client.ts'
import { isDynamic, whyNotWritable } from './group-facts.ts'
import { saidBy, unread } from './outcome.ts'
import type { GraphRefusal } from './outcome.ts'
import { cursorOf, placeIn, placeOf } from './place.ts'
import type { Place, Source } from './place.ts'
import { changedGroup, group, GROUP_FIELDS, PERSON_FIELDS, user } from './shapes.ts'
import type { EntraGroup, EntraUser, GraphError } from './shapes.ts'

/** Entra's own limits are far below; a longer text is somebody's trick. It is cut, otherwise it stays as it came. */
const LONGEST_TEXT = 500

/** What identifies somebody is never cut, since two could then become one: longer is as good as missing. */
const LONGEST_IDENTITY = 500

/** https://learn.microsoft.com/graph/delta-query-overview#token-duration */
const CURSOR_LIFE_MS = 7 * DAY_MS

const BLIND = 'Entra shows nobody and nothing at all, and no tenant is empty'

/**
 * People and groups by `delta`, which gives first everything, and then what changed. Rows come in no order, and again; of one
 * that comes twice on a page, once as there and once as gone, the thing itself is asked.
 */
export function createDirectory(io: Io, client: EntraClient): Directory {
  const sources = {
    people: { name: 'people', base: '/users/', first: `/users/delta?$select=${PERSON_FIELDS},manager` },
    groups: { name: 'groups', base: '/groups/', first: `/groups/delta?$select=${GROUP_FIELDS}` },
    changes: { name: 'members', base: '/groups/', first: '/groups/delta?$select=members&$deltatoken=latest' },
  } as const

  /** The page that `from` means, and where it leads. */
  async function pageOf<Row>(from: From, source: Source, item: z.ZodType<Row>): Promise<Reading<Found<Row>>> {
    const place = placeIn(from, source)
    if (place === null) return absent(io.now(), 'no place or cursor of this list')
    if (place.since !== null && io.now() - place.since >= CURSOR_LIFE_MS) {
      return absent(io.now(), 'the cursor is older than the seven days that Entra keeps it')
    }
    const answer = await client.page(place.path, item, source.base, CAN_WAIT)
    if (answer.kind === 'answered') return { ...answer, kind: 'read', value: { ...answer.value, source, place } }
    // A first page is never forgotten, so what is said of it is about something else.
    if (from.kind !== 'all' && isForgotten(answer)) return absent(io.now(), 'Entra does not know this place any more')
    const reading = unread(answer)
    return reading.kind === 'absent' ? { kind: 'unreadable', retryAfterMs: null, said: reading.said } : reading
  }

  function leadsTo<Row>(found: Found<Row>, seen: boolean): Pick<Page<unknown>, 'next' | 'cursor'> | Reading<never> {
    const { next, delta, source, place } = found
    const all = place.all && { seen: place.all.seen || seen }
    if (next !== null) return { next: placeOf(source, { ...place, all }, next), cursor: null }
    if (delta === null) return unreadable('a list that neither goes on nor ends: a page of it is missing')
    if (all && !all.seen) return unreadable(BLIND)
    return { next: null, cursor: cursorOf(source, delta, io.now()) }
  }

  async function people(from: From): Promise<Reading<Page<DirectoryPerson>>> {
    const reading = await pageOf(from, sources.people, user)
    if (reading.kind !== 'read') return reading
    const { gone, there } = await sorted(reading.value.rows, (id) => userItself(id))
    if (gone === null) return there
    const rows: DirectoryPerson[] = []
    const isFirst = reading.value.place.all !== null
    for (const row of await Promise.all(there.map((each) => wholeUser(each, isFirst)))) {
      if (row.kind === 'read') rows.push(personOf(row.value))
      else if (row.kind === 'absent') gone.push(row.said)
      else return row
    }
    const to = leadsTo(reading.value, rows.length > 0)
    return 'kind' in to ? to : { ...reading, value: { rows, gone, ...to } }
  }

  async function groups(from: From): Promise<Reading<Page<DirectoryGroup>>> {
    const reading = await pageOf(from, sources.groups, group)
    if (reading.kind !== 'read') return reading
    const { gone, there } = await sorted(reading.value.rows, (id) =>
      client.read(`/groups/${id}?$select=${GROUP_FIELDS}`, group),
    )
    if (gone === null) return there
    const to = leadsTo(reading.value, there.length > 0)
    return 'kind' in to ? to : { ...reading, value: { rows: there.map(groupOf), gone, ...to } }
  }

  /** A group of many members comes on many pages, and each of them says that it changed. */
  async function changedMembers(from: From): Promise<Reading<Page<GroupRef>>> {
    const reading = await pageOf(from, sources.changes, changedGroup)
    if (reading.kind !== 'read') return reading
    const rows = new Map<string, GroupRef>()
    const gone: string[] = []
    for (const row of reading.value.rows) {
      const changed = row['members@delta']
      if (row['@removed'] !== undefined) gone.push(row.id)
      else if (changed !== undefined && !(Array.isArray(changed) && changed.length === 0)) {
        rows.set(row.id, { provider: 'entra', id: row.id })
      }
    }
    const to = leadsTo(reading.value, true)
    if ('kind' in to) return to
    return { ...reading, value: { rows: from.kind === 'all' ? [] : [...rows.values()], gone, ...to } }
  }

  /** The rows of a page by what they say: `gone` is null where one could not be told, and `there` says why. */
  async function sorted<Row extends { readonly id: string; readonly '@removed'?: unknown }>(
    all: readonly Row[],
    itself: (id: string) => Promise<Exchange<Row, GraphError>>,
  ): Promise<{ gone: string[]; there: readonly Row[] } | { gone: null; there: Reading<never> }> {
    const there = new Map<string, Row>()
    const gone = new Set<string>()
    for (const row of all) {
      if (row['@removed'] === undefined) there.set(row.id, row)
      else gone.add(row.id)
    }
    for (const id of gone) {
      if (!there.has(id)) continue
      const found = await itself(id)
      if (found.kind === 'answered') {
        gone.delete(id)
        there.set(id, found.value)
      } else if (found.kind === 'refused' && found.status === 404) there.delete(id)
      else return { gone: null, there: unreadIs(found) }
    }
    return { gone: [...gone], there: [...there.values()] }
  }

  function userItself(id: string): Promise<Exchange<EntraUser, GraphError>> {
    return client.read(`/users/${id}?$select=${PERSON_FIELDS}&$expand=manager($select=id)`, user)
  }

  /**
   * A change that is not about the manager comes without them, and without a name a row is only half of one. Absent is who is
   * found nowhere any more, by their id.
   */
  async function wholeUser(row: EntraUser, isFirst: boolean): Promise<Reading<EntraUser>> {
    const told = row['manager@delta']
    const read = (value: EntraUser): Reading<EntraUser> => ({ kind: 'read', startedAt: 0, value })
    if (row.userPrincipalName === null || row.userPrincipalName === undefined) {
      const found = await userItself(row.id)
      if (found.kind === 'answered') return read(found.value)
      return found.kind === 'refused' && found.status === 404 ? absent(0, row.id) : unreadIs(found)
    }
    if (told !== null && told !== undefined) {
      const manager = told.findLast((each) => each['@removed'] === undefined)
      return read({ ...row, manager: manager === undefined ? null : { id: manager.id } })
    }
    if (isFirst) return read(row)
    const manager = await client.read(`/users/${row.id}/manager?$select=id`, justAnId)
    if (manager.kind === 'answered') return read({ ...row, manager: manager.value })
    return manager.kind === 'refused' && manager.status === 404 ? read({ ...row, manager: null }) : unreadIs(manager)
  }

  // A login ends in a domain that the tenant has proven to be its own; a guest’s is of another form (userPrincipalName).
  return { people, groups, changedMembers, loginsAreProven: true }
}

interface Found<Row> extends LinkedPage<Row> {
  readonly source: Source
  readonly place: Place
}

const justAnId = user.pick({ id: true })

function absent(startedAt: Instant, said: string): Reading<never> {
  return { kind: 'absent', startedAt, said }
}

function unreadable(said: string): Reading<never> {
  return { kind: 'unreadable', retryAfterMs: null, said }
}

function unreadIs(answer: Exclude<Exchange<unknown, GraphError>, { kind: 'answered' }>): Reading<never> {
  if (answer.kind === 'unavailable') return { kind: 'unreadable', retryAfterMs: answer.retryAfterMs, said: answer.said }
  return unreadable(saidBy(answer))
}

const FORGOTTEN =
  /^(syncStateNotFound|syncStateInvalid|resyncRequired|Directory_ExpiredPageToken|Request_ExpiredPageToken)$/i

/** 410 may come without a word, and then the HTTP core can only say what it saw. */
function isForgotten(answer: Exclude<Exchange<unknown, GraphError>, { kind: 'answered' }>): boolean {
  if (answer.kind === 'unavailable') return answer.because === 'unexplained refusal' && answer.said.startsWith('410 ')
  return answer.status === 410 || isForgottenByName(answer)
}

function isForgottenByName({ refusal }: GraphRefusal): boolean {
  return FORGOTTEN.test(refusal.error.code)
}

function personOf(row: EntraUser): DirectoryPerson {
  const login = identity(row.userPrincipalName)
  return {
    account: row.id,
    login,
    email: identity(row.mail),
    // Nobody at Entra says that an address was proven: `mail` is what an administrator wrote.
    emailVerified: false,
    displayName: bounded(row.displayName ?? login, LONGEST_TEXT),
    title: bounded(row.jobTitle ?? '', LONGEST_TEXT),
    department: bounded(row.department ?? '', LONGEST_TEXT),
    manager: row.manager?.id ?? null,
    active: row.accountEnabled === true,
    employeeNumber: identity(row.employeeId) || null,
    guest: row.userType?.toLowerCase() === 'guest',
  }
}

function groupOf(row: EntraGroup): DirectoryGroup {
  const never = whyNotWritable(row)
  return {
    group: { provider: 'entra', id: row.id },
    name: bounded(row.displayName ?? '', LONGEST_TEXT),
    description: bounded(row.description ?? '', LONGEST_TEXT),
    notWritable: never === 'unknown' ? 'Entra does not tell what kind of group it is' : never,
    fedByRule: isDynamic(row),
    privileged: row.isAssignableToRole === true,
  }
}

function identity(text: string | null | undefined): string {
  const given = text ?? ''
  return given.length > LONGEST_IDENTITY ? '' : given
}
