import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Pool } from 'pg'
import { randomIds } from '#engine/ids.ts'
import { MEMBERSHIP } from '#engine/handle/stream-kinds.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import type { Ports } from '#engine/ports.ts'
import { haltReads } from '#engine/read/halts.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase, type TestDatabase } from '#engine/store/test-database.ts'
import { haltOrResume } from './halt.ts'
import { readHaltWords } from './read-halt-words.ts'

/* The emergency stop at the command line: what an operator types, and reads. */

const NOON = Date.parse('2026-11-02T12:00:00.000Z')

let database: TestDatabase
let pool: Pool
let ports: Ports
let sleptMs: number
let said: string[]
let saidBeforeSleep: number
before(async () => {
  database = await createTestDatabase()
  pool = openPool(database.connectionConfig)
  const clock = {
    now: () => NOON + sleptMs,
    sleep: async (ms: number) => {
      sleptMs += ms
      saidBeforeSleep = said.length
    },
  }
  ports = { store: postgresStore(pool), clock, ids: randomIds, provider: () => undefined, log: () => undefined }
  const group = (provider: string) => ({
    group: { provider, id: '00g1' },
    name: 'readers',
    description: '',
    notWritable: null,
    fedByRule: false,
  })
  for (const provider of ['okta', 'entra'])
    await ports.store.saveDirectory(provider, { people: [], groups: [group(provider)], at: 1 })
})
after(async () => {
  await pool.end()
  await database.drop()
})
beforeEach(async () => {
  sleptMs = 0
  said = []
  for (const { provider } of await haltReads(pool).orders()) {
    const scope = provider === null ? [] : ['--provider', provider]
    await tenure('resume', ...scope, '--reason', 'the next test')
  }
  said = []
})

async function tenure(...words: readonly string[]): Promise<{ readonly code: number; readonly told: string }> {
  const understood = readHaltWords(words)
  assert.ok(understood, words.join(' '))
  said = []
  const say = (line: string): void => void said.push(line)
  const io = { ports, operator: 'olga', say, complain: say }
  const code = await haltOrResume(io, haltReads(pool), understood)
  return { code, told: said.join('\n') }
}

async function orders(): Promise<readonly string[]> {
  const { rows } = await pool.query<{ told: string }>(
    `SELECT concat_ws(' ', stream, type, by ->> 'name', data::text, p.fields ->> 'reason') AS told
     FROM event LEFT JOIN personal p USING (stream, version) WHERE stream LIKE 'halt/%' ORDER BY position`,
  )
  return rows.map((row) => row.told)
}

test('a halt stops everything, says so only when it is in force, and says that ends of access wait too [I14]', async () => {
  const { code, told } = await tenure('halt', '--reason', 'Okta was broken into')
  assert.equal(code, 0)
  assert.ok(sleptMs > 250, `said after ${sleptMs} ms`)
  assert.equal(saidBeforeSleep, 0)
  assert.match(told, /^In force: no write of any provider starts any more\.\nENDS OF ACCESS WAIT TOO/)
  assert.match(told, /--except-removals/)
  assert.match(told, /\n {2}tenure resume --reason "…"$/)
  assert.equal((await orders()).at(-1), 'halt/all HaltOrdered olga {"exceptRemovals": false} Okta was broken into')
})

test('a halt of one provider that exempts removals says what goes on [I14]', async () => {
  const { code, told } = await tenure('halt', '--provider', 'okta', '--except-removals', '--reason=A wave of grants')
  assert.equal(code, 0)
  assert.match(told, /^In force: nobody is added to a group of okta any more\.\nEnds of access go on/)
  assert.match(told, /tenure resume --provider okta --reason/)
  assert.equal((await orders()).at(-1), 'halt/okta HaltOrdered olga {"exceptRemovals": true} A wave of grants')
})

test('an exemption is not promised while a stricter order is in force [I14]', async () => {
  await tenure('halt', '--reason', 'everything')
  const { told } = await tenure('halt', '--provider', 'okta', '--except-removals', '--reason', 'less')
  assert.match(told, /Ends of access of everything wait all the same/)
  assert.ok(!told.includes('Ends of access go on'))
})

