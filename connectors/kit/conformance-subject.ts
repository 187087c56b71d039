import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Instant } from '#core/instant.ts'
import type { AccountStanding } from './account.ts'
import type { AccountId, Capabilities, Membership, Reading } from './connector.ts'
import type { Directory, From, Page } from './directory.ts'
import { wholeList } from './whole-list.ts'

/**
 * A directory connector, connected to a directory whose truth the suite may read and whose bad days it may order. The
 * capabilities account, sessions, activity and rights are judged where the connector has them. Each sentence gets a
 * subject of its own.
 */
export interface DirectorySubject extends Connected {
  /** A group that we may write to, without members and not fed by any rule. */
  readonly group: GroupRef
  /** At least three active people who are in no group but those of everybody, and hold no role of an administrator. */
  readonly accounts: readonly [AccountId, AccountId, AccountId, ...AccountId[]]
  readonly unknownGroup: GroupRef
  readonly unknownAccount: AccountId
  /** Groups whose members are never ours to write, and a person who is in none of them by our doing. */
  readonly vendorManaged: readonly GroupRef[]
  /** A member whom a rule put there, and in the same group one whom a person put there. */
  readonly ruleFed: { readonly group: GroupRef; readonly byRule: AccountId; readonly byHand: AccountId } | null
  /** A group of more members than the connector reads at once. */
  readonly big: { readonly group: GroupRef; readonly accounts: readonly AccountId[] }
  /** More than one page of people. */
  readonly peopleCount: number
  readonly groupCount: number
  /** An application with the groups that open it, where the connector lists applications. */
  readonly app?: { readonly app: string; readonly groups: readonly GroupRef[] }
  /** What must never be seen in any text that comes back. */
  secrets(): readonly string[]
  readonly truth: {
    members(group: GroupRef): readonly AccountId[]
    /** Memberships that really changed, so far, by whomever. */
    changeCount(): number
    /** Requests to change a membership, an account or its sessions that were sent, so far. */
    writesSent(): number
    /** Harm that a removal did beside the removal: people whom no rule will ever add again. */
    excludedFromRules(): readonly AccountId[]
    /** Every account that exists at the vendor, guests, invited and deactivated ones included. */
    accountCount(): number
    /** Where there is `account`. */
    readonly standing?: (account: AccountId) => AccountStanding
    /** Where there is `sessions`: how many the account has that can be ended. */
    readonly sessions?: (account: AccountId) => number
  }
  readonly hands: VendorHands
  /** The same vendor and credentials as another process of ours has them: nothing is remembered from the first. */
  anotherProcess(): Connected
  /** Befalls every `read` (a list, a standing, the log, the rights) or `write` (of a membership, an account, a session) from now on. */
  trouble(kind: DirectoryTrouble, on: 'read' | 'write'): void
  /** How far lists of memberships lie behind the truth, from now on. */
  lag(ms: number): void
  now(): Instant
  /** Moves the vendor's clock and ours. What the vendor does late, it does meanwhile. */
  advance(ms: number): void
}

export type Connected = Capabilities & { readonly membership: Membership; readonly directory: Directory }

/** What the company's people and the vendor itself do, without us. */
export interface VendorHands {
  /** Null: the vendor has no two accounts of one e-mail address, and one has it already. */
  hire(person: { readonly login: string; readonly email: string; readonly displayName: string }): AccountId | null
  setDisplayName(account: AccountId, displayName: string): void
  /** What the vendor's console does to a leaver: deactivated, or deleted. */
  leave(account: AccountId): void
  addMember(group: GroupRef, account: AccountId): void
  removeMember(group: GroupRef, account: AccountId): void
  /** A group that we may write to, without members. */
  makeGroup(name: string): GroupRef
  renameGroup(group: GroupRef, name: string): void
  deleteGroup(group: GroupRef): void
  /** Every place and every cursor that was handed out is forgotten, as after weeks. */
  forgetPlaces(): void
  /** Where there is `sessions` or a log of sign-ins: somebody signs in to an application. */
  readonly signIn?: (account: AccountId) => void
  /** Where there is `rights`. Unless called, exactly what is needed is granted. */
  readonly grant?: (rights: 'one too few' | 'one too many') => void
}

