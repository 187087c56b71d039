import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { JsonObject } from '#core/event.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import { type MembershipState } from '#core/identity-action/membership.ts'
import { urgencyOf } from '#core/identity-action/when-to-look.ts'
import { exportPack } from '#engine/evidence/export-pack.ts'
import { migrate } from '#engine/store/migrate.ts'
import type { StoredCheckpoint, StoredEvent } from '#engine/store/store.ts'
import { WORK_SETTINGS } from '#engine/workers/workers.ts'
import { openFolder } from '#verify/cli.ts'
import { verifyPack } from '#verify/verify-pack.ts'
import { changesAreRecords, foldedAnew } from '../life/evidence-holds.ts'
import {
  changesOf,
  eventsOf,
  grantIdOf,
  grantOf,
  isMember,
  messagesOn,
  recordsOf,
  requestOf,
  statusOf,
} from '../life/seen.ts'
import { statesMissingIn } from './every-state.ts'
import { fixtureVersions, schemaVersions } from './fixture.ts'
import { whatIsMissing } from './remembered.ts'
import type { Product } from './product.ts'
import type { Then, Thread } from './teller.ts'
import { leftBehind, startToday, waitingIn, type LeftBehind, type Today, type Waiting } from './upgraded.ts'

/*
 * An earlier release was stopped in the middle of a day, and the release of today is started in its place. One fixture
 * for each schema that a release ever had: what is asked here is asked of all of them, now and after every change to come.
 */

test('the newest schema has a fixture: after a migration, npm run fixture writes it [I39]', async () => {
  const [schemas, fixtures] = [await schemaVersions(), await fixtureVersions()]
  const newest = schemas.at(-1) ?? ''
  assert.ok(
    fixtures.includes(newest),
    `there is no fixture for the schema ${newest}: run npm run fixture, and commit what it writes`,
  )
  assert.deepEqual(
    fixtures.filter((each) => !schemas.includes(each)),
    [],
    'a fixture belongs to a migration that exists',
  )
})

/** What may lie between a moment that comes and the record of it: other work of the same instant, and its calls. */
const AT_ONCE_MS = SECOND_MS

