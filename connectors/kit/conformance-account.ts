import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS } from '#core/instant.ts'
import { groupsIn, inShort, read, skipLoudly, took, type DirectorySubject } from './conformance-subject.ts'

const NO_ACCOUNT = 'this connector offers no `account`'
const NO_SESSIONS = 'this connector offers no `sessions`'

/** The account itself: stopped, let in again, and never deleted. */
export function keepsAccounts(makeSubject: () => DirectorySubject): void {
  test('who is suspended is suspended at the vendor, and standing says so', async (t) => {
    const { account, accounts, truth } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    assert.equal(read(await account.standing(accounts[0])), 'active')
    const outcome = await account.suspend(accounts[0])
    assert.ok(took(outcome), JSON.stringify(outcome))
    assert.equal(read(await account.standing(accounts[0])), 'suspended')
    assert.equal(truth.standing?.(accounts[0]), 'suspended')
  })

  test('suspending twice is once, and no failure', async (t) => {
    const { account, accounts, truth } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    const outcomes = [await account.suspend(accounts[0]), await account.suspend(accounts[0])]
    assert.ok(outcomes.every(took), JSON.stringify(outcomes))
    assert.equal(truth.standing?.(accounts[0]), 'suspended')
  })

  test('who is restored is active again, and restoring twice is no failure', async (t) => {
    const { account, accounts, truth } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    await account.suspend(accounts[0])
    const outcomes = [await account.restore(accounts[0]), await account.restore(accounts[0])]
    assert.ok(outcomes.every(took), JSON.stringify(outcomes))
    assert.equal(read(await account.standing(accounts[0])), 'active')
    assert.equal(truth.standing?.(accounts[0]), 'active')
  })

  test('suspending and restoring take no group away, and touch nobody else', async (t) => {
    const { account, membership, group, accounts, truth } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    await membership.change([{ do: 'add', account: accounts[0], group }])
    await account.suspend(accounts[0])
    assert.deepEqual(truth.members(group), [accounts[0]])
    assert.equal(truth.standing?.(accounts[1]), 'active')
    await account.restore(accounts[0])
    assert.ok(groupsIn(await membership.groupsOf(accounts[0])).includes(group.id))
  })

  test('a deactivation comes to its end, which standing tells, and the account is not deleted', async (t) => {
    const { account, accounts, truth, advance } = makeSubject()
    if (account?.deactivate === undefined) return skipLoudly(t, 'this connector does not deactivate')
    const before = truth.accountCount()
    const outcome = await account.deactivate(accounts[0])
    assert.ok(took(outcome), JSON.stringify(outcome))
    for (let tries = 0; read(await account.standing(accounts[0])) === 'leaving' && tries < 60; tries += 1) {
      advance(MINUTE_MS)
    }
    assert.equal(read(await account.standing(accounts[0])), 'deactivated')
    assert.ok(took(await account.deactivate(accounts[0])), 'a second time is no failure')
    assert.equal(truth.accountCount(), before)
  })

  test('an unknown account is rejected by name, absent, and never created', async (t) => {
    const { account, unknownAccount, truth } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    const before = truth.accountCount()
    const outcomes = [await account.suspend(unknownAccount), await account.restore(unknownAccount)]
    assert.deepEqual(outcomes.map(inShort), ['no such person', 'no such person'])
    assert.equal((await account.standing(unknownAccount)).kind, 'absent')
    assert.equal(truth.accountCount(), before)
  })

  test('an account’s id that would lead elsewhere in a URL is rejected, and nothing is sent', async (t) => {
    const { account, accounts, truth } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    for (const id of ['', 'me', `../users/${accounts[0]}`, `${accounts[0]}/x?`, `${accounts[0]}\r\n`]) {
      assert.equal(inShort(await account.suspend(id)), 'no such person', id)
      assert.equal((await account.standing(id)).kind, 'absent', id)
    }
    assert.equal(truth.writesSent(), 0)
  })

  test('without the permission an account is not suspended, which is rejected as not allowed', async (t) => {
    const { account, accounts, trouble, truth } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    trouble('permission missing', 'write')
    assert.equal(inShort(await account.suspend(accounts[0])), 'not allowed')
    assert.equal(truth.standing?.(accounts[0]), 'active')
  })

  test('an answer to a suspension that is lost is unavailable, it is sent once, and standing finds it', async (t) => {
    const { account, accounts, trouble, truth } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    trouble('answer lost', 'write')
    assert.equal(inShort(await account.suspend(accounts[0])), 'unavailable')
    assert.equal(truth.writesSent(), 1)
    assert.equal(read(await account.standing(accounts[0])), 'suspended')
  })

  test('a rate limit of a suspension is unavailable, with its wait [R037]', async (t) => {
    const { account, accounts, trouble } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    trouble('rate limit of 30 s', 'write')
    const outcome = await account.suspend(accounts[0])
    assert.ok(outcome.kind === 'unavailable' && Math.abs((outcome.retryAfterMs ?? 0) - 30_000) <= 1_000)
  })

  test('a standing says when it was asked for, and is never remembered', async (t) => {
    const { account, accounts, anotherProcess, now, advance } = makeSubject()
    if (account === undefined) return skipLoudly(t, NO_ACCOUNT)
    const before = await account.standing(accounts[0])
    advance(1_000)
    await anotherProcess().account?.suspend(accounts[0])
    const after = await account.standing(accounts[0])
    assert.ok(before.kind === 'read' && after.kind === 'read')
    assert.ok(before.startedAt < after.startedAt && after.startedAt <= now())
    assert.equal(after.value, 'suspended')
  })
}

