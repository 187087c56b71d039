import { cpus } from 'node:os'
import type { Pool } from 'pg'
import { isoOf, MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import { sleepOnWall, type Clock } from '#engine/store/clock.ts'
import { runEngine } from '#engine/workers/engine.ts'
import { note, quantile, report, rounded } from './figures.ts'
import { engineUnderLoad } from './engine-under-load.ts'
import { openBenchGrants } from './open-grants.ts'
import { benchGroup } from './okta-server.ts'

/*
 * 1,000 windows that end over one minute while a million other timers wait. Lateness of ours: from the end of the window to the
 * moment at which Okta took the removal. Beside it, in the same run, a bare table of timers whose worker does nothing at all.
 */

const ENDING = Number(process.env['BENCH_ENDING'] ?? 1_000)
const WAITING = Number(process.env['BENCH_WAITING'] ?? 1_000_000)
const OVER_MS = MINUTE_MS

const load = await engineUnderLoad({ users: ENDING, groups: 1, inFlight: 20 })
const { server, pool, clock, ports, jobs } = load
try {
  note(`${WAITING} waiting timers and ${ENDING} live windows are being made`)
  await openBenchGrants(ports, { set: 0, people: ENDING, groups: [{ provider: 'okta', id: benchGroup(0) }] })
  const engine = await runEngine(
    ports,
    jobs.filter((job) => job.name !== 'outbox'),
  )
  await until(pool, 'SELECT NOT EXISTS (SELECT FROM membership WHERE due_at IS NOT NULL) AS yes')
  await fillTimers(pool, clock)

  const bare = await bareLateness(pool, clock)
  note(`bare timer table: p50 ${rounded(quantile(bare, 0.5))} ms, p99 ${rounded(quantile(bare, 0.99))} ms`)
  const ends = await spreadEnds(pool, clock)
  await sleepOnWall(OVER_MS)
  await until(pool, `SELECT count(*) = ${ENDING} AS yes FROM event WHERE type = 'GrantEnded'`)
  await engine.stop()

  const taken = await server.removals()
  const lateness = [...ends].flatMap(([account, endsAt]) => {
    const at = taken[account]
    return at === undefined ? [] : [at - endsAt]
  })
  if (lateness.length !== ENDING) throw new Error(`${lateness.length} of ${ENDING} windows ended`)
  const [p50, p99] = [quantile(lateness, 0.5), quantile(lateness, 0.99)]
  const [bareP50, bareP99] = [quantile(bare, 0.5), quantile(bare, 0.99)]
  report(
    'expiry',
    [bareP99 / p99],
    {
      ending: ENDING,
      waiting: WAITING,
      overSeconds: OVER_MS / SECOND_MS,
      latenessMs: { p50: rounded(p50), p99: rounded(p99), most: rounded(Math.max(...lateness)) },
      bareLatenessMs: { p50: rounded(bareP50), p99: rounded(bareP99), most: rounded(Math.max(...bare)) },
    },
    cpus().length,
  )
} finally {
  await load.close()
}

async function until(on: Pool, question: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 5 * MINUTE_MS; waitedMs += 50) {
    const { rows } = await on.query<{ yes: boolean }>(question)
    if (rows[0]?.yes) return
    await sleepOnWall(50)
  }
  throw new Error(`waited in vain: ${question}`)
}

/** Windows of a day and more from now: they only have to be there. */
async function fillTimers(on: Pool, at: Clock): Promise<void> {
  const from = at.now() + 24 * 60 * MINUTE_MS
  await on.query(
    `INSERT INTO timer (id, kind, about, due_at) SELECT 'bench:' || n, 'window ends', 'grt_none' || n, $1::bigint + n FROM generate_series(1, $2::int) n`,
    [from, WAITING],
  )
  await on.query('CREATE TABLE bare_timer (id text PRIMARY KEY, due_at bigint)')
  await on.query(`INSERT INTO bare_timer SELECT 'bench:' || n, $1::bigint + n FROM generate_series(1, $2::int) n`, [
    from,
    WAITING,
  ])
  await on.query('CREATE INDEX bare_timer_due ON bare_timer (due_at)')
  await on.query('VACUUM ANALYZE')
}

/** The least that a timer can be: sleep until the next one, take what is due, forget it. */
async function bareLateness(on: Pool, at: Clock): Promise<readonly number[]> {
  const first = at.now() + 2 * SECOND_MS
  await on.query(
    `INSERT INTO bare_timer SELECT 'due:' || n, $1::bigint + n * $2::bigint / $3::bigint FROM generate_series(0, $3::int - 1) n`,
    [first, OVER_MS, ENDING],
  )
  const late: number[] = []
  while (late.length < ENDING) {
    const { rows } = await on.query<{ due_at: number }>(
      `DELETE FROM bare_timer WHERE id = ANY(ARRAY(SELECT id FROM bare_timer WHERE due_at <= $1 ORDER BY due_at LIMIT 200 FOR UPDATE SKIP LOCKED)) RETURNING due_at`,
      [at.now()],
    )
    for (const row of rows) late.push(at.now() - row.due_at)
    if (rows.length > 0) continue
    const { rows: next } = await on.query<{ at: number }>('SELECT min(due_at) AS at FROM bare_timer')
    await sleepOnWall(Math.max(1, (next[0]?.at ?? 0) - at.now()))
  }
  return late
}

/** The shortest window of a catalog is an hour; a bench has no hour, so the ends are moved near. By account: when its window ends. */
async function spreadEnds(on: Pool, at: Clock): Promise<ReadonlyMap<string, number>> {
  const first = at.now() + 3 * SECOND_MS
  const { rows } = await on.query<{ name: string; account: string }>(
    `SELECT s.name, m.state ->> 'account' AS account FROM stream_state s JOIN membership m ON m.person_id = s.state -> 'opened' ->> 'personId'
     WHERE s.kind = 'grant' ORDER BY s.name`,
  )
  const ends = rows.map((row, place) => ({
    ...row,
    id: `${row.name.slice('grant/'.length)}:window`,
    at: first + Math.floor((place * OVER_MS) / ENDING),
  }))
  await on.query(
    `UPDATE stream_state SET state = jsonb_set(state, '{endsAt}', to_jsonb(e.iso)) FROM json_to_recordset($1::json) AS e(name text, iso text) WHERE stream_state.name = e.name`,
    [JSON.stringify(ends.map((each) => ({ name: each.name, iso: isoOf(each.at) })))],
  )
  await on.query(
    `UPDATE timer SET due_at = e.at FROM json_to_recordset($1::json) AS e(id text, at bigint) WHERE timer.id = e.id`,
    [JSON.stringify(ends)],
  )
  await on.query(`SELECT pg_notify('tenure_due', '')`)
  return new Map(ends.map((each) => [each.account, each.at]))
}