for (const version of await fixtureVersions()) {
  describe(`from ${version}`, () => {
    let old: LeftBehind
    let waiting: readonly Waiting[]
    let sealedBefore: StoredCheckpoint
    let product: Today

    before(async () => {
      old = await leftBehind(version)
      waiting = await waitingIn(old.pool)
    })
    after(() => old.close())

    const threadsThat = <Kind extends Then['kind']>(kind: Kind) =>
      old.fixture.threads.filter(
        (each): each is Thread & { then: Extract<Then, { kind: Kind }> } => each.then.kind === kind,
      )

    test('the fixture has work in every state', async () => {
      assert.deepEqual(await statesMissingIn(old.pool), [])
    })

    test('nothing that waits is lost or put off by the migrations, and all of it is read as it was meant [I39]', async () => {
      await migrate(old.pool)
      // A migration may set timers of its own.
      const known = new Set(waiting.map((each) => `${each.queue} ${each.id}`))
      const after = (await waitingIn(old.pool)).filter((each) => known.has(`${each.queue} ${each.id}`))
      assert.deepEqual(after, waiting)
      product = await startToday(old)
      sealedBefore = (await product.ports.store.newestCheckpoint()) ?? assert.fail('the fixture has a checkpoint')
      const events = await eventsOf(product)
      assert.ok(sealedBefore.size > 0 && sealedBefore.size < events.length, 'some records are sealed, and some are not')
      await streamsAreRead(product, events)
    })

    test('what was under way goes on within minutes, whatever state a worker left it in [I39, R114, I31]', async () => {
      await product.pass(10 * MINUTE_MS)
      for (const { key, what } of [
        ...threadsThat('goes live'),
        ...threadsThat('is approved').filter(({ then }) => then.answered),
      ])
        assert.equal(statusOf(product, key), 'Access live', what)
      for (const { key, what, personId, groups } of threadsThat('is removed')) {
        assert.equal(statusOf(product, key), 'Access ended', what)
        assert.deepEqual(
          groups.filter((group) => isMember(product, group, personId)),
          [],
          what,
        )
      }
      for (const { key, what, then } of threadsThat('is over')) assert.equal(statusOf(product, key), then.status, what)
    })

    test('what waited for an approval is approved and becomes live, under whatever catalog it was asked [I39]', async () => {
      const open = threadsThat('is approved').filter(({ then }) => !then.answered)
      for (const { key, what, then } of open) {
        assert.equal((await requestOf(product, key)).status, 'waiting', what)
        const answer = await product.people.answer(then.byId, key, 'approve')
        assert.equal(answer.status, 200, `${what}: ${answer.body}`)
      }
      await product.pass(MINUTE_MS)
      for (const { key, what } of open) assert.equal(statusOf(product, key), 'Access live', what)
    })

    test('every window ends when it was to end, and what cannot be completed is given up when it was to be [I39, R114, I1, R050]', async () => {
      for (let end = await nextEnd(product); end !== null; end = await nextEnd(product)) {
        // Nobody runs Tenure from one to the next.
        product.clock.moveTo(end - MINUTE_MS)
        await product.pass(2 * MINUTE_MS)
      }
      for (const thread of [...threadsThat('ends'), ...threadsThat('goes live'), ...threadsThat('is approved')]) {
        const { key, what, then } = thread
        const { startsAt, endsAt } = await grantOf(product, key)
        const end = Date.parse(endsAt ?? '')
        if (then.kind === 'ends') assert.equal(endsAt, then.at, what)
        else assert.equal(end - Date.parse(startsAt ?? ''), then.hours * HOUR_MS, what)
        await endsInTime(product, thread, endOf('window ended', `${grantIdOf(product, key)}:window`, end))
        assert.equal(statusOf(product, key), 'Access ended', what)
      }
      for (const thread of threadsThat('is given up')) {
        const end = Date.parse(thread.then.at)
        await endsInTime(product, thread, endOf('incomplete', `${grantIdOf(product, thread.key)}:complete`, end))
        assert.equal(statusOf(product, thread.key), 'Failed', thread.what)
      }
    })

    /**
     * A timer that came due while nobody worked rings at once; one that a dead worker holds, when the lease ends. So long
     * the dead may also hold what the directory lets be called at once.
     */
    function endOf(because: string, timer: string, at: Instant): End {
      const started = Date.parse(old.fixture.at)
      const lease = waiting.find((each) => each.queue === 'timer' && each.id === timer)?.lease_until ?? 0
      return { because, at, rings: Math.max(at, started, lease), callable: started + WORK_SETTINGS.leaseMs }
    }

    test('standing access stands until somebody ends it [I39, R054]', async () => {
      for (const { key, what, personId, groups } of threadsThat('stands')) {
        assert.deepEqual(
          groups.filter((group) => !isMember(product, group, personId)),
          [],
          what,
        )
        assert.equal((await product.people.move(personId, key, 'Revoke access')).status, 204)
        await product.pass(MINUTE_MS)
        assert.equal(statusOf(product, key), 'Access ended', what)
      }
    })

    test('nothing is lost and nothing is done twice, over the upgrade as without one [I39, R114, I2, I12, I13]', async () => {
      const people = Map.groupBy(old.fixture.threads, (each) => each.personId)
      for (const [personId, threads] of people) {
        const happened = changesOf(product, personId).map((each) => each.replace(/ by client$/, ''))
        assert.deepEqual(happened.toSorted(), changesMeant(threads), threads.map((each) => each.what).join('; '))
      }
      for (const { key, what } of old.fixture.threads) {
        const messages = messagesOn(product, key)
        assert.equal(new Set(messages).size, messages.length, `${what}: said twice`)
      }
      assert.deepEqual(product.inVain, [])
      // What looks around now and then goes on for ever; everything else has been done.
      const left = (await waitingIn(old.pool)).filter((each) => each.queue !== 'timer' || /^(grt|req)_/.test(each.id))
      assert.deepEqual(left, [])
      assert.deepEqual(product.log, [])
    })

    test('the log is one log, before the upgrade and after it, and every change is on record once [I39, I23, I25, R096]', async () => {
      const events = await eventsOf(product)
      changesAreRecords(product, events)
      await streamsAreRead(product, events)
      const folder = await mkdtemp(join(tmpdir(), 'tenure-upgrade-'))
      try {
        const exported = await exportPack(product.ports, join(folder, 'pack'), 'tenure test')
        const pack = openFolder(join(folder, 'pack'))
        const checkpoints = [sealedBefore.note, exported?.checkpoint ?? '']
        const verdict = await verifyPack(pack, { checkpoints, key: product.signingKey.verifierKey })
        await pack.close()
        assert.deepEqual(verdict.findings, [])
        assert.equal(verdict.verified, true)
        assert.equal(verdict.records, events.length)
        assert.ok(verdict.erased > 0)
        assert.deepEqual(verdict.open, [])
      } finally {
        await rm(folder, { recursive: true })
      }
    })
  })
}

