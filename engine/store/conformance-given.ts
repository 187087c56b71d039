import { URGENCY } from '#core/identity-action/urgency.ts'
import type { Append, Commit, InboxItem, Look, NewEvent, Queue, Settlement, Store, Timer } from './store.ts'

/** A store under the suite: each `open` gives one that holds nothing yet. */
export interface StoreSubject {
  readonly name: string
  open(): Promise<{ readonly store: Store; close(): Promise<void> }>
}

/** Makes a test of something that is to be true of a store which holds nothing yet. */
export type OnStore = (sentence: (store: Store) => Promise<void>) => () => Promise<void>

export function onEach(subject: StoreSubject): OnStore {
  return (sentence) => async () => {
    const { store, close } = await subject.open()
    try {
      await sentence(store)
    } finally {
      await close()
    }
  }
}

export const NOW = 1_750_000_000_000
export const LEASE_MS = 5_000

export function event(type: string, more: Partial<NewEvent> = {}): NewEvent {
  return {
    place: 0,
    type,
    by: { kind: 'engine' },
    data: {},
    personal: null,
    nonce: Buffer.alloc(16, type),
    ...more,
  }
}

/** One event on a stream that stands at `expected`; the state says how far it is. */
export function append(stream: string, expected = 0, more: Partial<Append> = {}): Append {
  const events = more.events ?? [event(`Happened${expected + 1}`)]
  return { stream, expected, events, state: { version: expected + events.length }, keys: [], ...more }
}

export function membership(personId: string, groupId = '00g1', provider = 'okta'): string {
  return `membership/${provider}/${groupId}/${personId}`
}

export function look(more: Partial<Look> = {}): Look {
  return { work: 'write', dueAt: NOW, urgency: URGENCY.grant, ...more }
}

export function timer(id: string, more: Partial<Timer> = {}): Timer {
  return { id, kind: 'look at ticket', about: `about ${id}`, dueAt: NOW, ...more }
}

export function item(id: string, more: Partial<InboxItem> = {}): InboxItem {
  return { id, source: 'jira', about: `about ${id}`, receivedAt: NOW, ...more }
}

export function message(key: string, version = 1) {
  return { key, stream: `request/${key}`, version }
}

export function commit(store: Store, more: Partial<Commit>): ReturnType<Store['commit']> {
  return store.commit({ now: NOW, appends: [], ...more })
}

export function claim(
  store: Store,
  queue: Exclude<Queue, 'membership'>,
  more: Partial<Parameters<Store['claim']>[1]> = {},
) {
  return store.claim(queue, { limit: 100, leaseMs: LEASE_MS, now: NOW, ...more })
}

export function claimMemberships(
  store: Store,
  work: 'write' | 'read' = 'write',
  more: Partial<Parameters<Store['claimMemberships']>[1]> = {},
) {
  return store.claimMemberships(work, { limit: 100, leaseMs: LEASE_MS, now: NOW, of: { noneOf: [] }, ...more })
}

/** The end of a claim, with the fence of the claim. */
export function settled(
  queue: Queue,
  { id, fence }: { readonly id: string; readonly fence: number },
  more: Partial<Settlement> = {},
): Settlement {
  return { queue, id, fence, dueAt: null, progress: true, ...more }
}

export function ids(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map((each) => each.id)
}

/** The only element there is to be. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Error(`one was expected, not ${rows.length}`)
  return row
}

/** Where a stream stands, in short. */
export async function versionOf(store: Store, stream: string): Promise<number> {
  return (await store.load([stream])).get(stream)?.version ?? 0
}

/** Puts one piece of work into each of the queues that are no memberships, due now. */
export async function giveWork(store: Store): Promise<void> {
  await commit(store, { setTimers: [timer('t1')], outbox: [message('req_1')] })
  await store.receive(item('i1'))
}

export const QUEUES = ['timer', 'inbox', 'outbox'] as const
