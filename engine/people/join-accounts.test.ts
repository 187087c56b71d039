import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { DirectoryPerson } from '#connectors/kit/directory.ts'
import { randomIds } from '../ids.ts'
import type { Ports } from '../ports.ts'
import { memoryStore } from '../store/memory/memory-store.ts'
import { joinAccounts } from './join-accounts.ts'

function one(account: string, of: Partial<DirectoryPerson> = {}): DirectoryPerson {
  const email = `${account}@halden.example`
  const same = { title: '', department: '', manager: null, active: true }
  return { account, login: email, email, emailVerified: true, displayName: account, ...same, ...of }
}

/** Okta knows Ada and Ben by proven addresses. */
async function known(okta: readonly (DirectoryPerson & { readonly newPersonId: string })[] = []): Promise<Ports> {
  const store = memoryStore()
  const people = [{ ...one('ada'), newPersonId: 'per_ada' }, { ...one('ben'), newPersonId: 'per_ben' }, ...okta]
  await store.saveDirectory('okta', { people, groups: [], at: 1 })
  const provider = (name: string): Capabilities | undefined =>
    name === 'entra' ? { directory: { loginsAreProven: true } as never } : { directory: {} as never }
  return {
    store,
    clock: { now: () => 2, sleep: async () => undefined },
    ids: randomIds,
    provider,
    log: () => undefined,
  }
}

const joined = async (ports: Ports, provider: string, people: readonly DirectoryPerson[]) => {
  const { personOf, conflicts } = await joinAccounts(ports, provider, people)
  return { people: Object.fromEntries(personOf), conflicts: conflicts.map(({ account, why }) => `${account}: ${why}`) }
}

test('given a proven address on both sides, it is one person, whatever the case of the letters', async () => {
  const ports = await known()
  const seen = [one('1', { email: 'ADA@halden.example' }), one('2', { email: 'cleo@halden.example' })]
  assert.deepEqual(await joined(ports, 'google', seen), { people: { '1': 'per_ada' }, conflicts: [] })
})

test('an address that only one side has proven joins nobody, and is no conflict', async () => {
  const ports = await known([{ ...one('dan', { emailVerified: false }), newPersonId: 'per_dan' }])
  const seen = [
    one('1', { email: 'ada@halden.example', emailVerified: false }),
    one('2', { email: 'dan@halden.example' }),
  ]
  assert.deepEqual(await joined(ports, 'google', seen), { people: {}, conflicts: [] })
})

test('a login joins where the vendor proves logins, and a guest’s never does', async () => {
  const ports = await known()
  const mail = { email: '', emailVerified: false }
  const seen = [
    one('1', { ...mail, login: 'ada@halden.example' }),
    one('2', { ...mail, login: 'ben@halden.example', guest: true }),
  ]
  assert.deepEqual((await joined(ports, 'entra', seen)).people, { '1': 'per_ada' })
  assert.deepEqual((await joined(ports, 'google', seen)).people, {})
})

test('one address of two people, or of two accounts, joins nobody, and is shown', async () => {
  const ports = await known([{ ...one('ada2', { email: 'ada@halden.example' }), newPersonId: 'per_other' }])
  const seen = [
    one('1', { email: 'ada@halden.example' }),
    one('2', { email: 'ben@halden.example' }),
    one('3', { email: 'Ben@halden.example' }),
  ]
  assert.deepEqual(await joined(ports, 'google', seen), {
    people: {},
    conflicts: ['1: several people', '2: several accounts', '3: several accounts'],
  })
})

test('whoever has an account there already is not joined with a second one', async () => {
  const ports = await known()
  const first = one('1', { email: 'ada@halden.example' })
  await ports.store.saveDirectory('google', { people: [{ ...first, newPersonId: 'per_ada' }], groups: [], at: 2 })
  assert.deepEqual(await joined(ports, 'google', [first]), { people: {}, conflicts: [] })
  const second = one('2', { email: 'ada@halden.example' })
  assert.deepEqual((await joined(ports, 'google', [second])).conflicts, ['2: has another account'])
})

test('somebody who has left by the other directory is joined with nobody', async () => {
  const ports = await known([{ ...one('eva', { active: false }), newPersonId: 'per_eva' }])
  assert.deepEqual((await joined(ports, 'google', [one('1', { email: 'eva@halden.example' })])).people, {})
})
