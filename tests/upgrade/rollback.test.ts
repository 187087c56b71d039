import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { migrate } from '#engine/store/migrate.ts'
import { statusOf } from '../life/seen.ts'
import { schemaVersions, tablesOf } from './fixture.ts'
import { leftBehind, startToday, type LeftBehind } from './upgraded.ts'

/*
 * The way back. A schema has none: a release does not start on a database that a newer one has migrated, says which one
 * to start, and touches nothing. Until a migration is through, the release before it works on as if nobody had tried.
 */

let old: LeftBehind
before(async () => (old = await leftBehind('0002-installation')))
after(() => old.close())

const migrationsDone = async (): Promise<readonly string[]> =>
  (await old.pool.query<{ name: string }>('SELECT name FROM migration ORDER BY name')).rows.map((row) => row.name)

test('a migration that fails leaves every table as it was, and what it has not done is done when the obstacle is gone [I39]', async () => {
  const [rows, done] = [await tablesOf(old.pool), await migrationsDone()]
  // Half of 0003 is through when it meets this.
  await old.pool.query('CREATE TABLE budget (in_the_way boolean)')
  await assert.rejects(migrate(old.pool), /relation "budget" already exists/)
  await old.pool.query('DROP TABLE budget')
  assert.deepEqual(await tablesOf(old.pool), rows)
  assert.deepEqual(await migrationsDone(), done)
  await migrate(old.pool)
  assert.deepEqual(
    await migrationsDone(),
    (await schemaVersions()).map((version) => `${version}.sql`),
  )
})

test('a release that is put back on a newer schema says so and touches nothing, and the newer one goes on with every timer [I39]', async () => {
  await old.pool.query(`INSERT INTO migration (name) VALUES ('9999-of-tomorrow.sql')`)
  const before = await tablesOf(old.pool)
  await assert.rejects(migrate(old.pool), {
    message: 'The database was migrated by a newer Tenure (9999-of-tomorrow.sql). Start that version, or a newer one.',
  })
  assert.deepEqual(await tablesOf(old.pool), before)
  const newer = await startToday(old)
  await newer.pass(10_000)
  const over = old.fixture.threads.filter(({ then }) => then.kind === 'ends' && then.at <= old.fixture.at)
  assert.deepEqual(
    over.map(({ key }) => statusOf(newer, key)),
    ['Access ended', 'Access ended'],
  )
})
