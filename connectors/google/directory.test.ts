import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, MINUTE_MS } from '#core/instant.ts'
import { allGroups, allPeople, read } from '#connectors/kit/conformance-subject.ts'
import {
  ADMINISTRATOR,
  BLOCKED,
  DYNAMIC,
  GUEST,
  LOCKED,
  person,
  SECURITY,
  smallSeed,
  SUPER,
  SYNCED,
  userId,
  workspace,
} from './workspace-for-tests.ts'

async function people(options: Parameters<typeof workspace>[0] = {}) {
  const acme = workspace({ limits: null, ...options })
  const rows = read(await allPeople(acme.google.directory))
  return { ...acme, of: (account: string) => rows.find((each) => each.account === account) }
}

test('a person comes with title, department, number of the employer, and the manager’s address', async () => {
  const { of } = await people()
  assert.deepEqual(of(userId(2)), {
    account: userId(2),
    login: 'person2@acme.example',
    email: 'person2@acme.example',
    emailVerified: true,
    displayName: 'Person 2',
    title: 'Agent',
    department: 'Support',
    manager: 'person1@acme.example',
    active: true,
    employeeNumber: '10002',
    guest: false,
    privileged: false,
  })
  assert.equal(of(userId(1))?.manager, null)
})

test('administrators of either kind are privileged, and so is who cannot be told apart from one', async () => {
  const { of, google, standIn } = await people()
  assert.deepEqual(
    [of(SUPER)?.privileged, of(ADMINISTRATOR)?.privileged, of(userId(2))?.privileged],
    [true, true, false],
  )
  standIn.hands.misbehave('null where a value was', { row: userId(10), field: 'isAdmin' })
  const page = read(await google.directory.people({ kind: 'all' }))
  assert.equal(page.rows.find(({ account }) => account === userId(10))?.privileged, true)
})

test('who is suspended, by whomever, or archived, is not active, and neither is who may be', async () => {
  const seed = smallSeed()
  const archived = person(400, { archived: true })
  const { of, google, standIn } = await people({ seed: { ...seed, users: [...seed.users, archived] } })
  assert.deepEqual([of(BLOCKED)?.active, of(archived.id)?.active], [false, false])
  standIn.hands.misbehave('null where a value was', { row: userId(10), field: 'suspended' })
  const page = read(await google.directory.people({ kind: 'all' }))
  assert.equal(page.rows.find(({ account }) => account === userId(10))?.active, false)
})

test('a guest is one, and an address without a mailbox proves nobody', async () => {
  const { of } = await people()
  assert.deepEqual([of(GUEST)?.guest, of(GUEST)?.emailVerified], [true, false])
})

test('a login of a thousand characters is as good as none: cut, it could be somebody else’s', async () => {
  const seed = smallSeed()
  const long = person(400, { primaryEmail: `${'x'.repeat(1_000)}@acme.example` })
  const { of } = await people({ seed: { ...seed, users: [...seed.users, long] } })
  assert.deepEqual([of(long.id)?.login, of(long.id)?.emailVerified], ['', false])
})

test('a list of nobody at all is unreadable: the administrator whom we act for is somebody', async () => {
  const acme = workspace({ limits: null })
  acme.standIn.hands.misbehave('list left out')
  const reading = await acme.google.directory.people({ kind: 'all' })
  assert.ok(reading.kind === 'unreadable' && /nobody at all/.test(reading.said))
})

test('a page token that is older than three days is absent: begin with everything', async () => {
  const acme = workspace({ limits: null, longestPage: 100 })
  const { next } = read(await acme.google.directory.people({ kind: 'all' }))
  assert.ok(next !== null)
  acme.advance(3 * DAY_MS - MINUTE_MS)
  assert.equal((await acme.google.directory.people({ kind: 'next', place: next })).kind, 'read')
  acme.advance(MINUTE_MS)
  assert.equal((await acme.google.directory.people({ kind: 'next', place: next })).kind, 'absent')
})

test('groups tell in words why they are never written, and whether a query feeds them', async () => {
  const acme = workspace({ limits: null })
  const groups = read(await allGroups(acme.google.directory))
  const of = (id: string) => groups.find(({ group }) => group.id === id)
  assert.match(of(DYNAMIC)?.notWritable ?? '', /groups\.dynamic/)
  assert.match(of(LOCKED)?.notWritable ?? '', /groups\.locked/)
  assert.match(of(SYNCED)?.notWritable ?? '', /GOOGLE_READ_ONLY_GROUPS/)
  assert.deepEqual([of(SECURITY)?.notWritable, of(SECURITY)?.fedByRule, of(DYNAMIC)?.fedByRule], [null, false, true])
})

test('the labels of all groups cost two searches a minute, and not two calls for each group', async () => {
  const acme = workspace({ limits: null, longestPage: 3 })
  await allGroups(acme.google.directory)
  assert.equal(acme.requests.filter(({ url }) => url.includes('groups:search')).length, 2)
  assert.ok(!acme.requests.some(({ url }) => url.includes('groups:lookup')))
})

test('without a word about labels no list of groups pretends that all of them can be written', async () => {
  for (const habit of ['403', '503', 'half a JSON', 'null for a list'] as const) {
    const acme = workspace({ limits: null })
    acme.standIn.hands.misbehave(habit, { times: 9, when: ({ url }) => url.includes('groups:search') })
    assert.equal((await acme.google.directory.groups({ kind: 'all' })).kind, 'unreadable', habit)
  }
})

test('a group with a label and without an address could be any: the list is unreadable', async () => {
  const acme = workspace({ limits: null })
  const when = ({ url }: { readonly url: string }) => url.includes('groups:search')
  acme.standIn.hands.misbehave('null where a value was', { field: 'groupKey', when })
  assert.equal((await acme.google.directory.groups({ kind: 'all' })).kind, 'unreadable')
})
