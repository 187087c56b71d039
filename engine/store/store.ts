import type { Actor } from '#core/trigger/actor.ts'
import type { JsonObject } from '#core/event.ts'
import type { Instant } from '#core/instant.ts'
import type { Catalog } from '#core/catalog/catalog.ts'
import type { GroupRef, PersonId } from '#core/identity-action/membership-key.ts'
import type { Urgency } from '#core/identity-action/urgency.ts'
import type { LinkProof } from '#core/person/person.ts'
import type { Member } from '#connectors/kit/connector.ts'
import type { DirectoryGroup, DirectoryPerson } from '#connectors/kit/directory.ts'

/**
 * All that the engine asks of its memory. A transaction is a value: what was loaded is decided upon outside, and
 * `commit` writes everything or nothing. Two implementations must behave alike: PostgreSQL, and a twin in memory under
 * simulated time.
 */
export interface Store {
  /** Where the streams stand; a stream that has no events yet is missing from the answer. */
  load(names: readonly string[]): Promise<ReadonlyMap<string, StoredStream>>
  /** The memberships of a group that are held, or were and are not any more, in the order of their names. */
  membershipsOf(group: GroupRef): Promise<readonly StoredMembership[]>
  /** Names of streams that carry this key, oldest first. */
  find(key: string): Promise<readonly string[]>
  /** Everything or nothing. `conflict`: a stream moved on since it was loaded. `lease lost`: somebody else has taken the work over. */
  commit(commit: Commit): Promise<'committed' | 'conflict' | 'lease lost'>

  claim(queue: Exclude<Queue, 'membership'>, options: ClaimOptions): Promise<readonly Claimed[]>
  /** Memberships waiting for the same kind of work, the most urgent first; they bring their state along. */
  claimMemberships(work: 'write' | 'read', options: ClaimMembershipOptions): Promise<readonly ClaimedMembership[]>
  /** Prolongs what is still ours, and says which that is; anything else stays untouched. */
  renew(queue: Queue, held: readonly Held[], until: Instant): Promise<ReadonlySet<string>>
  /** When the next piece of work is due, of one queue or of all: it comes due, or its lease runs out. Null when nothing waits. */
  nextDue(queue?: Queue, of?: WorkOf | TimersOf): Promise<Instant | null>
  /** Calls back whenever a transaction, of whatever replica, may have made work of a queue due; null: of any. Returns how to stop. */
  onDue(wake: (queue: Queue | null) => void): Promise<() => Promise<void>>
  /** Keeps something that came in. The same id twice is one item. */
  receive(item: InboxItem): Promise<'received' | 'already received'>

  catalogInForce(): Promise<{ readonly version: number; readonly catalog: Catalog } | null>

  saveDirectory(provider: string, seen: DirectorySeen): Promise<DirectorySaved>
  /** Members of these groups wait to be read from now on; how many groups that are. Keeps the cursor with it. */
  wantMembers(provider: string, wanted: MembersWanted): Promise<number>
  /** Groups whose members wait to be read: those that were not tried since they were wanted, the `first` ones before the others. */
  groupsToRead(provider: string, first: readonly string[], limit: number): Promise<readonly string[]>
  /** Keeps whole lists of members. A list that began before the one that is kept is passed over. */
  saveMembers(provider: string, reads: readonly MembersRead[]): Promise<MembersSaved>
  /** They could not be read: they wait until somebody wants members of the directory again. */
  putOffMembers(provider: string, ids: readonly string[], at: Instant): Promise<void>
  membersOf(group: GroupRef): Promise<readonly Member[]>
  syncStanding(provider: string): Promise<SyncStanding>
  people(ids: readonly PersonId[]): Promise<readonly StoredPerson[]>
  /** People whose e-mail address or login is one of these, without case. */
  peopleByAddresses(addresses: readonly string[]): Promise<readonly StoredPerson[]>
  /** People of these accounts of one directory; an account of nobody is missing from the answer. */
  peopleOfAccounts(provider: string, accounts: readonly string[]): Promise<readonly StoredPerson[]>
  /** Everybody who is somebody's manager. */
  managers(): Promise<readonly PersonId[]>
  groups(refs: readonly GroupRef[]): Promise<readonly DirectoryGroup[]>
  /** Groups of a directory with this exact name, or this id. */
  groupsNamed(provider: string, nameOrId: string): Promise<readonly DirectoryGroup[]>
  linksOf(ids: readonly PersonId[]): Promise<readonly PersonLink[]>
  /** The links of these accounts of one system; an account of nobody is missing from the answer. */
  linksOfAccounts(system: string, accounts: readonly string[]): Promise<readonly PersonLink[]>

