import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Change } from './connector.ts'
import { accountsIn, groupsIn, inShort, took, type DirectorySubject } from './conformance-subject.ts'

/** What every connector keeps that writes members of groups. */
export function writesMemberships(makeSubject: () => DirectorySubject): void {
  test('adding twice changes once', async () => {
    const { membership, group, accounts, truth } = makeSubject()
    const add = { do: 'add', account: accounts[0], group } as const
    const [first] = await membership.change([add])
    const [second] = await membership.change([add])
    assert.equal(first?.kind, 'changed')
    assert.ok(second?.kind === 'changed' || second?.kind === 'unchanged', second?.kind)
    assert.equal(truth.changeCount(), 1)
    assert.deepEqual(truth.members(group), [accounts[0]])
  })

  test('removing someone absent has no effect, and is no failure', async () => {
    const { membership, group, accounts, truth } = makeSubject()
    const [outcome] = await membership.change([{ do: 'remove', account: accounts[0], group }])
    assert.ok(outcome?.kind === 'changed' || outcome?.kind === 'unchanged', outcome?.kind)
    assert.equal(truth.changeCount(), 0)
  })

  test('what was added is read back, by group and by person, and what was removed is gone from both [R039]', async () => {
    const { membership, group, accounts } = makeSubject()
    const [account] = accounts
    await membership.change([{ do: 'add', account, group }])
    assert.deepEqual(accountsIn(await membership.members(group)), [account])
    assert.ok(groupsIn(await membership.groupsOf(account)).includes(group.id))
    await membership.change([{ do: 'remove', account, group }])
    assert.deepEqual(accountsIn(await membership.members(group)), [])
    assert.ok(!groupsIn(await membership.groupsOf(account)).includes(group.id))
  })

  test('outcomes keep the order given', async () => {
    const { membership, group, accounts, unknownAccount, unknownGroup } = makeSubject()
    const outcomes = await membership.change([
      { do: 'add', account: unknownAccount, group },
      { do: 'add', account: accounts[0], group },
      { do: 'add', account: accounts[1], group: unknownGroup },
      { do: 'add', account: accounts[2], group },
    ])
    assert.deepEqual(outcomes.map(inShort), ['no such person', 'changed', 'no such group', 'changed'])
  })

  test('opposite changes to one membership happen in the order given', async () => {
    const { membership, group, accounts, truth } = makeSubject()
    const [account] = accounts
    await membership.change([
      { do: 'add', account, group },
      { do: 'remove', account, group },
      { do: 'add', account, group },
    ])
    assert.deepEqual(truth.members(group), [account])
    assert.equal(truth.changeCount(), 3)
  })

  test('no changes come to no outcomes', async () => {
    assert.deepEqual(await makeSubject().membership.change([]), [])
  })

  test('a change carries the receipt of the vendor', async () => {
    const { membership, group, accounts } = makeSubject()
    const [outcome] = await membership.change([{ do: 'add', account: accounts[0], group }])
    assert.ok(outcome?.kind === 'changed' && outcome.receipt.length > 0)
  })

  test('removing twice changes once', async () => {
    const { membership, group, accounts, hands, truth } = makeSubject()
    hands.addMember(group, accounts[0])
    const before = truth.changeCount()
    const remove = { do: 'remove', account: accounts[0], group } as const
    const outcomes = [await membership.change([remove]), await membership.change([remove])].flat()
    assert.ok(outcomes.every(took), JSON.stringify(outcomes))
    assert.equal(truth.changeCount(), before + 1)
    assert.deepEqual(truth.members(group), [])
  })

  test('whom another hand added is read as a member, and is removed like any other', async () => {
    const { membership, group, accounts, hands, truth } = makeSubject()
    hands.addMember(group, accounts[0])
    assert.deepEqual(accountsIn(await membership.members(group)), [accounts[0]])
    await membership.change([{ do: 'remove', account: accounts[0], group }])
    assert.deepEqual(truth.members(group), [])
  })

  test('whom another hand removed is read as no member', async () => {
    const { membership, group, accounts, hands } = makeSubject()
    await membership.change([{ do: 'add', account: accounts[0], group }])
    hands.removeMember(group, accounts[0])
    assert.deepEqual(accountsIn(await membership.members(group)), [])
    assert.ok(!groupsIn(await membership.groupsOf(accounts[0])).includes(group.id))
  })

  test('many changes at once each have their own outcome, and each happens', async () => {
    const { membership, group, big, truth } = makeSubject()
    const changes = big.accounts.slice(0, 40).map((account): Change => ({ do: 'add', account, group }))
    const outcomes = await membership.change(changes)
    assert.equal(outcomes.length, changes.length)
    assert.ok(outcomes.every(took), JSON.stringify(outcomes.find((each) => !took(each))))
    assert.deepEqual([...truth.members(group)].toSorted(), changes.map(({ account }) => account).toSorted())
  })

  test('what may not start is not sent, and its outcome claims nothing [I14]', async () => {
    const { membership, group, accounts, truth } = makeSubject()
    const outcomes = await membership.change([{ do: 'add', account: accounts[0], group }], () => false)
    assert.deepEqual(outcomes.map(inShort), ['unavailable'])
    assert.deepEqual([truth.writesSent(), truth.changeCount()], [0, 0])
  })

  test('each change is asked for by its own place whether it may start, and the others go on without it [I14]', async () => {
    const { membership, group, accounts, truth } = makeSubject()
    const asked = new Set<number>()
    const changes = accounts.slice(0, 3).map((account): Change => ({ do: 'add', account, group }))
    const outcomes = await membership.change(changes, (place) => {
      asked.add(place)
      return place !== 1
    })
    assert.deepEqual([...asked].toSorted(), [0, 1, 2])
    assert.deepEqual(outcomes.map(inShort), ['changed', 'unavailable', 'changed'])
    assert.deepEqual([...truth.members(group)].toSorted(), [accounts[0], accounts[2]].toSorted())
  })

  test('a stale read is no proof, and says so: it began before the answer, a fresh one after it [R039]', async () => {
    const { membership, group, accounts, advance } = makeSubject()
    const stale = await membership.members(group)
    advance(1_000)
    const [outcome] = await membership.change([{ do: 'add', account: accounts[0], group }])
    advance(1_000)
    const fresh = await membership.members(group)
    assert.ok(outcome?.kind === 'changed' && stale.kind === 'read' && fresh.kind === 'read')
    assert.ok(stale.startedAt < outcome.at && outcome.at <= fresh.startedAt)
  })

  test('another process reads what this one wrote, and writes on', async () => {
    const { membership, group, accounts, anotherProcess, truth } = makeSubject()
    await membership.change([{ do: 'add', account: accounts[0], group }])
    const other = anotherProcess().membership
    assert.deepEqual(accountsIn(await other.members(group)), [accounts[0]])
    await other.change([{ do: 'remove', account: accounts[0], group }])
    assert.deepEqual(truth.members(group), [])
  })
}
