import { sameGroup, type GroupRef } from '#core/identity-action/membership-key.ts'
import type { JsonObject } from '#core/event.ts'
import type { InboxItem, Queue, Store, StoredMembership, StoredStream } from '../store.ts'
import { queuesMadeDue } from '../queues-made-due.ts'
import { claim, claimMemberships, nextDue, renew } from './claim.ts'
import { commit } from './commit.ts'
import { contentsOf, type Contents } from './contents.ts'
import { groups, groupsNamed, linksOf, linksOfAccounts, saveDirectory } from './directory.ts'
import { order } from './directory-index.ts'
import { erase, newestCheckpoint } from './log.ts'
import { storedJson, storedText } from './stored-json.ts'
import { emptyTables, type Tables } from './tables.ts'
import { NOT_CLAIMED_YET } from './work-queue.ts'
import { groupsToRead, membersOf, putOffMembers, saveMembers, syncStanding, wantMembers } from './members.ts'

export interface MemoryStore extends Store {
  /** All that is in it, for those who check it from outside. */
  readonly contents: Contents
}

type Wake = (queue: Queue | null) => void

/**
 * The twin of engine/store/postgres that lives in memory, for the simulation: the same answers to the same calls, which
 * engine/store/conformance.ts demands of both. It lasts as long as somebody holds it.
 *
 * Every operation is carried out as a whole before it returns its promise; nothing in here waits, for I/O or for time.
 * Those who listen with `onDue` are called at the end of the commit or the receipt that made work due, before its promise
 * resolves and in the order in which they came: they should only note it and return.
 *
 * What is handed out is frozen and shared with the store; what is handed in is copied.
 */
export function memoryStore(): MemoryStore {
  const tables = emptyTables()
  const listeners = new Set<{ readonly wake: Wake }>()
  const tell = (queues: readonly Queue[]): void => {
    for (const { wake } of listeners) for (const queue of queues) wake(queue)
  }
  return {
    contents: contentsOf(tables),
    load: async (names) => load(tables, names),
    membershipsOf: async (group) => membershipsOf(tables, group),
    find: async (key) => find(tables, key),
    commit: async (value) => {
      const outcome = commit(tables, value)
      if (outcome === 'committed') tell(queuesMadeDue(value))
      return outcome
    },
    claim: async (queue, options) => claim(tables, queue, options),
    claimMemberships: async (work, options) => claimMemberships(tables, work, options),
    renew: async (queue, held, until) => renew(tables, queue, held, until),
    nextDue: async (queue, of) => nextDue(tables, queue, of),
    onDue: async (wake) => {
      const listener = { wake }
      listeners.add(listener)
      return async () => void listeners.delete(listener)
    },
    receive: async (item) => {
      const outcome = receive(tables, item)
      if (outcome === 'received') tell(['inbox'])
      return outcome
    },
    catalogInForce: async () => catalogInForce(tables),
    saveDirectory: async (provider, seen) => saveDirectory(tables, provider, seen),
    wantMembers: async (provider, wanted) => wantMembers(tables, provider, wanted),
    groupsToRead: async (provider, first, limit) => groupsToRead(tables, provider, first, limit),
    saveMembers: async (provider, reads) => saveMembers(tables, provider, reads),
    putOffMembers: async (provider, ids, at) => putOffMembers(tables, provider, ids, at),
    membersOf: async (group) => membersOf(tables, group),
    syncStanding: async (provider) => syncStanding(tables, provider),
    people: async (ids) => tables.directory.index.people(ids),
    peopleByAddresses: async (addresses) => tables.directory.index.peopleByAddresses(addresses),
    peopleOfAccounts: async (provider, accounts) => tables.directory.index.peopleOfAccounts(provider, accounts),
    managers: async () => tables.directory.index.managers,
    groups: async (refs) => groups(tables, refs),
    groupsNamed: async (provider, nameOrId) => groupsNamed(tables, provider, nameOrId),
    linksOf: async (ids) => linksOf(tables, ids),
    linksOfAccounts: async (system, accounts) => linksOfAccounts(tables, system, accounts),
    budget: async (provider) => tables.budgets.get(provider) ?? null,
    saveBudget: async (provider, expected, state) => saveBudget(tables, provider, expected, state),
    eventAt: async (stream, version) => tables.log.at(stream, version),
    seal: async (limit, sealing) => tables.log.seal(limit, sealing),
    newestCheckpoint: async () => newestCheckpoint(tables),
    sealed: async (fromIndex, limit) => tables.log.sealed(fromIndex, limit),
    erase: async (stream, version) => erase(tables, stream, version),
  }
}

function load({ streams, memberships }: Tables, names: readonly string[]): ReadonlyMap<string, StoredStream> {
  const found = new Map<string, StoredStream>()
  for (const name of names) {
    const row = streams.get(name) ?? memberships.table.get(name)
    if (row) found.set(name, { version: row.version, state: row.state })
  }
  return found
}

function membershipsOf({ memberships }: Tables, group: GroupRef): readonly StoredMembership[] {
  return [...memberships.table.rows.values()]
    .filter((row) => sameGroup(row.group, group) && row.state['desired'] !== 'not ours')
    .sort((a, b) => order(a.id, b.id))
    .map(({ personId, version, state }) => ({ personId, version, state }))
}

/** Oldest first, and at the same moment by name. */
function find({ streamsByKey }: Tables, key: string): readonly string[] {
  const carriers = streamsByKey.carriers(key)
  return carriers.toSorted((a, b) => a.createdAt - b.createdAt || order(a.id, b.id)).map((each) => each.id)
}

function receive({ inbox, drawn }: Tables, item: InboxItem): 'received' | 'already received' {
  const { receivedAt } = item
  const [id, source, about] = [storedText(item.id), storedText(item.source), storedText(item.about)]
  if (inbox.table.get(id)) return 'already received'
  drawn.inbox += 1
  inbox.table.put({ id, seq: drawn.inbox, dueAt: receivedAt, ...NOT_CLAIMED_YET, source, about, receivedAt })
  return 'received'
}

function catalogInForce({ catalogs }: Tables): Awaited<ReturnType<Store['catalogInForce']>> {
  const [newest] = [...catalogs.rows.values()].sort((a, b) => b.version - a.version)
  return newest ? { version: newest.version, catalog: newest.catalog } : null
}

function saveBudget({ budgets }: Tables, provider: string, expected: number, state: JsonObject): boolean {
  if ((budgets.get(provider)?.version ?? 0) !== expected) return false
  budgets.set(provider, Object.freeze({ version: expected + 1, state: storedJson(state) }))
  return true
}
