import { isoOf, MINUTE_MS, type Instant } from '#core/instant.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Directory, DirectoryGroup, DirectoryPerson, From, Page } from '#connectors/kit/directory.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import { bounded, plainText } from '#connectors/kit/plain-text.ts'
import type { OktaClient } from './client.ts'
import type { GroupFacts } from './group-facts.ts'
import { whyNotWritable } from './membership.ts'
import { saidBy, unread } from './outcome.ts'
import { group, textOf, user } from './shapes.ts'
import { BLIND } from './sight.ts'
import type { OktaError, OktaGroup, OktaUser } from './shapes.ts'
import { wholeList } from './whole-list.ts'

/** Okta's own limits are far below; a longer text is somebody's trick. It is cut, otherwise it stays as it came. */
const LONGEST_TEXT = 500

/** What identifies somebody is never cut, since two could then become one: longer is as good as missing. */
const LONGEST_IDENTITY = 500

/** https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/: who can sign in, or could after one step of their own. */
const ACTIVE: ReadonlySet<string> = new Set(['ACTIVE', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT'])

/**
 * People and groups, all or nothing. A list without anybody in it is never believed: with scopes but without an
 * admin role Okta answers 200 and `[]`.
 */
export function createDirectory(io: Io, client: OktaClient, facts: GroupFacts): Directory {
  async function people(): Promise<Reading<readonly DirectoryPerson[]>> {
    const answer = await wholeList(client, '/users', 200, user)
    if (answer.kind !== 'answered') return unread(answer)
    if (answer.value.length === 0) return blind
    const found = new Map(answer.value.map((one) => [one.id, personOf(one)]))
    return { kind: 'read', startedAt: answer.startedAt, value: [...found.values()] }
  }

  async function groups(): Promise<Reading<readonly DirectoryGroup[]>> {
    const answer = await wholeList(client, '/groups', 200, group)
    if (answer.kind !== 'answered') return unread(answer)
    if (answer.value.length === 0) return blind
    facts.learn(answer.value, answer.startedAt)
    const found = new Map<string, DirectoryGroup>()
    for (const one of answer.value) {
      const rules = await facts.rulesFeeding(one.id)
      if (rules.kind !== 'answered') return withoutRules(rules)
      found.set(one.id, groupOf(one, rules.value.length > 0))
    }
    return { kind: 'read', startedAt: answer.startedAt, value: [...found.values()] }
  }

  /** `lastMembershipUpdated` is told for every group whose members changed, and a new name does not move it. */
  async function changedMembers(from: From): Promise<Reading<Page<GroupRef>>> {
    const now = io.now()
    if (from.kind === 'all')
      return { kind: 'read', startedAt: now, value: { rows: [], gone: [], next: null, cursor: cursorAt(now) } }
    const since = from.kind === 'since' ? momentIn(from.cursor) : null
    if (since === null) return { kind: 'absent', startedAt: now, said: 'no cursor of this list' }
    const filter = encodeURIComponent(`lastMembershipUpdated gt "${since}"`)
    const answer = await wholeList(client, `/groups?filter=${filter}`, 200, group)
    if (answer.kind !== 'answered') return unread(answer)
    const rows = answer.value.map(({ id }): GroupRef => ({ provider: 'okta', id }))
    const value = { rows, gone: [], next: null, cursor: cursorAt(answer.startedAt) }
    return { kind: 'read', startedAt: answer.startedAt, value }
  }

  return { people: onePage(people), groups: onePage(groups), changedMembers }
}

/** Okta's clock is not ours, and its lists may lag: what changed shortly before is asked for again. */
const OVERLAP_MS = 5 * MINUTE_MS

const CURSOR = /^members since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/

function cursorAt(now: Instant): string {
  return `members since ${isoOf(now - OVERLAP_MS)}`
}

function momentIn(cursor: string): string | null {
  return CURSOR.exec(cursor)?.[1] ?? null
}

function onePage<Row>(whole: () => Promise<Reading<readonly Row[]>>): (from: From) => Promise<Reading<Page<Row>>> {
  return async (from) => {
    const reading = await whole()
    if (from.kind !== 'all' || reading.kind !== 'read') {
      return reading.kind === 'read' ? { kind: 'absent', startedAt: reading.startedAt, said: 'no such page' } : reading
    }
    return { ...reading, value: { rows: reading.value, gone: [], next: null, cursor: null } }
  }
}

/** Whether a rule feeds a group must be known before anybody claims it. */
function withoutRules(answer: Exclude<Exchange<unknown, OktaError>, { kind: 'answered' }>): Reading<never> {
  if (answer.kind === 'unavailable') {
    return { kind: 'unreadable', retryAfterMs: answer.retryAfterMs, said: `group rules: ${answer.said}` }
  }
  return { kind: 'unreadable', retryAfterMs: null, said: `group rules: ${saidBy(answer)}` }
}

const blind: Reading<never> = { kind: 'unreadable', retryAfterMs: null, said: BLIND }

function personOf({ id, status, profile, credentials }: OktaUser): DirectoryPerson {
  const login = identity(textOf(profile, 'login'))
  const email = identity(textOf(profile, 'email'))
  const fullName = `${textOf(profile, 'firstName')} ${textOf(profile, 'lastName')}`.trim()
  const manager = identity(textOf(profile, 'managerId').trim()) || identity(textOf(profile, 'manager').trim())
  return {
    account: id,
    login,
    email,
    emailVerified: email !== '' && isVerified(email, credentials?.emails),
    displayName: bounded(textOf(profile, 'displayName') || fullName || login, LONGEST_TEXT),
    title: bounded(textOf(profile, 'title'), LONGEST_TEXT),
    department: bounded(textOf(profile, 'department'), LONGEST_TEXT),
    manager: manager === '' ? null : manager,
    active: ACTIVE.has(status ?? ''),
  }
}

/** `credentials.emails[]`: the primary address with the status VERIFIED, and it must be the address of the profile. */
function isVerified(email: string, emails: unknown): boolean {
  if (!Array.isArray(emails)) return false
  return emails.some((one: unknown) => {
    if (typeof one !== 'object' || one === null) return false
    const { value, status, type } = one as { value?: unknown; status?: unknown; type?: unknown }
    const same = typeof value === 'string' && value.toLowerCase() === email.toLowerCase()
    return same && status === 'VERIFIED' && type === 'PRIMARY'
  })
}

function groupOf({ id, type, profile }: OktaGroup, fedByRule: boolean): DirectoryGroup {
  const never = whyNotWritable(type ?? '')
  return {
    group: { provider: 'okta', id },
    name: bounded(textOf(profile, 'name'), LONGEST_TEXT),
    description: bounded(textOf(profile, 'description'), LONGEST_TEXT),
    notWritable: never === null ? null : plainText(never, 100),
    fedByRule,
  }
}

function identity(text: string): string {
  return text.length > LONGEST_IDENTITY ? '' : text
}
