import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool } from 'pg'
import type { Outside } from './outside.ts'
import { copyIn, copyOut } from './copy-text.ts'
import type { Told } from './teller.ts'

/*
 * A fixture is what a release left behind in the middle of its work, in a folder with the name of its schema:
 *
 *   <table>.copy   the rows, as COPY writes them, under a line with the statement that takes them in again. It names
 *                  the columns, so that a later schema with more of them takes the same rows.
 *   outside.json   the world around: the company, its Okta and its Jira as they stood at that instant.
 *   story.json     the instant, the key of the log, where the counters stood, and what must come of each request.
 *
 * A fixture is never written again once its release is out: it is what that release really wrote.
 */

export const FIXTURES = new URL('./fixtures/', import.meta.url).pathname
const MIGRATIONS = new URL('../../engine/store/migrations/', import.meta.url).pathname

export interface Fixture extends FixtureStory {
  readonly version: string
  readonly outside: Outside
  readonly tables: readonly TableRows[]
}

export interface FixtureStory extends Told {
  readonly at: string
  /** Of this story alone, and made for it: it protects nothing. */
  readonly signingKey: string
  /** The last number that each counter gave out; null before its first. */
  readonly counters: Readonly<Record<string, number | null>>
}

interface TableRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: string
}

/** Every schema version there ever was, oldest first: the names of the migrations. */
export async function schemaVersions(): Promise<readonly string[]> {
  return (await readdir(MIGRATIONS))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -4))
    .sort()
}

export function migrationFile(version: string): string {
  return join(MIGRATIONS, `${version}.sql`)
}

export async function fixtureVersions(): Promise<readonly string[]> {
  return (await readdir(FIXTURES)).sort()
}

/** All tables of a database but the list of its migrations, which whoever loads the fixture makes by migrating. */
export async function tablesOf(pool: Pool): Promise<readonly TableRows[]> {
  const { rows } = await pool.query<{ table: string; columns: string[]; key: string[] }>(
    `SELECT c.relname AS table,
       ARRAY(SELECT a.attname::text FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
       ARRAY(SELECT a.attname || CASE WHEN a.attcollation = 0 THEN '' ELSE ' COLLATE "C"' END
             FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) JOIN pg_attribute a USING (attnum)
             WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid ORDER BY k.place) AS key
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migration'
     ORDER BY c.relname COLLATE "C"`,
  )
  const tables: TableRows[] = []
  for (const { table, columns, key } of rows) {
    const text = await copyOut(pool, `SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${key.join(', ')}`)
    tables.push({ table, columns, rows: text })
  }
  return tables
}

export async function countersOf(pool: Pool): Promise<FixtureStory['counters']> {
  const { rows } = await pool.query<{ name: string; last: number | null }>(
    `SELECT sequencename AS name, last_value AS last FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename COLLATE "C"`,
  )
  return Object.fromEntries(rows.map((row) => [row.name, row.last]))
}

export async function writeFixture(
  folder: string,
  { tables, outside, ...story }: Omit<Fixture, 'version'>,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { table, columns, rows } of tables)
    await writeFile(join(folder, `${table}.copy`), `COPY ${table} (${columns.join(', ')}) FROM stdin;\n${rows}\\.\n`)
  await writeFile(join(folder, 'outside.json'), `${inLines(outside, 3)}\n`)
  await writeFile(join(folder, 'story.json'), `${inLines(story, 2)}\n`)
}

/** JSON whose outer levels have a line for each entry, so that two of them can be compared by line. */
function inLines(value: unknown, levels: number): string {
  if (levels === 0 || typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[\n${value.map((each) => inLines(each, levels - 1)).join(',\n')}\n]`
  const entries = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${inLines(each, levels - 1)}`)
  return `{\n${entries.join(',\n')}\n}`
}

export async function readFixture(version: string): Promise<Fixture> {
  const folder = join(FIXTURES, version)
  const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.copy')).sort()
  return {
    ...(JSON.parse(await text('story.json')) as FixtureStory),
    version,
    outside: JSON.parse(await text('outside.json')) as Outside,
    tables: await Promise.all(names.map(async (name) => tableFrom(await text(name)))),
  }
}

function tableFrom(text: string): TableRows {
  const [, table = '', columns = '', rows = ''] =
    /^COPY (\w+) \(([^)]+)\) FROM stdin;\n((?:.*\n)*)\\\.\n$/.exec(text) ?? []
  if (table === '') throw new Error('not the rows of a table')
  return { table, columns: columns.split(', '), rows }
}

/** Puts the rows into a database of the fixture's own schema, and the counters where they stood. */
export async function loadFixture(pool: Pool, { tables, counters }: Fixture): Promise<void> {
  for (const { table, columns, rows } of tables) await copyIn(pool, table, columns, rows)
  for (const [name, last] of Object.entries(counters)) {
    if (last !== null) await pool.query('SELECT setval($1::regclass, $2)', [name, last])
  }
}
