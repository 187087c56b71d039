import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HOUR_MS, MINUTE_MS, type Instant } from '#core/instant.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { AccountId, Membership, NativeEnd } from './connector.ts'

/** A connector that can have memberships ended by its vendor, connected to a vendor whose clock the suite may move. */
export interface NativeEndSubject {
  readonly membership: Membership
  readonly nativeEnd: NativeEnd
  /** A group without members, whose members the vendor can end. */
  readonly group: GroupRef
  readonly accounts: readonly [AccountId, AccountId, AccountId]
  readonly unknownGroup: GroupRef
  readonly unknownAccount: AccountId
  /** A group that we may write to and whose members the vendor cannot end: another kind of group, or another edition. */
  readonly endless: GroupRef
  /** On the whole second. */
  now(): Instant
  advance(ms: number): void
  readonly truth: {
    members(group: GroupRef): readonly AccountId[]
    /** Requests to set an end that were sent, so far. */
    endsSent(): number
  }
  /** Befalls every request to set an end from now on. */
  trouble(kind: 'request lost' | 'answer lost' | 'rate limit of 30 s' | 'permission missing'): void
}

/** What every connector with the capability `nativeEnd` keeps, beside what a directory keeps (conformance.ts), in sentences. */
export function describeNativeEndConformance(name: string, makeSubject: () => NativeEndSubject): void {
  describe(`${name} keeps the contract of a native end`, () => {
    setting(makeSubject)
    ending(makeSubject)
    refusing(makeSubject)
    troubled(makeSubject)
  })
}

function setting(makeSubject: () => NativeEndSubject): void {
  test('an add brings its end along: no member is there without one for a moment [R046]', async () => {
    const subject = makeSubject()
    const endsAt = subject.now() + HOUR_MS
    const [outcome] = await add(subject, subject.accounts[0], endsAt)
    assert.ok(took(outcome), inShort(outcome))
    assertNear(await endByGroup(subject, subject.accounts[0]), endsAt)
    assert.equal(subject.truth.endsSent(), 0, 'one call, not two')
  })

  test('the list of a group and the list of a person tell the same end [R046]', async () => {
    const subject = makeSubject()
    const [account] = subject.accounts
    await add(subject, account, subject.now() + HOUR_MS)
    assert.equal(await endByPerson(subject, account), await endByGroup(subject, account))
    await set(subject, account, null)
    assert.deepEqual([await endByPerson(subject, account), await endByGroup(subject, account)], [null, null])
  })

  test('an end is moved later and earlier, cleared and set again, and read back: never earlier than asked, and hardly later [R046, I10]', async () => {
    const subject = makeSubject()
    const [account] = subject.accounts
    await add(subject, account, subject.now() + HOUR_MS)
    for (const inMs of [2 * HOUR_MS, HOUR_MS, null, 61 * MINUTE_MS + 17_000]) {
      const endsAt = inMs === null ? null : subject.now() + inMs
      const [outcome] = await set(subject, account, endsAt)
      assert.ok(took(outcome), inShort(outcome))
      const found = await endByGroup(subject, account)
      if (endsAt === null) assert.equal(found, null)
      else assertNear(found, endsAt)
    }
    assert.deepEqual(subject.truth.members(subject.group), [account], 'a member all the while')
  })

  test('what is set already is no failure', async () => {
    const subject = makeSubject()
    const endsAt = subject.now() + HOUR_MS
    await add(subject, subject.accounts[0], endsAt)
    assert.ok(took((await set(subject, subject.accounts[0], endsAt))[0]))
  })

  test('an add of a member who is there already leaves them their end', async () => {
    const subject = makeSubject()
    const [account] = subject.accounts
    await add(subject, account, subject.now() + HOUR_MS)
    await add(subject, account, subject.now() + 5 * HOUR_MS)
    assertNear(await endByGroup(subject, account), subject.now() + HOUR_MS)
  })

  test('who is added without an end has none, and an end of before does not come back', async () => {
    const subject = makeSubject()
    const { membership, group } = subject
    const [account] = subject.accounts
    await add(subject, account, subject.now() + HOUR_MS)
    await membership.change([{ do: 'remove', account, group }])
    await add(subject, account, null)
    assert.equal(await endByGroup(subject, account), null)
  })

  test('outcomes keep the order given, and no ends come to no outcomes', async () => {
    const subject = makeSubject()
    const { nativeEnd, group, accounts, unknownGroup } = subject
    const endsAt = subject.now() + HOUR_MS
    await add(subject, accounts[1], endsAt)
    const outcomes = await nativeEnd.setEnds([
      { account: accounts[0], group, endsAt },
      { account: accounts[1], group, endsAt: endsAt + HOUR_MS },
      { account: accounts[1], group: unknownGroup, endsAt },
    ])
    assert.deepEqual(
      outcomes.map((each) => (took(each) ? 'took' : inShort(each))),
      ['no such person', 'took', 'no such group'],
    )
    assert.deepEqual(await nativeEnd.setEnds([]), [])
  })

  test('what may not start is not sent [I14]', async () => {
    const subject = makeSubject()
    const { nativeEnd, group, accounts } = subject
    await add(subject, accounts[0], subject.now() + HOUR_MS)
    await nativeEnd.setEnds([{ account: accounts[0], group, endsAt: null }], () => false)
    assert.equal(subject.truth.endsSent(), 0)
    assertNear(await endByGroup(subject, accounts[0]), subject.now() + HOUR_MS)
  })
}

