import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, MINUTE_MS } from '#core/instant.ts'
import { changesSince, cursorOf, pagesFrom, read } from '#connectors/kit/conformance-subject.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import { BIG, DYNAMIC, groupId, GUEST, smallSeed, SUPPORT, tenant, userId } from './tenant-for-tests.ts'
import type { Tenant } from './tenant-for-tests.ts'

const isPeople = ({ url }: HttpRequest): boolean => url.includes('/users/delta')
const people = ({ entra }: Tenant) => wholeList(entra.directory.people, ({ account }) => account)
const personIn = async (acme: Tenant, account: string) =>
  read(await people(acme)).find((each) => each.account === account)

test('a person comes as Entra knows them: manager by id, number of the employer, guest or not, and no proven address', async () => {
  const acme = tenant()
  assert.deepEqual(await personIn(acme, userId(7)), {
    account: userId(7),
    login: 'person7@acme.example',
    email: 'person7@acme.example',
    emailVerified: false,
    displayName: 'Person 7',
    title: 'Agent',
    department: 'Support',
    manager: userId(1),
    active: true,
    employeeNumber: '10007',
    guest: false,
  })
  assert.equal((await personIn(acme, GUEST))?.guest, true)
  assert.equal((await personIn(acme, userId(1)))?.manager, null)
})

test('a group comes with why it is never written, whether a rule feeds it, and whether it makes administrators', async () => {
  const acme = tenant()
  const groups = read(await wholeList(acme.entra.directory.groups, ({ group }) => group.id))
  const dynamic = groups.find(({ group }) => group.id === DYNAMIC)
  assert.deepEqual([dynamic?.fedByRule, dynamic?.notWritable?.startsWith('DynamicMembership')], [true, true])
  assert.deepEqual(
    groups.filter(({ privileged }) => privileged).map(({ name }) => name),
    ['Administrators'],
  )
})

test('a change of a manager, and of anything else, comes with all that is known of the person', async () => {
  const acme = tenant()
  const cursor = (await cursorOf(acme.entra.directory.people)) ?? ''
  acme.advance(MINUTE_MS)
  acme.standIn.hands.change(userId(7), { jobTitle: 'Lead' }, acme.now())
  acme.standIn.hands.change(userId(8), { manager: userId(7) }, acme.now())
  acme.standIn.hands.change(userId(9), { manager: null }, acme.now())
  const { rows } = await changesSince(acme.entra.directory.people, cursor)
  assert.deepEqual(
    rows.map(({ account, title, manager, login }) => [account, title, manager, login]),
    [
      [userId(7), 'Lead', userId(1), 'person7@acme.example'],
      [userId(8), 'Agent', userId(7), 'person8@acme.example'],
      [userId(9), 'Agent', null, 'person9@acme.example'],
    ],
  )
})

test('half a row is read whole by its id, and who is found nowhere by then is gone', async () => {
  const acme = tenant()
  const nulled = { field: 'userPrincipalName', when: isPeople }
  acme.standIn.hands.misbehave('null where a value was', { ...nulled, row: userId(7) })
  assert.equal((await personIn(acme, userId(7)))?.login, 'person7@acme.example')
  acme.standIn.hands.misbehave('null where a value was', { ...nulled, row: userId(7) })
  acme.standIn.hands.misbehave('404', { when: ({ url }) => url.includes(`/users/${userId(7)}?`) })
  const found = read(await people(acme))
  assert.ok(found.length === 349 && !found.some(({ account }) => account === userId(7)))
})

test('a person who is deleted is gone, and one who is told as gone and as there is asked for by name', async () => {
  const acme = tenant()
  const cursor = (await cursorOf(acme.entra.directory.people)) ?? ''
  acme.standIn.hands.deleteUser(userId(7), acme.now())
  acme.standIn.hands.change(userId(8), { jobTitle: 'Lead' }, acme.now())
  acme.standIn.hands.misbehave('row also as removed', { when: isPeople, row: userId(8) })
  const { rows, gone } = await changesSince(acme.entra.directory.people, cursor)
  assert.deepEqual([rows.map(({ account }) => account), gone], [[userId(8)], [userId(7)]])
})

test('changes that are told again change nothing', async () => {
  const acme = tenant()
  acme.standIn.hands.setReplays(50)
  acme.standIn.hands.change(userId(8), { jobTitle: 'Lead' }, acme.now())
  const cursor = (await cursorOf(acme.entra.directory.people)) ?? ''
  const { rows } = await changesSince(acme.entra.directory.people, cursor)
  assert.deepEqual(
    rows.map(({ account, title }) => [account, title]),
    [[userId(8), 'Lead']],
  )
})