/** When the next of the windows that are live ends, or the next grant is given up. */
async function nextEnd({ pool }: Product): Promise<Instant | null> {
  const { rows } = await pool.query<{ at: Instant | null }>(
    `SELECT min(due_at) AS at FROM timer WHERE kind IN ('window ends', 'complete by')`,
  )
  return rows[0]?.at ?? null
}

interface End {
  readonly because: string
  readonly at: Instant
  /** When its timer can ring. */
  readonly rings: Instant
  /** When the directory can be called. */
  readonly callable: Instant
}

/** The grant ended because of this, not before its time and at once; and the directory took the removals then. */
async function endsInTime(product: Product, thread: Thread, end: End): Promise<void> {
  const { what, key } = thread
  const endings = (await recordsOf(product, key)).filter((each) => each.type === 'GrantEnding')
  assert.deepEqual(
    endings.map((each) => each.data['because']),
    [end.because],
    what,
  )
  const [{ at } = assert.fail(what)] = endings
  const meant = `to be ended at ${end.at}, when its timer rings at ${end.rings}`
  assert.ok(at >= end.at && at <= end.rings + AT_ONCE_MS, `${what}: ended at ${at}, ${meant}`)
  const latest = Math.max(end.rings, end.callable) + AT_ONCE_MS
  const account = product.company.people.find((each) => each.id === thread.personId)?.oktaId
  const removals = product.standIns.okta.truth.changeLog.filter((each) => each.user === account && each.op === 'remove')
  const { released } = await grantOf(product, key)
  for (const { group } of released.filter((each) => each.how === 'removed')) {
    const [removed, ...more] = removals.filter((each) => each.group === group.id)
    assert.ok(removed && more.length === 0, `${what}: removed once`)
    assert.ok(removed.at >= end.at && removed.at <= latest, `${what}: removed at ${removed.at}, ${meant}`)
  }
}

/** Each group once in and once out for the whole of somebody's story, however many reasons there were for it. */
function changesMeant(threads: readonly Thread[]): readonly string[] {
  const given = threads.filter(({ then }) => then.kind !== 'is given up' && !neverLived(then))
  const groups = [...new Set(given.flatMap((each) => each.groups))]
  const adopted = new Set(given.filter((each) => each.adopts).flatMap((each) => each.groups))
  return [
    ...groups.filter((each) => !adopted.has(each)).map((each) => `add ${each}`),
    ...groups.map((each) => `remove ${each}`),
  ].sort()
}

function neverLived(then: Then): boolean {
  return then.kind === 'is over' && then.status !== 'Access ended'
}

/** What the tables hold of each stream is what the `evolve` of today makes of its events, and its work is as urgent as it is. */
async function streamsAreRead({ pool }: Product, events: readonly StoredEvent[]): Promise<void> {
  const anew = foldedAnew(events)
  const { rows } = await pool.query<{ name: string; version: number; state: JsonObject; keys: string[] }>(
    `SELECT name, version, state, keys FROM stream_state
     UNION ALL SELECT name, version, state, '{}'::text[] FROM membership ORDER BY name`,
  )
  assert.deepEqual(
    rows.map((row) => row.name),
    [...anew.keys()].sort(),
  )
  for (const { name, version, state, keys } of rows) {
    const folded = anew.get(name) ?? assert.fail(name)
    assert.deepEqual([version, keys], [folded.version, folded.keys], name)
    assert.deepEqual(whatIsMissing(state, JSON.parse(JSON.stringify(folded.state))), [], name)
  }
  const { rows: due } = await pool.query<{ name: string; work: 'write' | 'read'; urgency: number; state: unknown }>(
    'SELECT name, work, urgency, state FROM membership WHERE due_at IS NOT NULL',
  )
  for (const { name, work, urgency, state } of due)
    assert.equal(urgency, urgencyOf(state as MembershipState, work), name)
}