  /** What all replicas know together of a provider's allowance; null before the first call. */
  budget(provider: string): Promise<{ readonly version: number; readonly state: JsonObject } | null>
  /** Writes it if it stands at this version still (0: there is none yet). False: another replica was faster. */
  saveBudget(provider: string, expected: number, state: JsonObject): Promise<boolean>

  eventAt(stream: string, version: number): Promise<StoredEvent | null>
  /** Turns unsealed events into leaves, alone among all replicas; how many were sealed. */
  seal(limit: number, sealing: Sealing): Promise<number>
  /** The newest signed head of the log; null before the first. */
  newestCheckpoint(): Promise<StoredCheckpoint | null>
  /** Records in the order of the log. */
  sealed(fromIndex: number, limit: number): Promise<readonly SealedEvent[]>
  /** Forgets the personal fields of an event; the proof of the event stays whole. */
  erase(stream: string, version: number): Promise<boolean>
}

export type Queue = 'timer' | 'inbox' | 'outbox' | 'membership'

export interface StoredStream {
  readonly version: number
  readonly state: JsonObject
}

export interface StoredMembership extends StoredStream {
  readonly personId: PersonId
}

export interface NewEvent {
  /** Place within its turn: the log tells events in the order in which they were decided, whatever their streams. */
  readonly place: number
  readonly type: string
  readonly by: Actor
  readonly data: JsonObject
  readonly personal: { readonly salt: Buffer; readonly fields: JsonObject; readonly digest: string } | null
  readonly nonce: Buffer
  /** The leaf that it becomes, for those who know it when they decide; without it, it is computed when the event is sealed. */
  readonly leafHash?: Buffer
}

export interface Append {
  readonly stream: string
  /** The version that was loaded; 0 for a stream without events. */
  readonly expected: number
  readonly events: readonly NewEvent[]
  readonly state: JsonObject
  readonly keys: readonly string[]
  /** Of a membership only: what it waits for from now on; `undefined` leaves that as it is. */
  readonly look?: Look | null
}

export interface Look {
  readonly work: 'write' | 'read'
  readonly dueAt: Instant
  readonly urgency: Urgency
}

export interface Commit {
  readonly now: Instant
  readonly appends: readonly Append[]
  /** Streams that must stand at this version still, without being written. */
  readonly requires?: readonly { readonly stream: string; readonly version: number }[] | undefined
  readonly setTimers?: readonly Timer[]
  readonly cancelTimers?: readonly string[]
  readonly settle?: readonly Settlement[]
  readonly outbox?: readonly OutboxMessage[]
  readonly catalog?: { readonly version: number; readonly catalog: Catalog }
  readonly links?: readonly NewLink[]
}

export interface Timer {
  readonly id: string
  readonly kind: TimerKind
  /** A stream id or another thing that the timer is about. */
  readonly about: string
  readonly dueAt: Instant
  /** Leaves a timer of this id alone that is set already: what it remembers is worth more than a new start. */
  readonly unlessSet?: true
}

export type TimerKind =
  | 'window ends'
  | 'complete by'
  | 'removal overdue'
  | 'look at ticket'
  | 'poll tickets'
  | 'sync directory'
  | 'read members'

/** Something to say to the outside because of one event; messages of one key go out one after the other. */
export interface OutboxMessage {
  readonly key: string
  readonly stream: string
  readonly version: number
}

export interface InboxItem {
  readonly id: string
  readonly source: string
  readonly about: string
  readonly receivedAt: Instant
}

export interface ClaimOptions {
  readonly limit: number
  /** Of timers: only these; all unless given. */
  readonly part?: TimerPart
  readonly leaseMs: number
  readonly now: Instant
}

export interface ClaimMembershipOptions extends ClaimOptions {
  /** Only what has been due for so long; 0 unless given. */
  readonly dueSinceMs?: number
  /** Only what is so urgent; all unless given. */
  readonly urgencies?: readonly Urgency[]
  readonly of: Directories
}

/** Memberships of one directory, or of all but these. */
export type Directories = { readonly provider: string } | { readonly noneOf: readonly string[] }

/** Ends of access, and what waits for a directory, are taken apart from all other timers: neither stands in another's way. */
export type TimerPart = 'ends' | 'syncs' | 'others'

export interface TimersOf {
  readonly part: TimerPart
}

/** Of memberships: only this kind of work; of these directories, and so urgent, all unless given. */
export interface WorkOf {
  readonly work: 'write' | 'read'
  readonly of?: Directories
  readonly urgencies?: readonly Urgency[]
}

