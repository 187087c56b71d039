import { databaseClock, sleepOnWall } from '#engine/store/clock.ts'
import { openPool } from '#engine/store/postgres/postgres-store.ts'

/**
 * The least that a claim can be: rows with a lease, taken by whoever looks. `bare-claimer.ts <database> <lease in ms>
 * <role>`: a victim takes all there is and holds on to it, a survivor is done with what it takes.
 */
const [url = '', lease = '', role = ''] = process.argv.slice(2)
const leaseMs = Number(lease)
const POLL_MS = 50

const pool = openPool({ connectionString: url, max: 1 })
const clock = await databaseClock(pool)

async function take(): Promise<number> {
  const now = clock.now()
  const { rowCount } = await pool.query(
    `UPDATE bare_claim SET lease_until = $1::bigint + $2::bigint, owner = $3, done_at = CASE WHEN $3 = 'survivor' THEN $1::bigint END
     WHERE id = ANY(ARRAY(SELECT id FROM bare_claim WHERE done_at IS NULL AND (lease_until IS NULL OR lease_until <= $1)
       ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED))`,
    [now, leaseMs, role],
  )
  return rowCount ?? 0
}

if (role === 'victim') await take()
process.stdout.write('running\n')
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
for (;;) {
  if (role === 'survivor') {
    await take()
    await sleepOnWall(POLL_MS)
  } else {
    await sleepOnWall(leaseMs / 3)
    await pool.query('UPDATE bare_claim SET lease_until = $1::bigint + $2::bigint WHERE owner = $3', [
      clock.now(),
      leaseMs,
      role,
    ])
  }
}