export function endsSessions(makeSubject: () => DirectorySubject): void {
  test('sessions end, and ending them twice is no failure', async (t) => {
    const { sessions, accounts, hands, truth } = makeSubject()
    if (sessions === undefined) return skipLoudly(t, NO_SESSIONS)
    hands.signIn?.(accounts[0])
    assert.ok((truth.sessions?.(accounts[0]) ?? 0) > 0, 'the subject can sign somebody in')
    const outcomes = [await sessions.end(accounts[0]), await sessions.end(accounts[0])]
    assert.ok(outcomes.every(took), JSON.stringify(outcomes))
    assert.equal(truth.sessions?.(accounts[0]), 0)
  })

  test('ending sessions leaves the standing, the groups and the others as they are', async (t) => {
    const { sessions, membership, group, accounts, hands, truth } = makeSubject()
    if (sessions === undefined) return skipLoudly(t, NO_SESSIONS)
    await membership.change([{ do: 'add', account: accounts[0], group }])
    for (const account of accounts.slice(0, 2)) hands.signIn?.(account)
    await sessions.end(accounts[0])
    assert.deepEqual(truth.members(group), [accounts[0]])
    assert.ok((truth.sessions?.(accounts[1]) ?? 0) > 0)
    if (truth.standing !== undefined) assert.equal(truth.standing(accounts[0]), 'active')
  })

  test('the sessions of an unknown account, or of an id that would lead elsewhere, are rejected by name', async (t) => {
    const { sessions, accounts, unknownAccount } = makeSubject()
    if (sessions === undefined) return skipLoudly(t, NO_SESSIONS)
    for (const id of [unknownAccount, '', 'me', `${accounts[0]}/x?`]) {
      assert.equal(inShort(await sessions.end(id)), 'no such person', id)
    }
  })

  test('without the permission no session is ended, which is rejected as not allowed', async (t) => {
    const { sessions, accounts, hands, trouble, truth } = makeSubject()
    if (sessions === undefined) return skipLoudly(t, NO_SESSIONS)
    hands.signIn?.(accounts[0])
    trouble('permission missing', 'write')
    assert.equal(inShort(await sessions.end(accounts[0])), 'not allowed')
    assert.ok((truth.sessions?.(accounts[0]) ?? 0) > 0)
  })

  test('a request to end sessions that is lost is unavailable', async (t) => {
    const { sessions, accounts, trouble } = makeSubject()
    if (sessions === undefined) return skipLoudly(t, NO_SESSIONS)
    trouble('request lost', 'write')
    assert.equal(inShort(await sessions.end(accounts[0])), 'unavailable')
  })
}
