import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountsIn, allGroups, allPeople, read, skipLoudly, type DirectorySubject } from './conformance-subject.ts'

/** Who is who: hostile names, one address for two, the same name for another group. */
export function namesPeople(makeSubject: () => DirectorySubject): void {
  test('a name of ten megabytes is cut, whole characters only, and hides nobody', async () => {
    const { directory, accounts, hands, peopleCount } = makeSubject()
    hands.setDisplayName(accounts[0], '😀'.repeat(2_500_000))
    const people = read(await allPeople(directory))
    assert.equal(people.length, peopleCount)
    const name = people.find(({ account }) => account === accounts[0])?.displayName ?? ''
    assert.ok(name.length > 0 && name.length <= 1_000 && name.isWellFormed(), String(name.length))
  })

  test('direction marks, control characters and markup in a name come through as data', async () => {
    const { directory, accounts, hands } = makeSubject()
    const evil = '\u202egnp.exe\u0007 <img src=x onerror=alert(1)> {{7*7}} \u0000 Ünïcödé'
    hands.setDisplayName(accounts[0], evil)
    const people = read(await allPeople(directory))
    assert.equal(people.find(({ account }) => account === accounts[0])?.displayName, evil)
  })

  test('two people of one name are two', async () => {
    const { directory, accounts, hands, peopleCount } = makeSubject()
    for (const account of accounts.slice(0, 2)) hands.setDisplayName(account, 'Alex Kim')
    const people = read(await allPeople(directory))
    assert.equal(people.length, peopleCount)
    assert.equal(people.filter(({ displayName }) => displayName === 'Alex Kim').length, 2)
  })

  test('two people of one e-mail address are two', async (t) => {
    const { directory, hands } = makeSubject()
    const email = 'shared@acme.example'
    const accounts = ['first', 'second'].map((login) =>
      hands.hire({ login: `${login}@acme.example`, email, displayName: login }),
    )
    if (accounts.includes(null)) return skipLoudly(t, 'at this vendor an address belongs to one account')
    const found = read(await allPeople(directory)).filter((each) => each.email === email)
    assert.deepEqual(found.map(({ account }) => account).toSorted(), accounts.toSorted())
  })

  test('who is hired is in the next list, active, under an id of the vendor', async () => {
    const { directory, hands, peopleCount } = makeSubject()
    const login = 'new.person@acme.example'
    const account = hands.hire({ login, email: login, displayName: 'New Person' })
    const people = read(await allPeople(directory))
    assert.equal(people.length, peopleCount + 1)
    const found = people.find((each) => each.account === account)
    assert.deepEqual([found?.login, found?.displayName, found?.active], [login, 'New Person', true])
  })

  test('who left is told as not active, or is not in the list any more', async () => {
    const { directory, accounts, hands } = makeSubject()
    hands.leave(accounts[0])
    const found = read(await allPeople(directory)).find(({ account }) => account === accounts[0])
    assert.ok(found === undefined || !found.active)
  })

  test('a person has an id, and a login that is not the address of somebody else', async () => {
    const { directory } = makeSubject()
    const people = read(await allPeople(directory))
    for (const { account } of people) assert.match(account, /^[A-Za-z0-9_-]{1,100}$/)
    assert.equal(new Set(people.map(({ login }) => login)).size, people.length)
  })

  test('a group that is renamed is the same group, with the same members', async () => {
    const { membership, directory, group, accounts, hands, groupCount } = makeSubject()
    await membership.change([{ do: 'add', account: accounts[0], group }])
    hands.renameGroup(group, 'Another name')
    const groups = read(await allGroups(directory))
    assert.equal(groups.length, groupCount)
    assert.equal(groups.find((each) => each.group.id === group.id)?.name, 'Another name')
    assert.deepEqual(accountsIn(await membership.members(group)), [accounts[0]])
  })

  test('a group that is deleted and made again under its name is another, without members', async () => {
    const { membership, directory, accounts, hands } = makeSubject()
    const first = hands.makeGroup('Twice')
    await membership.change([{ do: 'add', account: accounts[0], group: first }])
    hands.deleteGroup(first)
    const second = hands.makeGroup('Twice')
    assert.notEqual(second.id, first.id)
    assert.equal((await membership.members(first)).kind, 'absent')
    assert.deepEqual(accountsIn(await membership.members(second)), [])
    const named = read(await allGroups(directory)).filter(({ name }) => name === 'Twice')
    assert.deepEqual(
      named.map(({ group }) => group.id),
      [second.id],
    )
  })

  test('two groups of one name are two', async () => {
    const { directory, hands } = makeSubject()
    const made = [hands.makeGroup('Same'), hands.makeGroup('Same')].map(({ id }) => id)
    const named = read(await allGroups(directory)).filter(({ name }) => name === 'Same')
    assert.deepEqual(named.map(({ group }) => group.id).toSorted(), made.toSorted())
  })
}
