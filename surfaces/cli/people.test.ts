import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Pool } from 'pg'
import { randomIds } from '#engine/ids.ts'
import { linkOf } from '#engine/people/link-of.ts'
import { matchAccount } from '#engine/people/match-account.ts'
import type { Ports } from '#engine/ports.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase, type TestDatabase } from '#engine/store/test-database.ts'
import { importPeople } from './people.ts'

/* Who is who, as an administrator says it, and the evidence that stays of it. */

let database: TestDatabase
let pool: Pool
let ports: Ports
before(async () => {
  database = await createTestDatabase()
  pool = openPool(database.connectionConfig)
  const store = postgresStore(pool)
  const clock = { now: () => 1_000, sleep: async () => undefined }
  ports = { store, clock, ids: randomIds, provider: () => undefined, log: () => undefined }
  const people = ['ada', 'ben', 'cy'].map((account) => ({
    account,
    newPersonId: `per_${account}`,
    login: `${account}@halden.example`,
    email: `${account}@halden.example`,
    emailVerified: true,
    displayName: account,
    title: '',
    department: '',
    manager: null,
    active: true,
  }))
  await store.saveDirectory('okta', { people, groups: [], at: 1 })
})
after(async () => {
  await pool.end()
  await database.drop()
})

async function imported(file: readonly string[], replace = false) {
  const said: string[] = []
  const io = {
    ports,
    operator: 'root',
    say: (line: string) => said.push(line),
    complain: (line: string) => said.push(line),
  }
  const text = ['jira_account_id,login', ...file].join('\n')
  return { code: await importPeople(io, text, 'Olga Ops', { replace }), said: said.join('\n') }
}

async function evidence(): Promise<readonly string[]> {
  const { rows } = await pool.query<{ told: string }>(
    `SELECT concat_ws(' ', stream, version, type, by ->> 'kind', data ->> 'proof', data ->> 'provenBy', p.fields ->> 'account') AS told
     FROM event LEFT JOIN personal p USING (stream, version) ORDER BY position`,
  )
  return rows.map((row) => row.told)
}

const ownerOf = async (account: string) => (await linkOf(ports.store, 'jira', account))?.personId

const FIRST = [
  'person/per_ada 1 PersonLinked operator administrator import Olga Ops j-ada',
  'person/per_ben 1 PersonLinked operator administrator import Olga Ops j-ben',
]

test('an imported link is a record of the person: what proved it, who vouched, whose account', async () => {
  assert.equal(
    (await imported(['j-ada,ada@halden.example', 'j-ben,ben@halden.example', 'j-ada,ada@halden.example'])).code,
    0,
  )
  assert.deepEqual(await evidence(), FIRST)
  assert.deepEqual([await ownerOf('j-ada'), await ownerOf('j-ben')], ['per_ada', 'per_ben'])
})

test('the same file again links nothing and records nothing', async () => {
  const { code, said } = await imported(['j-ada,ada@halden.example', 'j-ben,ben@halden.example'])
  assert.equal(code, 0)
  assert.match(said, /2 of them were so already/)
  assert.deepEqual(await evidence(), FIRST)
})

test('an account that belongs to somebody else is refused with its line, and nothing of the file is taken', async () => {
  const { code, said } = await imported(['j-new,cy@halden.example', 'j-ben,ada@halden.example'])
  assert.equal(code, 1)
  assert.match(
    said,
    /^line 3: the account j-ben belongs to ben@halden\.example already\nNothing was imported.*--replace/,
  )
  assert.equal(await ownerOf('j-ben'), 'per_ben')
  assert.equal(await ownerOf('j-new'), undefined)
  assert.deepEqual(await evidence(), FIRST)
})

test('with --replace it changes hands, and both persons’ records say so', async () => {
  assert.equal((await imported(['j-ben,ada@halden.example'], true)).code, 0)
  assert.equal(await ownerOf('j-ben'), 'per_ada')
  assert.deepEqual((await evidence()).slice(2), [
    'person/per_ben 2 AccountUnlinked operator j-ben',
    'person/per_ada 2 PersonLinked operator administrator import Olga Ops j-ben',
  ])
})

test('an account that is matched by an equal, verified address leaves a record, once', async () => {
  const before = (await evidence()).length
  const outside = { system: 'jira', account: 'j-cy', email: 'CY@halden.example', emailVerified: true }
  for (let looks = 0; looks < 2; looks += 1)
    assert.deepEqual(await matchAccount(ports, outside), {
      kind: 'person',
      personId: 'per_cy',
      proof: 'verified e-mail',
    })
  assert.deepEqual((await evidence()).slice(before), [
    'person/per_cy 1 PersonLinked engine verified e-mail jira and okta j-cy',
  ])
})

test('two imports that give one account to two people at once: one is taken, the other is told', async () => {
  const answers = await Promise.all(['ada', 'ben', 'cy'].map((who) => imported([`j-one,${who}@halden.example`])))
  assert.deepEqual(answers.map(({ code }) => code).toSorted(), [0, 1, 1])
  const links = (await evidence()).filter((told) => told.endsWith('j-one'))
  assert.equal(links.length, 1)
  assert.ok(links[0]?.startsWith(`person/${await ownerOf('j-one')} `))
})
