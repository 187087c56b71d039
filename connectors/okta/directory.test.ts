import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DirectoryPerson } from '#connectors/kit/directory.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import { EVERYONE, FROM_APP, organisation, person, SALES, smallSeed, SUPPORT } from './organisation-for-tests.ts'
import type { SeedUser } from './stand-in/seed.ts'

async function peopleOf(...users: SeedUser[]): Promise<readonly DirectoryPerson[]> {
  const acme = organisation({ seed: { ...smallSeed(), users, members: [] } })
  const reading = await wholeList(acme.okta.directory.people, ({ account }) => account)
  assert.ok(reading.kind === 'read', JSON.stringify(reading))
  return reading.value
}

async function personOf(user: SeedUser): Promise<DirectoryPerson> {
  const [one] = await peopleOf(user)
  assert.ok(one !== undefined)
  return one
}

test('a person is read with what decides about access', async () => {
  const one = await personOf(person(1, { title: 'Engineer', department: 'Support', managerId: 'mara@acme.example' }))
  assert.deepEqual(one, {
    account: '00u00000000000000001',
    login: 'person1@acme.example',
    email: 'person1@acme.example',
    emailVerified: true,
    displayName: 'Person 1',
    title: 'Engineer',
    department: 'Support',
    manager: 'mara@acme.example',
    active: true,
  })
})

test('the manager is managerId, else manager, else nobody', async () => {
  const people = await peopleOf(
    person(1, { managerId: '00u7', manager: 'Mara' }),
    person(2, { managerId: ' ', manager: 'Mara' }),
    person(3, { managerId: null, manager: null }),
  )
  assert.deepEqual(
    people.map(({ manager }) => manager),
    ['00u7', 'Mara', null],
  )
})

test('an address is verified only when Okta says so of the primary one', async () => {
  assert.equal((await personOf({ ...person(2), emailVerified: true })).emailVerified, true)
  assert.equal((await personOf({ ...person(2), emailVerified: false })).emailVerified, false)
})

test('who cannot sign in is not active, whatever the status is called', async () => {
  const statuses = [
    'ACTIVE',
    'PROVISIONED',
    'RECOVERY',
    'PASSWORD_EXPIRED',
    'LOCKED_OUT',
    'STAGED',
    'SUSPENDED',
    'BRAND_NEW',
  ]
  const people = await peopleOf(
    ...statuses.map((status, index) => ({ ...person(index + 1), status: status as SeedUser['status'] })),
  )
  assert.deepEqual(
    people.map(({ active }) => active),
    [true, true, true, true, true, false, false, false],
  )
})

test('deactivated users are not listed: Okta leaves them out', async () => {
  const people = await peopleOf(person(1), { ...person(2), status: 'DEPROVISIONED' })
  assert.equal(people.length, 1)
})

test('hostile names come through as data, as they are, only bounded', async () => {
  const evil = '\u202e<script>alert(1)</script>\u0000'
  assert.equal((await personOf(person(1, { displayName: evil }))).displayName, evil)
  const huge = await personOf(person(1, { displayName: '😀'.repeat(5_000_000), title: 'x'.repeat(10_000) }))
  assert.ok(huge.displayName.length <= 500 && huge.displayName.isWellFormed())
  assert.equal(huge.title.length, 500)
})

test('what identifies somebody is never cut, since two could become one: too long is as good as missing', async () => {
  const long = `${'x'.repeat(600)}@acme.example`
  const one = await personOf({ ...person(1, { login: long, email: long, managerId: long }), emailVerified: true })
  assert.deepEqual([one.login, one.email, one.emailVerified, one.manager], ['', '', false, null])
})

test('attributes of an unexpected kind are as good as missing', async () => {
  const odd = {
    ...person(1).profile,
    title: 7,
    department: ['Sales'],
    manager: { id: 1 },
  } as unknown as SeedUser['profile']
  const one = await personOf({ ...person(1), profile: odd })
  assert.deepEqual([one.title, one.department, one.manager], ['', '', null])
})

test('an id that holds a slash makes the list unreadable', async () => {
  const acme = organisation({ seed: { ...smallSeed(), users: [{ ...person(1), id: '../groups' }], members: [] } })
  assert.equal((await wholeList(acme.okta.directory.people, ({ account }) => account)).kind, 'unreadable')
})

test('groups tell their type in words, and whether a rule feeds them [R117]', async () => {
  const reading = await wholeList(organisation().okta.directory.groups, ({ group }) => group.id)
  assert.ok(reading.kind === 'read')
  const found = (id: string) => reading.value.find((one) => one.group.id === id)
  assert.deepEqual(found(SUPPORT), {
    group: { provider: 'okta', id: SUPPORT },
    name: 'Support',
    description: 'The group Support',
    notWritable: null,
    fedByRule: false,
  })
  assert.equal(found(SALES)?.fedByRule, true)
  assert.match(found(FROM_APP)?.notWritable ?? '', /^APP_GROUP/)
  assert.match(found(EVERYONE)?.notWritable ?? '', /^BUILT_IN/)
})

test('groups are unreadable while the rules are: nobody may claim a group without knowing what feeds it', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('403', { times: 9, when: ({ url }) => url.includes('/groups/rules') })
  const reading = await wholeList(acme.okta.directory.groups, ({ group }) => group.id)
  assert.ok(reading.kind === 'unreadable')
  assert.match(reading.said, /^group rules: 403 E0000006/)
})

test('350 people come in pages, each page from the address that the page before gave', async () => {
  const acme = organisation()
  const reading = await wholeList(acme.okta.directory.people, ({ account }) => account)
  assert.ok(reading.kind === 'read' && reading.value.length === 350)
  assert.equal(acme.requests.filter(({ url }) => url.includes('/users?')).length, 2)
})