export type DirectoryTrouble =
  | 'request lost'
  | 'answer lost'
  | 'server error after the effect'
  | 'rate limit of 30 s'
  | 'rate limit without a word about its end'
  | 'HTML'
  | 'half a JSON'
  | 'error in a 200'
  | 'paging that loops'
  | 'credentials refused'
  | 'permission missing'
  | 'empty lists for want of a role'
  | 'error that repeats what was sent'
  // What a list may hold, on `read` alone.
  | 'null for a list'
  | 'null among the rows'
  | 'row without an id'
  | 'row twice'
  | 'unknown fields and values'
  | 'values of another kind beside the id'

/** A sentence that this vendor cannot be held to is skipped, and says why: in the report and on the console. */
export function skipLoudly(t: TestContext, why: string): void {
  t.diagnostic(`SKIPPED "${t.name}": ${why}`)
  t.skip(why)
}

export function inShort(outcome: Outcome | undefined): string {
  return outcome?.kind === 'rejected' ? outcome.because : (outcome?.kind ?? 'nothing')
}

/** No failure: done, done before, or under way. */
export function took(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'changed' || outcome?.kind === 'unchanged' || outcome?.kind === 'accepted'
}

export function accountsIn(reading: Reading<readonly { readonly account: AccountId }[]>): readonly AccountId[] {
  return read(reading).map(({ account }) => account)
}

export function groupsIn(reading: Reading<readonly { readonly group: GroupRef }[]>): readonly string[] {
  return read(reading).map(({ group }) => group.id)
}

export function read<Value>(reading: Reading<Value>): Value {
  assert.ok(reading.kind === 'read', JSON.stringify(reading))
  return reading.value
}

export const allPeople = ({ people }: Directory) => wholeList(people, ({ account }) => account)
export const allGroups = ({ groups }: Directory) => wholeList(groups, ({ group }) => group.id)

type List<Row> = (from: From) => Promise<Reading<Page<Row>>>

/** The pages from there on, the last one included. */
export async function pagesFrom<Row>(list: List<Row>, from: From): Promise<readonly Page<Row>[]> {
  const pages: Page<Row>[] = []
  let at: From = from
  for (;;) {
    const page = read(await list(at))
    pages.push(page)
    if (page.next === null) return pages
    assert.ok(pages.length < 10_000, 'a list without an end')
    at = { kind: 'next', place: page.next }
  }
}

/** The cursor that a list ends with; null where the vendor knows only whole lists. */
export async function cursorOf<Row>(list: List<Row>, from: From = { kind: 'all' }): Promise<string | null> {
  return (await pagesFrom(list, from)).at(-1)?.cursor ?? null
}

export interface Changes<Row> {
  readonly rows: readonly Row[]
  readonly gone: readonly string[]
  readonly cursor: string | null
}

/** All that a list of changes tells. */
export async function changesSince<Row>(list: List<Row>, cursor: string): Promise<Changes<Row>> {
  const pages = await pagesFrom(list, { kind: 'since', cursor })
  return {
    rows: pages.flatMap(({ rows }) => rows),
    gone: pages.flatMap(({ gone }) => gone),
    cursor: pages.at(-1)?.cursor ?? null,
  }
}

/** Nobody's words: what a place or a cursor may look like that was never handed out. */
export const MADE_UP: readonly string[] = [
  'nonsense',
  '',
  'https://collector.example.net/api/v1/users?after=1',
  '{"url":"https://collector.example.net/"}',
  '../../../etc/passwd',
  'x'.repeat(100_000),
]
