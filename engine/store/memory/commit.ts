import type { Append, Commit, NewEvent, NewLink, Timer } from '../store.ts'
import { linkId } from './link-id.ts'
import { hasDoubles, settle, type Failure } from './settle.ts'
import { storableText, storedJson, storedText } from './stored-json.ts'
import type { Tables } from './tables.ts'
import { NOT_CLAIMED_YET } from './work-queue.ts'
import { writeMemberships, isMembership } from './write-memberships.ts'
import { writeStates } from './write-states.ts'

/**
 * Writes everything or nothing, in the order of engine/store/postgres/commit.ts: where a commit would fail for two
 * reasons, the earlier one is the answer.
 */
export function commit(tables: Tables, value: Commit): 'committed' | Failure {
  const failure = tables.transaction.run(() => {
    const written = new Set(value.appends.filter((each) => each.events.length > 0).map((each) => each.stream))
    const unwritten = (value.settle ?? []).filter((each) => each.queue !== 'membership' || !written.has(each.id))
    return (
      settle(tables, unwritten) ??
      require(tables, value.requires ?? []) ??
      append(tables, value) ??
      publish(tables, value) ??
      link(tables, value.links ?? []) ??
      setTimers(tables, value)
    )
  })
  return failure ?? 'committed'
}

function require({ streams }: Tables, required: NonNullable<Commit['requires']>): Failure | null {
  return required.every(({ stream, version }) => streams.get(stream)?.version === version) ? null : 'conflict'
}

function append(tables: Tables, value: Commit): Failure | null {
  const moved = value.appends
    .filter((each) => each.events.length > 0)
    .toSorted((a, b) => (a.stream < b.stream ? -1 : 1))
  const failure =
    writeStates(
      tables,
      moved.filter((each) => !isMembership(each)),
      value.now,
    ) ?? writeMemberships(tables, moved.filter(isMembership), value.settle ?? [])
  if (failure !== null) return failure
  addEvents(tables, moved, value.now)
  for (const { key, stream, version } of value.outbox ?? []) {
    tables.drawn.outbox += 1
    const seq = tables.drawn.outbox
    const id = String(seq)
    tables.outbox.table.put({ id, seq, dueAt: value.now, ...NOT_CLAIMED_YET, key: storableText(key), stream, version })
  }
  return null
}

function addEvents({ log }: Tables, moved: readonly Append[], at: number): void {
  const events: { readonly stream: string; readonly version: number; readonly event: NewEvent }[] = []
  for (const { stream, expected, events: added } of moved) {
    added.forEach((event, place) => events.push({ stream, version: expected + place + 1, event }))
  }
  events.sort((a, b) => a.event.place - b.event.place)
  for (const { stream, version, event } of events) {
    const { type, by, data, nonce, personal, leafHash } = event
    const stored = {
      stream,
      version,
      type,
      at,
      by: storedJson(by),
      data: storedJson(data),
      nonce: Buffer.from(nonce),
      personal: personal?.digest ?? null,
      personalFields: personal ? storedJson(personal.fields) : null,
      salt: personal ? Buffer.from(personal.salt) : null,
    }
    log.add(stored, leafHash && Buffer.from(leafHash))
  }
}

function publish({ catalogs }: Tables, { catalog: published, now }: Commit): Failure | null {
  if (!published) return null
  const { version, catalog } = published
  const id = String(version)
  if (catalogs.get(id)) return 'conflict'
  catalogs.put({ id, version, catalog: storedJson(catalog), at: now })
  return null
}

/** An account of nobody is linked whatever `replaces` says; that of somebody, only if it is theirs still. */
function link({ links }: Tables, added: readonly NewLink[]): Failure | null {
  const named = added.map(({ system, account }) => ({ id: linkId(system, account) }))
  if (hasDoubles(named)) throw new Error('one commit links the same account twice')
  for (const { system, account, personId, proof, provenBy, at, replaces } of added) {
    const id = linkId(system, storableText(account))
    const standing = links.get(id)
    if (standing && standing.personId !== replaces) return 'conflict'
    links.put({ id, system, account, personId, proof, provenBy, at })
  }
  return null
}

/** See engine/store/migrations/0004-timer-fences.sql: no two births of a timer share a fence. */
const FENCES_EACH = 1_000_000

function setTimers(tables: Tables, { setTimers: timers = [], cancelTimers = [] }: Commit): null {
  const { timers: queue, drawn } = tables
  const anew = new Set<string>()
  const set = (each: Timer): void => {
    const { kind, dueAt, unlessSet } = each
    const [id, about] = [storedText(each.id), storedText(each.about)]
    drawn.timers += 1
    const seq = drawn.timers
    const known = queue.table.get(id)
    if (!unlessSet && anew.has(id)) throw new Error(`one commit sets timer ${id} twice`)
    if (!unlessSet) anew.add(id)
    if (!known) queue.table.put({ id, seq, dueAt, ...NOT_CLAIMED_YET, fence: seq * FENCES_EACH, kind, about })
    else if (!unlessSet)
      queue.table.put({ ...known, dueAt, about, attempts: 0, leaseUntil: null, fence: known.fence + 1 })
  }
  for (const each of timers) if (!each.unlessSet) set(each)
  for (const each of timers) if (each.unlessSet) set(each)
  for (const id of cancelTimers) if (queue.table.get(id)) queue.table.remove(id)
  return null
}
