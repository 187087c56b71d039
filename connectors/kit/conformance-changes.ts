import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS } from '#core/instant.ts'
import { changesSince, cursorOf, pagesFrom, read, skipLoudly, type DirectorySubject } from './conformance-subject.ts'

const WHOLE_LISTS = 'this vendor knows only whole lists'
const NO_CHANGED_MEMBERS = 'this vendor does not tell which groups’ members changed'
const NEW = { login: 'new.person@acme.example', email: 'new.person@acme.example', displayName: 'New Person' }

/** What changed since a cursor. What changed once may be told more than once, and never not at all. */
export function tellsChanges(makeSubject: () => DirectorySubject): void {
  test('changes since a cursor tell of who was hired', async (t) => {
    const { directory, hands, advance } = makeSubject()
    const cursor = await cursorOf(directory.people)
    if (cursor === null) return skipLoudly(t, WHOLE_LISTS)
    advance(MINUTE_MS)
    const account = hands.hire(NEW)
    advance(MINUTE_MS)
    const { rows } = await changesSince(directory.people, cursor)
    assert.ok(rows.some((each) => each.account === account && each.active))
  })

  test('changes since a cursor tell of who left, as not active or as gone', async (t) => {
    const { directory, accounts, hands, advance } = makeSubject()
    const cursor = await cursorOf(directory.people)
    if (cursor === null) return skipLoudly(t, WHOLE_LISTS)
    advance(MINUTE_MS)
    hands.leave(accounts[0])
    advance(MINUTE_MS)
    const { rows, gone } = await changesSince(directory.people, cursor)
    const last = rows.findLast(({ account }) => account === accounts[0])
    assert.ok(gone.includes(accounts[0]) || last?.active === false)
  })

  test('changes since a cursor tell of a new name of a group', async (t) => {
    const { directory, group, hands, advance } = makeSubject()
    const cursor = await cursorOf(directory.groups)
    if (cursor === null) return skipLoudly(t, WHOLE_LISTS)
    advance(MINUTE_MS)
    hands.renameGroup(group, 'Another name')
    advance(MINUTE_MS)
    const { rows } = await changesSince(directory.groups, cursor)
    assert.equal(rows.findLast((each) => each.group.id === group.id)?.name, 'Another name')
  })

  test('who is hired while a list is read is in that list or in the changes after it', async (t) => {
    const { directory, hands, advance } = makeSubject()
    const first = read(await directory.people({ kind: 'all' }))
    advance(MINUTE_MS)
    const account = hands.hire(NEW)
    advance(MINUTE_MS)
    const others = first.next === null ? [] : await pagesFrom(directory.people, { kind: 'next', place: first.next })
    const cursor = [first, ...others].at(-1)?.cursor ?? null
    if (cursor === null) return skipLoudly(t, WHOLE_LISTS)
    const listed = [first, ...others].flatMap(({ rows }) => rows)
    const { rows } = await changesSince(directory.people, cursor)
    assert.ok([...listed, ...rows].some((each) => each.account === account))
  })

  test('when nothing changed the changes are few, nobody is gone, and there is a cursor again', async (t) => {
    const { directory, peopleCount, advance } = makeSubject()
    const cursor = await cursorOf(directory.people)
    if (cursor === null) return skipLoudly(t, WHOLE_LISTS)
    advance(30 * MINUTE_MS)
    const changes = await changesSince(directory.people, cursor)
    assert.ok(changes.rows.length < peopleCount / 2 && changes.cursor !== null)
    assert.deepEqual(changes.gone, [])
  })

  test('the next cursor goes on from there: what was told is not told for ever', async (t) => {
    const { directory, hands, advance } = makeSubject()
    const cursor = await cursorOf(directory.people)
    if (cursor === null) return skipLoudly(t, WHOLE_LISTS)
    advance(MINUTE_MS)
    const account = hands.hire(NEW)
    advance(30 * MINUTE_MS)
    const second = (await changesSince(directory.people, cursor)).cursor
    assert.ok(second !== null)
    advance(30 * MINUTE_MS)
    const third = (await changesSince(directory.people, second)).cursor
    assert.ok(third !== null)
    const { rows } = await changesSince(directory.people, third)
    assert.ok(!rows.some((each) => each.account === account))
  })

  test('a cursor tells the same to another process, and a second time', async (t) => {
    const { directory, anotherProcess, hands, advance } = makeSubject()
    const cursor = await cursorOf(directory.people)
    if (cursor === null) return skipLoudly(t, WHOLE_LISTS)
    advance(MINUTE_MS)
    const account = hands.hire(NEW)
    advance(MINUTE_MS)
    for (const people of [directory.people, anotherProcess().directory.people, directory.people]) {
      const { rows } = await changesSince(people, cursor)
      assert.ok(rows.some((each) => each.account === account))
    }
  })

  test('a cursor that the vendor has forgotten is absent, never an empty list', async (t) => {
    const { directory, hands, advance } = makeSubject()
    const cursor = await cursorOf(directory.people)
    if (cursor === null) return skipLoudly(t, WHOLE_LISTS)
    advance(MINUTE_MS)
    const account = hands.hire(NEW)
    advance(MINUTE_MS)
    hands.forgetPlaces()
    const reading = await directory.people({ kind: 'since', cursor })
    // A cursor that is a moment is never forgotten, and then it tells all.
    if (reading.kind === 'absent') return
    assert.ok((await changesSince(directory.people, cursor)).rows.some((each) => each.account === account))
  })

  test('groups whose members changed: from all it lists none, and gives a cursor', async (t) => {
    const { directory } = makeSubject()
    if (directory.changedMembers === undefined) return skipLoudly(t, NO_CHANGED_MEMBERS)
    const pages = await pagesFrom(directory.changedMembers, { kind: 'all' })
    assert.deepEqual(
      pages.flatMap(({ rows }) => rows),
      [],
    )
    assert.ok((pages.at(-1)?.cursor ?? null) !== null)
  })

  test('groups whose members changed: the group is named after an addition and after a removal, and others are not', async (t) => {
    const { directory, group, big, accounts, hands, advance } = makeSubject()
    const { changedMembers } = directory
    if (changedMembers === undefined) return skipLoudly(t, NO_CHANGED_MEMBERS)
    let cursor = await cursorOf(changedMembers)
    for (const happens of [hands.addMember, hands.removeMember]) {
      assert.ok(cursor !== null)
      advance(30 * MINUTE_MS)
      happens(group, accounts[0])
      advance(MINUTE_MS)
      const changes = await changesSince(changedMembers, cursor)
      assert.ok(changes.rows.some(({ id }) => id === group.id))
      assert.ok(!changes.rows.some(({ id }) => id === big.group.id), 'nobody came or went there')
      cursor = changes.cursor
    }
  })

  test('groups whose members changed: what we changed ourselves is named, too', async (t) => {
    const { directory, membership, group, accounts, advance } = makeSubject()
    const { changedMembers } = directory
    if (changedMembers === undefined) return skipLoudly(t, NO_CHANGED_MEMBERS)
    const cursor = await cursorOf(changedMembers)
    assert.ok(cursor !== null)
    advance(MINUTE_MS)
    await membership.change([{ do: 'add', account: accounts[0], group }])
    advance(MINUTE_MS)
    assert.ok((await changesSince(changedMembers, cursor)).rows.some(({ id }) => id === group.id))
  })

  test('groups whose members changed: a new name alone is no change of members', async (t) => {
    const { directory, group, hands, advance } = makeSubject()
    const { changedMembers } = directory
    if (changedMembers === undefined) return skipLoudly(t, NO_CHANGED_MEMBERS)
    const cursor = await cursorOf(changedMembers)
    assert.ok(cursor !== null)
    advance(MINUTE_MS)
    hands.renameGroup(group, 'Another name')
    advance(MINUTE_MS)
    assert.ok(!(await changesSince(changedMembers, cursor)).rows.some(({ id }) => id === group.id))
  })
}