test('a cursor of seven days is absent without a call, one of six is not, and what Entra has forgotten is absent', async () => {
  const acme = tenant()
  const { directory } = acme.entra
  const cursor = (await cursorOf(directory.people)) ?? ''
  acme.advance(6 * DAY_MS)
  assert.equal((await directory.people({ kind: 'since', cursor })).kind, 'read')
  for (const habit of ['410 without a word', '400 syncStateNotFound'] as const) {
    acme.standIn.hands.misbehave(habit, { when: isPeople })
    assert.equal((await directory.people({ kind: 'since', cursor })).kind, 'absent', habit)
  }
  acme.advance(DAY_MS)
  const before = acme.requests.length
  assert.equal((await directory.people({ kind: 'since', cursor })).kind, 'absent')
  assert.equal(acme.requests.length, before)
})

test('a place that grew old is forgotten by Entra itself, with 410', async () => {
  const acme = tenant()
  const { next } = read(await acme.entra.directory.people({ kind: 'all' }))
  acme.advance(8 * DAY_MS)
  assert.equal((await acme.entra.directory.people({ kind: 'next', place: next ?? '' })).kind, 'absent')
})

test('a list that neither goes on nor ends is missing a page', async () => {
  const acme = tenant()
  acme.standIn.hands.misbehave('neither nextLink nor deltaLink', { when: isPeople })
  assert.equal((await people(acme)).kind, 'unreadable')
})

test('a next page on another host is not asked for', async () => {
  const acme = tenant()
  acme.standIn.hands.misbehave('nextLink to another host', { when: isPeople })
  assert.equal((await people(acme)).kind, 'unreadable')
  const place = 'people all 1 https://collector.example.net/v1.0/users/delta?x'
  assert.equal((await acme.entra.directory.people({ kind: 'next', place })).kind, 'absent')
  assert.ok(acme.requests.every(({ url }) => !url.includes('collector')))
})

test('a tenant without anybody does not exist: an empty list is unreadable', async () => {
  const acme = tenant({ seed: { ...smallSeed(), users: [], members: [] } })
  assert.equal((await people(acme)).kind, 'unreadable')
})

test('a cursor of the groups whose members changed is no cursor of the groups', async () => {
  const { directory } = tenant().entra
  const cursor = (await cursorOf(directory.changedMembers!)) ?? ''
  assert.equal((await directory.groups({ kind: 'since', cursor })).kind, 'absent')
  assert.equal((await directory.changedMembers!({ kind: 'since', cursor })).kind, 'read')
})

test('a big change of one group comes on many pages, which all name the group', async () => {
  const acme = tenant({ longestPage: 10 })
  const { changedMembers } = acme.entra.directory
  const cursor = (await cursorOf(changedMembers!)) ?? ''
  for (let number = 260; number < 285; number += 1) acme.standIn.hands.addByAdmin(SUPPORT, userId(number), acme.now())
  acme.standIn.hands.deleteGroup(BIG, acme.now())
  const pages = await pagesFrom(changedMembers!, { kind: 'since', cursor })
  const [{ rows = [] } = {}] = pages
  assert.deepEqual(rows, [{ provider: 'entra', id: SUPPORT }])
  assert.deepEqual(
    pages.flatMap(({ gone }) => gone),
    [BIG],
  )
})

test('null in place of the changed members may be any change: the group is listed again', async () => {
  const acme = tenant()
  const { changedMembers } = acme.entra.directory
  const cursor = (await cursorOf(changedMembers!)) ?? ''
  acme.standIn.hands.addByAdmin(SUPPORT, userId(260), acme.now())
  acme.standIn.hands.misbehave('null where a value was', { field: 'members@delta' })
  assert.deepEqual(
    (await changesSince(changedMembers!, cursor)).rows.map(({ id }) => id),
    [SUPPORT],
  )
})

test('lists that nobody waits for say so, and reads of memberships do not', async () => {
  const acme = tenant()
  await people(acme)
  await acme.entra.membership.members({ provider: 'entra', id: groupId(1) })
  const lowIn = (part: string) =>
    acme.requests.filter(({ url }) => url.includes(part)).map(({ headers }) => headers['x-ms-throttle-priority'])
  assert.deepEqual(new Set(lowIn('/users/delta')), new Set(['low']))
  assert.deepEqual(lowIn('/members?'), [undefined])
})