export interface Held {
  readonly id: string
  readonly fence: number
}

export interface Claimed extends Held {
  readonly leaseUntil: Instant
  readonly dueAt: Instant
  /** How many times it was claimed, this time included. */
  readonly attempts: number
  /** Timer and inbox: what it is about; outbox: the key. */
  readonly about: string
  /** Timer: its kind; inbox: its source; outbox: `stream@version`. */
  readonly kind: string
}

export interface ClaimedMembership extends Held {
  readonly leaseUntil: Instant
  readonly dueAt: Instant
  readonly attempts: number
  readonly group: GroupRef
  readonly personId: PersonId
  readonly version: number
  readonly state: JsonObject
}

/** The end of a claim: done (`dueAt` null), or due again. Holds only while the fence is still ours. */
export interface Settlement extends Held {
  readonly queue: Queue
  readonly dueAt: Instant | null
  /** Of a membership: what it is due for, and how urgent that is. */
  readonly work?: 'write' | 'read'
  readonly urgency?: Urgency
  /** Of a membership that is settled without an event: the version that was looked at. */
  readonly version?: number
  /** Starts the count of attempts anew: something was learnt. */
  readonly progress: boolean
  /** The claim goes on: the lease stays, and `dueAt` holds for whoever finds the work after the lease. */
  readonly keepLease?: true
  /** Why it is due again, for the operator. Never a secret. */
  readonly note?: string
}

export interface DirectorySeen {
  readonly people: readonly (DirectoryPerson & { readonly newPersonId: PersonId })[]
  readonly groups: readonly DirectoryGroup[]
  readonly at: Instant
}

export interface DirectorySaved {
  readonly people: number
  readonly groups: number
  /** People known before, missing from a complete list, and so not active any more. */
  readonly gone: number
}

export interface MembersWanted {
  readonly at: Instant
  /** `all`: every group that the last list showed, and those that it did not and that were read before. */
  readonly groups: 'all' | readonly string[]
  /** From where to ask what changed after that; null where the vendor does not tell. */
  readonly cursor: string | null
}

export interface MembersRead {
  readonly groupId: string
  /** Null: the group is not there any more. */
  readonly members: readonly Pick<Member, 'account' | 'source'>[] | null
  /** When the list began. */
  readonly at: Instant
  /** It is to be read once more with the next that are wanted. */
  readonly again?: true
}

export interface MembersSaved {
  readonly added: number
  readonly removed: number
}

export interface SyncStanding {
  readonly cursor: string | null
  /** When all groups were last wanted; null: never. */
  readonly fullAt: Instant | null
  /** Active people, as the last list showed. */
  readonly people: number
  readonly groups: number
  /** Groups whose members wait to be read. */
  readonly waiting: number
  readonly memberships: number
}

export interface StoredPerson {
  readonly personId: PersonId
  readonly provider: string
  readonly account: string
  readonly login: string
  readonly email: string
  readonly emailVerified: boolean
  readonly name: string
  readonly title: string
  readonly department: string
  readonly managerId: PersonId | null
  readonly active: boolean
}

export interface PersonLink {
  readonly system: string
  readonly account: string
  readonly personId: PersonId
  readonly proof: LinkProof
  readonly provenBy: string
  readonly at: Instant
}

export interface NewLink extends PersonLink {
  /** Whose account it was when that was decided, null for nobody's. If it is another's by now, the commit meets a conflict. */
  readonly replaces: PersonId | null
}

export interface StoredEvent {
  readonly position: number
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly at: Instant
  readonly by: Actor
  readonly data: JsonObject
  readonly nonce: Buffer
  readonly personal: string | null
  /** Null when there are none, or when they were erased. */
  readonly personalFields: JsonObject | null
  readonly salt: Buffer | null
}

export interface StoredCheckpoint {
  readonly size: number
  readonly rootHash: Buffer
  readonly note: string
  readonly at: Instant
}

export interface SealedEvent {
  readonly index: number
  readonly leafHash: Buffer
  readonly event: StoredEvent
}

/** The arithmetic of the log, handed in: the store only keeps what it computes. */
export interface Sealing {
  readonly at: Instant
  leafHash(event: StoredEvent): Buffer
  /** Grows the tree; `frontier` is null for the empty tree. */
  grow(
    frontier: JsonObject | null,
    size: number,
    leafHashes: readonly Buffer[],
  ): { readonly frontier: JsonObject; readonly rootHash: Buffer; readonly note: string }
}
