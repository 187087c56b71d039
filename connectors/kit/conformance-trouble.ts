import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  accountsIn,
  allGroups,
  allPeople,
  pagesFrom,
  read,
  skipLoudly,
  type DirectorySubject,
} from './conformance-subject.ts'

/** A bad day of the vendor's: what is not known is not claimed, and no list is ever short. */
export function bearsTrouble(makeSubject: () => DirectorySubject): void {
  test('a rate limit is unavailable, with its wait [R037]', async () => {
    const { membership, group, accounts, trouble, truth } = makeSubject()
    trouble('rate limit of 30 s', 'write')
    const [outcome] = await membership.change([{ do: 'add', account: accounts[0], group }])
    assert.ok(outcome?.kind === 'unavailable')
    assert.ok(
      outcome.retryAfterMs !== null && Math.abs(outcome.retryAfterMs - 30_000) <= 1_000,
      String(outcome.retryAfterMs),
    )
    assert.equal(truth.changeCount(), 0)
  })

  test('a rate limit without a word about its end is unavailable, without a wait', async () => {
    const { membership, group, accounts, trouble } = makeSubject()
    trouble('rate limit without a word about its end', 'write')
    const [outcome] = await membership.change([{ do: 'add', account: accounts[0], group }])
    assert.ok(outcome?.kind === 'unavailable' && outcome.retryAfterMs === null)
  })

  for (const kind of ['request lost', 'answer lost', 'server error after the effect'] as const) {
    const happens = kind !== 'request lost'
    test(`${kind}: unavailable, which says nothing about the effect, and it is sent once`, async () => {
      const { membership, group, accounts, trouble, truth } = makeSubject()
      trouble(kind, 'write')
      const [outcome] = await membership.change([{ do: 'add', account: accounts[0], group }])
      assert.equal(outcome?.kind, 'unavailable')
      assert.equal(truth.changeCount(), happens ? 1 : 0)
      assert.equal(truth.writesSent(), 1)
      assert.deepEqual(accountsIn(await membership.members(group)), happens ? [accounts[0]] : [])
    })
  }

  for (const kind of ['HTML', 'error in a 200', 'credentials refused'] as const) {
    test(`${kind} in place of an answer to a change is unavailable`, async () => {
      const { membership, group, accounts, trouble } = makeSubject()
      trouble(kind, 'write')
      const [outcome] = await membership.change([{ do: 'add', account: accounts[0], group }])
      assert.equal(outcome?.kind, 'unavailable')
    })
  }

  for (const kind of [
    'HTML',
    'half a JSON',
    'error in a 200',
    'paging that loops',
    'request lost',
    'rate limit of 30 s',
    'credentials refused',
    'permission missing',
  ] as const) {
    test(`${kind}: a list is unreadable, never empty and never short`, async () => {
      const { membership, directory, group, big, accounts, trouble } = makeSubject()
      trouble(kind, 'read')
      const readings = [
        await membership.members(group),
        await membership.members(big.group),
        await membership.groupsOf(accounts[0]),
        await allPeople(directory),
        await allGroups(directory),
      ]
      assert.deepEqual(
        readings.map((reading) => reading.kind),
        readings.map(() => 'unreadable'),
      )
    })
  }

  test('an app without a role sees nothing, and that is unreadable, not empty', async () => {
    const { membership, directory, group, accounts, trouble } = makeSubject()
    trouble('empty lists for want of a role', 'read')
    assert.equal((await allPeople(directory)).kind, 'unreadable')
    assert.equal((await allGroups(directory)).kind, 'unreadable')
    assert.equal((await membership.members(group)).kind, 'unreadable')
    assert.equal((await membership.groupsOf(accounts[0])).kind, 'unreadable')
  })

  test('a secret that the vendor repeats in an error is in no text of ours [I26]', async () => {
    const { membership, group, accounts, secrets, trouble } = makeSubject()
    trouble('error that repeats what was sent', 'write')
    trouble('error that repeats what was sent', 'read')
    const said = JSON.stringify([
      await membership.change([{ do: 'add', account: accounts[0], group }]),
      await membership.members(group),
    ])
    assert.ok(secrets().length > 0)
    for (const secret of secrets()) assert.ok(!said.includes(secret))
    assert.ok(!/Bearer (?!\[removed\])\S/.test(said), said)
  })

  test('a rate limit of a list is unreadable, with its wait [R037]', async () => {
    const { membership, directory, group, trouble } = makeSubject()
    trouble('rate limit of 30 s', 'read')
    for (const reading of [await membership.members(group), await directory.people({ kind: 'all' })]) {
      assert.ok(reading.kind === 'unreadable')
      assert.ok(Math.abs((reading.retryAfterMs ?? 0) - 30_000) <= 1_000, String(reading.retryAfterMs))
    }
  })

  test('trouble in the middle of a list makes its next page unreadable, not absent: the list can be gone on with', async (t) => {
    const { directory, trouble } = makeSubject()
    const { next } = read(await directory.people({ kind: 'all' }))
    if (next === null) return skipLoudly(t, 'this connector gives people in one page')
    trouble('HTML', 'read')
    assert.equal((await directory.people({ kind: 'next', place: next })).kind, 'unreadable')
  })

  for (const kind of ['HTML', 'half a JSON', 'error in a 200', 'request lost', 'credentials refused'] as const) {
    test(`${kind}: changes, applications, standing, the log and the rights are unreadable, too`, async () => {
      const { directory, account, activity, rights, accounts, trouble, now } = makeSubject()
      const cursor = (await pagesFrom(directory.people, { kind: 'all' })).at(-1)?.cursor ?? null
      const groupCursor = (await pagesFrom(directory.changedMembers ?? nothing, { kind: 'all' })).at(-1)?.cursor ?? null
      trouble(kind, 'read')
      const readings = await Promise.all([
        cursor === null ? null : directory.people({ kind: 'since', cursor }),
        groupCursor === null ? null : directory.changedMembers?.({ kind: 'since', cursor: groupCursor }),
        directory.apps?.({ kind: 'all' }),
        account?.standing(accounts[0]),
        activity?.events({ kind: 'all' }, now() - 60_000),
        rights?.check(),
      ])
      for (const reading of readings)
        assert.ok((reading ?? null) === null || reading?.kind === 'unreadable', JSON.stringify(reading))
    })
  }

  for (const kind of ['null for a list', 'null among the rows', 'row without an id'] as const) {
    test(`${kind} could be anybody: the list is unreadable, never short`, async () => {
      const { membership, directory, big, accounts, trouble } = makeSubject()
      trouble(kind, 'read')
      const readings = [
        await membership.members(big.group),
        await membership.groupsOf(big.accounts[0] ?? accounts[0]),
        await allPeople(directory),
        await allGroups(directory),
      ]
      assert.deepEqual(
        readings.map((reading) => reading.kind),
        readings.map(() => 'unreadable'),
      )
    })
  }

  for (const kind of ['row twice', 'unknown fields and values', 'values of another kind beside the id'] as const) {
    test(`${kind}: nobody is hidden, and nobody is there twice`, async () => {
      const { membership, directory, big, peopleCount, groupCount, trouble } = makeSubject()
      trouble(kind, 'read')
      assert.deepEqual(accountsIn(await membership.members(big.group)).toSorted(), [...big.accounts].toSorted())
      assert.equal(read(await allPeople(directory)).length, peopleCount)
      assert.equal(read(await allGroups(directory)).length, groupCount)
    })
  }
}

const nothing = async () =>
  ({ kind: 'read', startedAt: 0, value: { rows: [], gone: [], next: null, cursor: null } }) as const
