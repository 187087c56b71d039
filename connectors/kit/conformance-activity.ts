import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, MINUTE_MS } from '#core/instant.ts'
import { changesSince, cursorOf, pagesFrom, skipLoudly, type DirectorySubject } from './conformance-subject.ts'
import type { From } from './directory.ts'

const NO_LOG = 'this connector offers no `activity`'

/** How late a log may be and still be told of in these sentences. */
const LATE_MS = DAY_MS

/** The vendor's log: a hint, which comes late and more than once. */
export function tellsActivity(makeSubject: () => DirectorySubject): void {
  const logOf = ({ activity, now }: DirectorySubject, since = now() - MINUTE_MS) =>
    activity === undefined ? null : (from: From) => activity.events(from, since)

  test('the log tells who was added and who was removed by another hand, where, and by whom', async (t) => {
    const subject = makeSubject()
    const events = logOf(subject)
    if (events === null) return skipLoudly(t, NO_LOG)
    const { group, accounts, hands, advance } = subject
    hands.addMember(group, accounts[0])
    advance(MINUTE_MS)
    hands.removeMember(group, accounts[0])
    advance(LATE_MS)
    const told = (await pagesFrom(events, { kind: 'all' })).flatMap(({ rows }) => rows)
    for (const kind of ['member added', 'member removed'] as const) {
      const event = told.find(
        ({ what }) => what.kind === kind && what.account === accounts[0] && what.group?.id === group.id,
      )
      assert.ok(event !== undefined && event.id !== '' && event.by !== '', kind)
    }
  })

  test('an event has the vendor’s id and time, the same each time it is told', async (t) => {
    const subject = makeSubject()
    const events = logOf(subject)
    if (events === null) return skipLoudly(t, NO_LOG)
    const { group, accounts, hands, now, advance } = subject
    const at = now()
    hands.addMember(group, accounts[0])
    advance(LATE_MS)
    const [once, twice] = [await pagesFrom(events, { kind: 'all' }), await pagesFrom(events, { kind: 'all' })]
    const ofIt = (pages: typeof once) =>
      pages
        .flatMap(({ rows }) => rows)
        .filter(({ what }) => what.kind === 'member added' && what.account === accounts[0])
    assert.deepEqual(ofIt(once), ofIt(twice))
    assert.ok(ofIt(once).length > 0 && ofIt(once).every((event) => Math.abs(event.at - at) <= MINUTE_MS))
  })

  test('the last page has a cursor, also when nothing happened, and nothing is made up', async (t) => {
    const subject = makeSubject()
    const events = logOf(subject)
    if (events === null) return skipLoudly(t, NO_LOG)
    const pages = await pagesFrom(events, { kind: 'all' })
    assert.ok((pages.at(-1)?.cursor ?? null) !== null)
    assert.ok(pages.slice(0, -1).every(({ cursor }) => cursor === null))
    assert.ok(
      !pages
        .flatMap(({ rows }) => rows)
        .some(({ what }) => what.kind === 'member added' && what.group.id === subject.group.id),
    )
  })

  test('from a cursor the log goes on, in another process as well, and loses nothing', async (t) => {
    const subject = makeSubject()
    const events = logOf(subject)
    if (events === null) return skipLoudly(t, NO_LOG)
    const { group, accounts, hands, anotherProcess, advance, now } = subject
    const cursor = await cursorOf(events)
    assert.ok(cursor !== null)
    advance(MINUTE_MS)
    hands.addMember(group, accounts[0])
    advance(LATE_MS)
    const other = anotherProcess().activity
    assert.ok(other !== undefined)
    for (const list of [events, (from: From) => other.events(from, now() - MINUTE_MS)]) {
      const { rows } = await changesSince(list, cursor)
      assert.ok(rows.some(({ what }) => what.kind === 'member added' && what.account === accounts[0]))
    }
  })

  test('the next cursor goes on from there: an event is not told for ever', async (t) => {
    const subject = makeSubject()
    const events = logOf(subject)
    if (events === null) return skipLoudly(t, NO_LOG)
    const { group, accounts, hands, advance } = subject
    hands.addMember(group, accounts[0])
    advance(LATE_MS)
    const first = await cursorOf(events)
    assert.ok(first !== null)
    advance(10 * LATE_MS)
    const second = (await changesSince(events, first)).cursor
    assert.ok(second !== null)
    const { rows } = await changesSince(events, second)
    assert.ok(!rows.some(({ what }) => what.kind === 'member added' && what.account === accounts[0]))
  })

  test('a cursor of the log that the vendor has forgotten is absent, never silence', async (t) => {
    const subject = makeSubject()
    const events = logOf(subject)
    if (events === null) return skipLoudly(t, NO_LOG)
    const { group, accounts, hands, advance } = subject
    const cursor = await cursorOf(events)
    assert.ok(cursor !== null)
    advance(MINUTE_MS)
    hands.addMember(group, accounts[0])
    advance(LATE_MS)
    hands.forgetPlaces()
    if ((await events({ kind: 'since', cursor })).kind === 'absent') return
    // A cursor that is a moment is never forgotten, and then it tells all.
    const { rows } = await changesSince(events, cursor)
    assert.ok(rows.some(({ what }) => what.kind === 'member added' && what.account === accounts[0]))
  })

  test('a sign-in is told with the account', async (t) => {
    const subject = makeSubject()
    const events = logOf(subject)
    if (events === null) return skipLoudly(t, NO_LOG)
    const { accounts, hands, advance } = subject
    if (hands.signIn === undefined) return skipLoudly(t, 'nobody signs in at this vendor')
    hands.signIn(accounts[0])
    advance(LATE_MS)
    const told = (await pagesFrom(events, { kind: 'all' })).flatMap(({ rows }) => rows)
    assert.ok(told.some(({ what }) => what.kind === 'signed in' && what.account === accounts[0]))
  })

  test('who was suspended by another hand is told as a changed account', async (t) => {
    const subject = makeSubject()
    const events = logOf(subject)
    if (events === null) return skipLoudly(t, NO_LOG)
    const { accounts, hands, advance } = subject
    hands.leave(accounts[0])
    advance(LATE_MS)
    const told = (await pagesFrom(events, { kind: 'all' })).flatMap(({ rows }) => rows)
    assert.ok(told.some(({ what }) => what.kind === 'account changed' && what.account === accounts[0]))
  })

  test('the log is not read further back than asked', async (t) => {
    const subject = makeSubject()
    const { group, accounts, hands, advance, now, activity } = subject
    if (activity === undefined) return skipLoudly(t, NO_LOG)
    hands.addMember(group, accounts[0])
    advance(2 * LATE_MS)
    const since = now() - MINUTE_MS
    const told = (await pagesFrom((from) => activity.events(from, since), { kind: 'all' })).flatMap(({ rows }) => rows)
    assert.ok(!told.some(({ what }) => what.kind === 'member added' && what.account === accounts[0]))
  })
}