function ending(makeSubject: () => NativeEndSubject): void {
  test('the vendor ends the membership by itself, not before its end, and then both lists are without it [R046, N06]', async () => {
    const subject = makeSubject()
    const { membership, group, advance, truth } = subject
    const [account] = subject.accounts
    await add(subject, account, subject.now() + HOUR_MS)
    advance(HOUR_MS - 1_000)
    assert.deepEqual(truth.members(group), [account])
    advance(1_000 + MINUTE_MS)
    assert.deepEqual(truth.members(group), [])
    const [members, holdings] = [await membership.members(group), await membership.groupsOf(account)]
    assert.ok(members.kind === 'read' && holdings.kind === 'read')
    assert.deepEqual(members.value, [])
    assert.ok(!holdings.value.some((each) => each.group.id === group.id))
  })

  test('the removal of whom the vendor has ended is no failure, and says that nothing was changed [R046]', async () => {
    const subject = makeSubject()
    const { membership, group, advance } = subject
    const [account] = subject.accounts
    await add(subject, account, subject.now() + HOUR_MS)
    advance(2 * HOUR_MS)
    const [outcome] = await membership.change([{ do: 'remove', account, group }])
    assert.equal(outcome?.kind, 'unchanged')
  })
}

function refusing(makeSubject: () => NativeEndSubject): void {
  test('an end adds nobody: who is no member is rejected, and stays none [I3]', async () => {
    const subject = makeSubject()
    const outcomes = await set(subject, subject.accounts[0], subject.now() + HOUR_MS)
    assert.deepEqual(outcomes.map(inShort), ['no such person'])
    assert.deepEqual(subject.truth.members(subject.group), [])
  })

  test('an unknown person and an unknown group are rejected, by name', async () => {
    const { nativeEnd, group, accounts, unknownAccount, unknownGroup } = makeSubject()
    const outcomes = await nativeEnd.setEnds([
      { account: unknownAccount, group, endsAt: null },
      { account: accounts[0], group: unknownGroup, endsAt: null },
    ])
    assert.deepEqual(outcomes.map(inShort), ['no such person', 'no such group'])
  })

  test('where the vendor can end nobody, people are added all the same, reads tell of no end, and setting one is rejected by name [R046]', async () => {
    const subject = makeSubject()
    const { membership, nativeEnd, endless, accounts, truth } = subject
    const endsAt = subject.now() + HOUR_MS
    const [added] = await membership.change([{ do: 'add', account: accounts[0], group: endless, endsAt }])
    assert.equal(added?.kind, 'changed')
    const members = await membership.members(endless)
    assert.deepEqual(members.kind === 'read' && members.value.map((each) => each.endsAt), [null])
    const outcomes = await nativeEnd.setEnds([{ account: accounts[0], group: endless, endsAt }])
    assert.deepEqual(outcomes.map(inShort), ['no native end'])
    assert.deepEqual(truth.members(endless), [accounts[0]])
  })

  test('a missing permission is rejected as not allowed', async () => {
    const subject = makeSubject()
    await add(subject, subject.accounts[0], null)
    subject.trouble('permission missing')
    const outcomes = await set(subject, subject.accounts[0], subject.now() + HOUR_MS)
    assert.deepEqual(outcomes.map(inShort), ['not allowed'])
  })
}

