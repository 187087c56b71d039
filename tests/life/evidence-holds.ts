import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '#core/event.ts'
import { isoOf } from '#core/instant.ts'
import { exportPack } from '#engine/evidence/export-pack.ts'
import { folded, kindOfStream } from '#engine/handle/fold.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import { openFolder } from '#verify/cli.ts'
import { verifyPack, type Verdict } from '#verify/verify-pack.ts'
import { eventsOf, groupName, personOf } from './seen.ts'
import type { World } from './world.ts'

/** Seals what is left, writes a pack, and has it checked by what knows nothing of us but the checkpoint and the key. */
export async function verdictOn(world: World): Promise<Verdict> {
  await world.settle()
  const parent = await mkdtemp(join(tmpdir(), 'tenure-life-'))
  const folder = join(parent, 'pack')
  try {
    assert.equal((await exportPack(world.ports, folder, 'tenure test'))?.rootAgrees, true)
    const head = await world.ports.store.newestCheckpoint()
    const pack = openFolder(folder)
    try {
      return await verifyPack(pack, { checkpoints: [head?.note ?? ''], key: world.signingKey.verifierKey })
    } finally {
      await pack.close()
    }
  } finally {
    await rm(parent, { recursive: true })
  }
}

/**
 * Holds for every story, however it went: the pack verifies; what Okta attributes to us and what we have on record are
 * the same changes, one to one; every state is what its events make of it; and nothing waits that nobody will work.
 */
export async function evidenceHolds(world: World): Promise<void> {
  const verdict = await verdictOn(world)
  assert.deepEqual(verdict.findings, [])
  assert.equal(verdict.verified, true)
  const events = await eventsOf(world)
  assert.equal(verdict.records, events.length)
  changesAreRecords(world, events)
  await statesAreTheirEvents(world, events)
}

/**
 * One record for one change, and the other way round. Okta answers 204 whether or not it changed anything. So a record
 * that was only found by reading back may stand for a call that had nothing to do; one that says `changed` may not, unless
 * another hand did the same since we read last, which nobody but Okta can know.
 */
export function changesAreRecords(world: World, events: readonly StoredEvent[]): void {
  const records = events.filter((each) => each.type === 'ChangeProven').map((each) => recordedChange(world, each))
  const told = new Set<string>()
  for (const { op, group, user, at, by, requestId } of world.standIns.okta.truth.changeLog) {
    if (by.kind !== 'client') continue
    const what = `${op} ${groupName(world, group)} ${user}`
    const telling = records.filter((each) => each.what === what && each.from <= at && at <= each.to)
    assert.equal(
      telling.length,
      1,
      `records that tell of "${what}" at ${isoOf(at)}: ${telling.map((each) => each.name).join()}`,
    )
    const [record = assert.fail()] = telling
    assert.notEqual(record.effect, 'already so', record.name)
    assert.ok(!told.has(record.name), `${record.name} tells of two changes`)
    told.add(record.name)
    if (record.effect === 'changed')
      assert.equal(record.receipt, requestId, `${record.name} holds the receipt of the call that did it`)
  }
  const others = world.standIns.okta.truth.changeLog.filter((each) => each.by.kind !== 'client')
  const boasts = records.filter(
    (each) =>
      each.effect === 'changed' &&
      !told.has(each.name) &&
      !others.some(({ op, group, user, at }) => {
        const before = records.findLast((one) => one.stream === each.stream && one.to < each.from)
        return `${op} ${groupName(world, group)} ${user}` === each.what && at > (before?.to ?? 0) && at <= each.to
      }),
  )
  assert.deepEqual(
    boasts.map((each) => `${each.name} ${each.what}`),
    [],
    'says "changed" of what Okta never changed',
  )
}

function recordedChange(world: World, { stream, version, data }: StoredEvent) {
  const [, , groupId = '', personId = ''] = stream.split('/')
  return {
    stream,
    name: `${stream}@${version}`,
    what: `${String(data['do'])} ${groupName(world, groupId)} ${personOf(world, personId).oktaId}`,
    effect: data['effect'],
    receipt: data['receipt'],
    from: Date.parse(String(data['intendedAt'])),
    to: Date.parse(String(data['readAt'])),
  }
}

export interface Folded {
  readonly version: number
  readonly state: unknown
  readonly keys: readonly string[]
}

/** Where each stream stands, as the `evolve` of today makes it of the events. */
export function foldedAnew(events: readonly StoredEvent[]): Map<string, Folded> {
  const anew = new Map<string, Folded>()
  for (const each of events) {
    const { stream, version } = each
    const kind = kindOfStream(stream) ?? assert.fail(`nobody knows what kind of stream ${stream} is`)
    const before = anew.get(stream) ?? { version: 0, state: kind.none, keys: [] }
    assert.equal(version, before.version + 1, `${stream} has no gap before version ${version}`)
    const state = folded(kind, before.state, each)
    anew.set(stream, { version, state, keys: kind.keys(state) })
  }
  return anew
}

/** Folds the events anew, and compares with every row that stands in the tables. */
export async function statesAreTheirEvents(world: World, events: readonly StoredEvent[]): Promise<void> {
  const streams = foldedAnew(events)
  const { rows } = await world.pool.query<{ name: string; version: number; state: JsonObject; keys: string[] | null }>(
    `SELECT name, version, state, keys FROM stream_state
     UNION ALL SELECT name, version, state, '{}'::text[] FROM membership ORDER BY name`,
  )
  assert.deepEqual(
    rows.map((row) => row.name),
    [...streams.keys()].sort(),
  )
  for (const { name, version, state, keys } of rows) {
    const anew = streams.get(name)
    if (anew?.version === version && isDeepStrictEqual(asJson(anew.state), state) && isDeepStrictEqual(anew.keys, keys))
      continue
    assert.deepEqual({ name, version, state, keys }, { name, ...anew, state: asJson(anew?.state) })
  }
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
