import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { AccountId } from './connector.ts'
import {
  accountsIn,
  allGroups,
  allPeople,
  cursorOf,
  MADE_UP,
  pagesFrom,
  read,
  skipLoudly,
  type DirectorySubject,
} from './conformance-subject.ts'

/** Lists, page by page: whole, to be gone on with, and remembered by nobody. */
export function listsWhole(makeSubject: () => DirectorySubject): void {
  test('the last page is not lost, and nobody is listed twice', async () => {
    const { membership, directory, big, peopleCount, groupCount } = makeSubject()
    assert.deepEqual(accountsIn(await membership.members(big.group)).toSorted(), [...big.accounts].toSorted())
    const people = await allPeople(directory)
    assert.ok(people.kind === 'read')
    assert.equal(new Set(people.value.map(({ account }) => account)).size, people.value.length)
    assert.equal(people.value.length, peopleCount)
    const groups = await allGroups(directory)
    assert.ok(groups.kind === 'read')
    assert.equal(groups.value.length, groupCount)
  })

  test('groups tell what may never be written, and what a rule feeds', async () => {
    const { directory, group, vendorManaged, ruleFed } = makeSubject()
    const groups = await allGroups(directory)
    assert.ok(groups.kind === 'read')
    const found = (ref: GroupRef) => groups.value.find((one) => one.group.id === ref.id)
    assert.equal(found(group)?.notWritable, null)
    assert.equal(found(group)?.fedByRule, false)
    for (const ref of vendorManaged) assert.notEqual(found(ref)?.notWritable, null)
    if (ruleFed !== null) assert.equal(found(ruleFed.group)?.fedByRule, true)
  })

  test('a list says of each member whether a rule or a person put them there', async (t) => {
    const { membership, ruleFed } = makeSubject()
    if (ruleFed === null) return skipLoudly(t, 'this vendor has no rules')
    const { group, byRule, byHand } = ruleFed
    const members = await membership.members(group)
    assert.ok(members.kind === 'read')
    const sourceOf = (account: AccountId) => members.value.find((member) => member.account === account)?.source
    assert.notEqual(sourceOf(byRule), 'direct')
    assert.notEqual(sourceOf(byHand), 'rule')
    const holdings = await membership.groupsOf(byRule)
    assert.ok(holdings.kind === 'read')
    assert.notEqual(holdings.value.find((holding) => holding.group.id === group.id)?.source, 'direct')
  })

  test('an unknown group and an unknown person are absent', async () => {
    const { membership, unknownGroup, unknownAccount } = makeSubject()
    assert.equal((await membership.members(unknownGroup)).kind, 'absent')
    assert.equal((await membership.groupsOf(unknownAccount)).kind, 'absent')
  })

  test('no read of memberships is remembered: a list that lay behind has caught up when it is read again', async () => {
    const { membership, group, accounts, lag, advance } = makeSubject()
    lag(60_000)
    advance(60_001)
    await membership.change([{ do: 'add', account: accounts[0], group }])
    const early = await membership.members(group)
    assert.deepEqual(accountsIn(early), [])
    advance(60_001)
    const late = await membership.members(group)
    assert.deepEqual(accountsIn(late), [accounts[0]])
    assert.ok(early.kind === 'read' && late.kind === 'read' && late.startedAt - early.startedAt >= 60_001)
  })

  test('each page begins where the one before ended, and only the last has a cursor', async (t) => {
    const { directory, peopleCount } = makeSubject()
    const pages = await pagesFrom(directory.people, { kind: 'all' })
    if (pages.length === 1) return skipLoudly(t, 'this connector gives people in one page')
    assert.equal(new Set(pages.map(({ next }) => next)).size, pages.length)
    assert.ok(pages.slice(0, -1).every(({ cursor }) => cursor === null))
    assert.equal(new Set(pages.flatMap(({ rows }) => rows.map(({ account }) => account))).size, peopleCount)
  })

  test('a list can be gone on with by another process', async (t) => {
    const { directory, anotherProcess, peopleCount } = makeSubject()
    const first = read(await directory.people({ kind: 'all' }))
    if (first.next === null) return skipLoudly(t, 'this connector gives people in one page')
    const place: string = JSON.parse(JSON.stringify(first.next)) as string
    const others = await pagesFrom(anotherProcess().directory.people, { kind: 'next', place })
    const people = [first, ...others].flatMap(({ rows }) => rows.map(({ account }) => account))
    assert.equal(new Set(people).size, peopleCount)
  })

  test('the same place gives the same page, however often it is asked for', async (t) => {
    const { directory } = makeSubject()
    const { next: place } = read(await directory.people({ kind: 'all' }))
    if (place === null) return skipLoudly(t, 'this connector gives people in one page')
    const [once, twice] = [
      await directory.people({ kind: 'next', place }),
      await directory.people({ kind: 'next', place }),
    ]
    assert.deepEqual(read(once).rows, read(twice).rows)
  })

  test('a place and a cursor are short plain text, and hold no secret [I26]', async () => {
    const { directory, secrets } = makeSubject()
    const pages = [
      ...(await pagesFrom(directory.people, { kind: 'all' })),
      ...(await pagesFrom(directory.groups, { kind: 'all' })),
    ]
    for (const words of pages.flatMap(({ next, cursor }) => [next, cursor])) {
      if (words === null) continue
      assert.match(words, /^[\x20-\x7e]{1,4000}$/)
      for (const secret of secrets()) assert.ok(!words.includes(secret))
    }
  })

  test('a place that the vendor has forgotten is absent, never an empty page', async (t) => {
    const { directory, hands } = makeSubject()
    const { next: place } = read(await directory.people({ kind: 'all' }))
    if (place === null) return skipLoudly(t, 'this connector gives people in one page')
    hands.forgetPlaces()
    assert.equal((await directory.people({ kind: 'next', place })).kind, 'absent')
  })

  test('a place and a cursor that were never handed out are absent, and lead nowhere', async () => {
    const { directory, activity, now } = makeSubject()
    for (const words of MADE_UP) {
      for (const from of [{ kind: 'next', place: words } as const, { kind: 'since', cursor: words } as const]) {
        const readings = [
          await directory.people(from),
          await directory.groups(from),
          await directory.changedMembers?.(from),
          await directory.apps?.(from),
          await activity?.events(from, now() - 60_000),
        ]
        for (const reading of readings)
          assert.ok(reading === undefined || reading.kind === 'absent', `${words.slice(0, 40)}: ${reading?.kind}`)
      }
    }
  })

  test('a place of one list is no place of another', async (t) => {
    const { directory } = makeSubject()
    const { next: place } = read(await directory.people({ kind: 'all' }))
    if (place === null) return skipLoudly(t, 'this connector gives people in one page')
    assert.equal((await directory.groups({ kind: 'next', place })).kind, 'absent')
    const cursor = await cursorOf(directory.people)
    if (cursor !== null) assert.equal((await directory.groups({ kind: 'since', cursor })).kind, 'absent')
  })

  test('who is hired between two pages pushes nobody out of the list', async (t) => {
    const { directory, hands, peopleCount } = makeSubject()
    const first = read(await directory.people({ kind: 'all' }))
    if (first.next === null) return skipLoudly(t, 'this connector gives people in one page')
    hands.hire({ login: 'new.person@acme.example', email: 'new.person@acme.example', displayName: 'New Person' })
    const others = await pagesFrom(directory.people, { kind: 'next', place: first.next })
    const people = new Set([first, ...others].flatMap(({ rows }) => rows.map(({ account }) => account)))
    assert.ok(people.size === peopleCount || people.size === peopleCount + 1, String(people.size))
  })

  test('applications are listed with the groups that open them', async (t) => {
    const { directory, app } = makeSubject()
    if (directory.apps === undefined) return skipLoudly(t, 'this connector lists no applications')
    assert.ok(app !== undefined, 'the subject names an application')
    const apps = (await pagesFrom(directory.apps, { kind: 'all' })).flatMap(({ rows }) => rows)
    assert.equal(new Set(apps.map((each) => each.app)).size, apps.length)
    assert.deepEqual(apps.find((each) => each.app === app.app)?.groups, app.groups)
  })
}
