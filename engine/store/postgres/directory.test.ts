import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Pool } from 'pg'
import type { DirectorySeen, Store } from '../store.ts'
import { createTestDatabase, type TestDatabase } from '../test-database.ts'
import { openPool, postgresStore } from './postgres-store.ts'

let database: TestDatabase
let pool: Pool
let store: Store
before(async () => {
  database = await createTestDatabase()
  pool = openPool(database.connectionConfig)
  store = postgresStore(pool)
})
after(async () => {
  await pool.end()
  await database.drop()
})
beforeEach(() => pool.query('DELETE FROM directory_person; DELETE FROM directory_group'))

type Seen = DirectorySeen['people'][number]

function somebody(account: string, more: Partial<Seen> = {}): Seen {
  return {
    account,
    newPersonId: `per_${account}`,
    login: `${account}@halden.example`,
    email: `${account}@halden.example`,
    emailVerified: true,
    displayName: account,
    title: 'Agent',
    department: 'Support',
    manager: null,
    active: true,
    ...more,
  }
}

function readers(name: string): DirectorySeen['groups'][number] {
  return { group: { provider: 'okta', id: '00g1' }, name, description: '', notWritable: null, fedByRule: false }
}

test('a read of the directory that began earlier and comes later changes nothing', async () => {
  const newer = { people: [somebody('ada', { title: 'Head' })], groups: [readers('new name')], at: 2_000 }
  const older = { people: [somebody('ada'), somebody('left')], groups: [readers('old name')], at: 1_000 }
  assert.deepEqual(await store.saveDirectory('okta', newer), { people: 1, groups: 1, gone: 0 })
  assert.deepEqual(await store.saveDirectory('okta', older), { people: 0, groups: 0, gone: 0 })
  const people = await store.people(['per_ada', 'per_left'])
  assert.deepEqual(
    people.map((each) => [each.account, each.title, each.active]),
    [['ada', 'Head', true]],
  )
  assert.equal((await store.groups([{ provider: 'okta', id: '00g1' }]))[0]?.name, 'new name')
})

test('an older read makes nobody inactive who was seen since; a newer one does, and one of another directory does not matter', async () => {
  await store.saveDirectory('okta', { people: [somebody('ada'), somebody('ben')], groups: [], at: 2_000 })
  await store.saveDirectory('entra', { people: [somebody('eva')], groups: [], at: 9_000 })
  await store.saveDirectory('okta', { people: [somebody('ada')], groups: [], at: 1_000 })
  const active = async () => (await store.people(['per_ada', 'per_ben'])).map((each) => each.active)
  assert.deepEqual(await active(), [true, true])
  assert.equal((await store.saveDirectory('okta', { people: [somebody('ada')], groups: [], at: 3_000 })).gone, 1)
  assert.deepEqual((await active()).toSorted(), [false, true])
})

test('reads that are written at once leave what the newest saw', async () => {
  await Promise.all(
    [5, 1, 9, 3, 7, 2, 8].map((at) =>
      store.saveDirectory('okta', { people: [somebody('ada', { title: `as of ${at}` })], groups: [], at }),
    ),
  )
  assert.equal((await store.people(['per_ada']))[0]?.title, 'as of 9')
})

test('nobody becomes a manager by an address that is not verified', async () => {
  const max = somebody('max', { login: 'm.mustermann', email: 'boss@halden.example', emailVerified: false })
  const ada = somebody('ada', { manager: 'Boss@halden.example' })
  await store.saveDirectory('okta', { people: [ada, max], groups: [], at: 1 })
  assert.equal((await store.people(['per_ada']))[0]?.managerId, null)
  await store.saveDirectory('okta', { people: [ada, { ...max, emailVerified: true }], groups: [], at: 2 })
  assert.equal((await store.people(['per_ada']))[0]?.managerId, 'per_max')
})
