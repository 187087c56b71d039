import type { z } from 'zod'
import type { Instant } from '#core/instant.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Directory, DirectoryGroup, DirectoryPerson, From, Page } from '#connectors/kit/directory.ts'
import type { Io } from '#connectors/kit/io.ts'
import { bounded } from '#connectors/kit/plain-text.ts'
import { withPage } from './client.ts'
import type { GoogleClient } from './client.ts'
import { isDynamic, whyNotWritable } from './group-facts.ts'
import type { Labels, Marked } from './labels.ts'
import { isForgotten, saidBy, unread } from './outcome.ts'
import type { People } from './people.ts'
import { SCOPE } from './scopes.ts'
import type { Scope } from './scopes.ts'
import { entriesOf, groups as groupPage, textIn, users } from './shapes.ts'
import type { GoogleGroup, GoogleUser } from './shapes.ts'

/** Google's own limits are far below; a longer text is somebody's trick. It is cut, otherwise it stays as it came. */
const LONGEST_TEXT = 500

/** What identifies somebody is never cut, since two could then become one: longer is as good as missing. */
const LONGEST_IDENTITY = 500

const BLIND = 'Google shows nobody at all, and the administrator whom we act for is somebody'

/**
 * People and groups, whole: Google has no list of what changed. A place is `<list> <whether anything was seen> <Google's token>`;
 * a token is good for three days.
 */
export function createDirectory(
  io: Io,
  client: GoogleClient,
  labels: Labels,
  people: People,
  readOnlyGroups: readonly string[],
): Directory {
  async function pageOf<Value extends { readonly nextPageToken?: string | undefined }>(
    from: From,
    list: List,
    shape: z.ZodType<Value>,
  ): Promise<Reading<Found<Value>>> {
    const place = placeIn(from, list)
    if (place === null) return absent(io.now(), 'no place of this list, and Google has no cursors')
    const answer = await client.read(list.scope, withPage(list.path, place.token), shape)
    if (answer.kind === 'answered') return { ...answer, kind: 'read', value: { page: answer.value, seen: place.seen } }
    if (place.token !== null && isForgotten(answer)) return absent(io.now(), saidBy(answer))
    return unread(answer)
  }

  return {
    async people(from) {
      const reading = await pageOf(from, PEOPLE, users)
      if (reading.kind !== 'read') return reading
      const rows = reading.value.page.users ?? []
      people.saw(rows.map(({ id }) => id))
      const seen = reading.value.seen || rows.length > 0
      const next = nextOf(PEOPLE, reading.value, seen)
      if (next === null && !seen) return { kind: 'unreadable', retryAfterMs: null, said: BLIND }
      return { ...reading, value: page(rows.map(personOf), next) }
    },
    async groups(from) {
      const reading = await pageOf(from, GROUPS, groupPage)
      if (reading.kind !== 'read') return reading
      const marked = await labels.marked()
      if (marked.kind !== 'answered') return unread(marked)
      const rows = reading.value.page.groups ?? []
      const next = nextOf(GROUPS, reading.value, true)
      return {
        ...reading,
        value: page(
          rows.map((row) => groupOf(row, marked.value, readOnlyGroups)),
          next,
        ),
      }
    },
  }
}

interface List {
  readonly name: 'people' | 'groups'
  readonly scope: Scope
  readonly path: string
}

const PEOPLE: List = {
  name: 'people',
  scope: SCOPE.readUsers,
  path: '/admin/directory/v1/users?customer=my_customer&maxResults=500&orderBy=email',
}

const GROUPS: List = {
  name: 'groups',
  scope: SCOPE.readGroups,
  path: '/admin/directory/v1/groups?customer=my_customer&maxResults=200',
}

interface Found<Value> {
  readonly page: Value
  /** Whether anything was listed on the pages before. */
  readonly seen: boolean
}

const WORDS = /^(people|groups) ([01]) ([\x21-\x7e]{1,3900})$/

function placeIn(from: From, { name }: List): { readonly token: string | null; readonly seen: boolean } | null {
  if (from.kind === 'all') return { token: null, seen: false }
  const [, list, seen, token] = from.kind === 'next' ? (WORDS.exec(from.place) ?? []) : []
  return list === name && token !== undefined ? { token, seen: seen === '1' } : null
}

function nextOf(
  { name }: List,
  { page: { nextPageToken: token } }: Found<{ readonly nextPageToken?: string | undefined }>,
  seen: boolean,
): string | null {
  return token === undefined || token === '' ? null : `${name} ${seen ? 1 : 0} ${token}`
}

function page<Row>(rows: readonly Row[], next: string | null): Page<Row> {
  return { rows, gone: [], next, cursor: null }
}

function absent(startedAt: Instant, said: string): Reading<never> {
  return { kind: 'absent', startedAt, said }
}

function personOf(row: GoogleUser): DirectoryPerson {
  const login = identity(row.primaryEmail)
  const works = entriesOf(row.organizations)
  const work = works.find((each) => each['primary'] === true) ?? works[0]
  const { fullName, givenName, familyName } = row.name ?? {}
  const name = fullName ?? [givenName, familyName].filter(Boolean).join(' ')
  const ofType = (list: unknown, type: string) => entriesOf(list).find((each) => textIn(each, 'type') === type)
  return {
    account: row.id,
    login,
    email: login,
    // The mailbox of a domain that the company has proven to be its own is the account's; without one an address is a name.
    emailVerified: login !== '' && row.isMailboxSetup === true,
    displayName: bounded(name === '' ? login : name, LONGEST_TEXT),
    title: bounded(textIn(work, 'title'), LONGEST_TEXT),
    department: bounded(textIn(work, 'department'), LONGEST_TEXT),
    manager: identity(textIn(ofType(row.relations, 'manager'), 'value')) || null,
    active: row.suspended === false && row.archived !== true,
    employeeNumber: identity(textIn(ofType(row.externalIds, 'organization'), 'value')) || null,
    guest: row.isGuestUser === true,
    privileged: row.isAdmin !== false || row.isDelegatedAdmin !== false,
  }
}

function groupOf(row: GoogleGroup, marked: Marked, readOnlyGroups: readonly string[]): DirectoryGroup {
  const email = row.email?.toLowerCase() ?? ''
  const found = marked.get(email) ?? []
  return {
    group: { provider: 'google', id: row.id },
    name: bounded(row.name ?? email, LONGEST_TEXT),
    description: bounded(row.description ?? '', LONGEST_TEXT),
    notWritable:
      email === ''
        ? 'Google does not tell its address, without which nobody knows what kind of group it is'
        : whyNotWritable({ id: row.id, email, labels: found }, readOnlyGroups),
    fedByRule: isDynamic(found),
  }
}

function identity(text: string | null | undefined): string {
  const given = text ?? ''
  return given.length > LONGEST_IDENTITY ? '' : given
}