function troubled(makeSubject: () => NativeEndSubject): void {
  test('a rate limit is unavailable, with its wait [R037]', async () => {
    const subject = makeSubject()
    await add(subject, subject.accounts[0], null)
    subject.trouble('rate limit of 30 s')
    const [outcome] = await set(subject, subject.accounts[0], subject.now() + HOUR_MS)
    assert.ok(outcome?.kind === 'unavailable' && Math.abs((outcome.retryAfterMs ?? 0) - 30_000) <= 1_000)
    assert.equal(await endByGroup(subject, subject.accounts[0]), null)
  })

  for (const kind of ['request lost', 'answer lost'] as const) {
    test(`${kind}: unavailable, which says nothing about the effect, and it is sent once`, async () => {
      const subject = makeSubject()
      const [account] = subject.accounts
      await add(subject, account, null)
      subject.trouble(kind)
      const endsAt = subject.now() + HOUR_MS
      const [outcome] = await set(subject, account, endsAt)
      assert.equal(outcome?.kind, 'unavailable')
      assert.equal(subject.truth.endsSent(), 1)
      const found = await endByGroup(subject, account)
      if (kind === 'answer lost') assertNear(found, endsAt)
      else assert.equal(found, null)
    })
  }
}

function add({ membership, group }: NativeEndSubject, account: AccountId, endsAt: Instant | null) {
  return membership.change([{ do: 'add', account, group, endsAt }])
}

function set({ nativeEnd, group }: NativeEndSubject, account: AccountId, endsAt: Instant | null) {
  return nativeEnd.setEnds([{ account, group, endsAt }])
}

async function endByGroup({ membership, group }: NativeEndSubject, account: AccountId): Promise<Instant | null> {
  const reading = await membership.members(group)
  assert.ok(reading.kind === 'read', JSON.stringify(reading))
  const found = reading.value.find((each) => each.account === account)
  assert.ok(found && found.endsAt !== undefined, 'the list of the group tells of this member, and of their end')
  return found.endsAt
}

async function endByPerson({ membership, group }: NativeEndSubject, account: AccountId): Promise<Instant | null> {
  const reading = await membership.groupsOf(account)
  assert.ok(reading.kind === 'read', JSON.stringify(reading))
  const found = reading.value.find((each) => each.group.id === group.id)
  assert.ok(found && found.endsAt !== undefined, 'the list of the person tells of this group, and of its end')
  return found.endsAt
}

function assertNear(found: Instant | null, asked: Instant): void {
  assert.ok(found !== null && found >= asked && found - asked <= MINUTE_MS, `${found} is not ${asked}`)
}

function took(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'changed' || outcome?.kind === 'unchanged' || outcome?.kind === 'accepted'
}

function inShort(outcome: Outcome | undefined): string {
  return outcome?.kind === 'rejected' ? outcome.because : (outcome?.kind ?? 'nothing')
}