test('without a reason nothing is halted and nothing is resumed [I14]', async () => {
  const before = await orders()
  const halt = await tenure('halt')
  assert.equal(halt.code, 1)
  assert.match(halt.told, /^Nothing was halted\. Say why, with --reason/)
  assert.equal((await tenure('resume', '--reason', ' ')).code, 1)
  assert.deepEqual(await orders(), before)
})

test('a provider that nobody knows is refused: a mistyped name would stop nothing [I14]', async () => {
  const before = await orders()
  const { code, told } = await tenure('halt', '--provider', 'otka', '--reason', 'x')
  assert.equal(code, 1)
  assert.match(told, /^Nothing was halted\. No directory named "otka" is known; these are: entra, okta\./)
  assert.deepEqual(await orders(), before)
})

test('the status tells every order, with words of people as plain text, and what waits [I14]', async () => {
  assert.match((await tenure('halt', '--status')).told, /^Nothing is halted\./)
  await tenure('halt', '--provider', 'okta', '--reason', 'red \u001b[31malert\u202egnp.exe')
  await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    const grant = { grantId: 'grt_1', requestId: 'req_1', account: '00u1', heldBefore: false, privileged: false }
    const membership = await turn.open(MEMBERSHIP, 'membership/okta/00g1/per_ada')
    membership.decide({ kind: 'add reason', ...grant })
  })
  const { code, told } = await tenure('halt', '--status')
  assert.equal(code, 0)
  assert.match(
    told,
    /^HALTED: okta, ends of access wait too, since 2026-11-02 12:00 UTC, ordered by olga: "red \[31malert gnp\.exe"\n/,
  )
  assert.match(told, /\n {2}okta: 1 addition and 0 removals to be written; 0 changes may be on the way/)
})

test('lifting one order leaves the other, and says so; what is not halted cannot be lifted [I14]', async () => {
  await tenure('halt', '--reason', 'everything')
  await tenure('halt', '--provider', 'okta', '--reason', 'okta')
  const okta = await tenure('resume', '--provider', 'okta', '--reason', 'done')
  assert.equal(okta.code, 0)
  assert.match(okta.told, /^The order to halt okta is lifted\.\nHALTED: everything/)
  const again = await tenure('resume', '--provider', 'okta', '--reason', 'done')
  assert.equal(again.code, 1)
  assert.match(again.told, /^It is not halted, so there is nothing to resume\.\nHALTED: everything/)
  assert.match(
    (await tenure('resume', '--reason', 'done')).told,
    /^The order to halt everything is lifted\.\nNothing is halted\./,
  )
})

test('a reason that was erased is told as erased, and the order stands [I14]', async () => {
  await tenure('halt', '--reason', 'Mara did it')
  const { version } = (await ports.store.load(['halt/all'])).get('halt/all') ?? { version: 0 }
  assert.equal(await ports.store.erase('halt/all', version), true)
  assert.match((await tenure('halt', '--status')).told, /ordered by olga: the reason was erased/)
})

test('words that are not understood mean nothing, rather than half of it [I14]', () => {
  for (const words of [
    'halt now',
    'halt --provider',
    'halt --provider= --reason x',
    'halt --except-removal --reason x',
    'halt --reason x --reason y',
    'halt --provider okta --provider entra --reason x',
    'halt --status --provider okta',
    'halt --except-removals=no --reason x',
    'resume --except-removals --reason x',
    'resume --status',
    'stop --reason x',
  ])
    assert.equal(readHaltWords(words.split(' ')), null, words)
  assert.deepEqual(readHaltWords(['halt', '--reason', 'two words', '--except-removals', '--provider', 'okta']), {
    kind: 'halt',
    provider: 'okta',
    exceptRemovals: true,
    reason: 'two words',
  })
  assert.deepEqual(readHaltWords(['resume', '--reason', '-']), { kind: 'resume', provider: null, reason: '-' })
})
