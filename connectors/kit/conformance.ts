import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { AccountId, Membership, Reading } from './connector.ts'
import type { Directory } from './directory.ts'
import { wholeList } from './whole-list.ts'

/** A directory connector, connected to a directory whose truth the suite may read and whose bad days it may order. */
export interface DirectorySubject {
  readonly membership: Membership
  readonly directory: Directory
  /** A group that we may write to, without members and not fed by any rule. */
  readonly group: GroupRef
  /** At least three people who are in no group but those of everybody. */
  readonly accounts: readonly [AccountId, AccountId, AccountId, ...AccountId[]]
  readonly unknownGroup: GroupRef
  readonly unknownAccount: AccountId
  /** Groups whose members are never ours to write, and a person who is in none of them by our doing. */
  readonly vendorManaged: readonly GroupRef[]
  /** A member whom a rule put there, and in the same group one whom a person put there. */
  readonly ruleFed: { readonly group: GroupRef; readonly byRule: AccountId; readonly byHand: AccountId } | null
  /** A group of more members than the connector reads at once. */
  readonly big: { readonly group: GroupRef; readonly accounts: readonly AccountId[] }
  readonly peopleCount: number
  readonly groupCount: number
  /** What must never be seen in any text that comes back. */
  secrets(): readonly string[]
  readonly truth: {
    members(group: GroupRef): readonly AccountId[]
    /** Memberships that really changed, so far. */
    changeCount(): number
    /** Requests to change a membership that were sent, so far. */
    writesSent(): number
    /** Harm that a removal did beside the removal: people whom no rule will ever add again. */
    excludedFromRules(): readonly AccountId[]
  }
  /** Befalls every `read` (a list of members, people or groups) or `write` (of a membership) from now on. */
  trouble(kind: DirectoryTrouble, on: 'read' | 'write'): void
  /** How far lists lie behind the truth, from now on. */
  lag(ms: number): void
  advance(ms: number): void
}

export type DirectoryTrouble =
  | 'request lost'
  | 'answer lost'
  | 'server error after the effect'
  | 'rate limit of 30 s'
  | 'rate limit without a word about its end'
  | 'HTML'
  | 'half a JSON'
  | 'error in a 200'
  | 'paging that loops'
  | 'credentials refused'
  | 'permission missing'
  | 'empty lists for want of a role'
  | 'error that repeats what was sent'

/** What every directory connector keeps, in sentences. A connector passes all of them or is none. */
export function describeDirectoryConformance(name: string, makeSubject: () => DirectorySubject): void {
  describe(`${name} keeps the contract of a directory`, () => {
    changing(makeSubject)
    refusing(makeSubject)
    troubled(makeSubject)
    reading(makeSubject)
  })
}

function changing(makeSubject: () => DirectorySubject): void {
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
}

function refusing(makeSubject: () => DirectorySubject): void {
  test('an unknown person is rejected, by name', async () => {
    const { membership, group, unknownAccount } = makeSubject()
    const outcomes = await membership.change([{ do: 'add', account: unknownAccount, group }])
    assert.deepEqual(outcomes.map(inShort), ['no such person'])
  })

  test('an unknown group is rejected, by name', async () => {
    const { membership, accounts, unknownGroup } = makeSubject()
    const outcomes = await membership.change([{ do: 'remove', account: accounts[0], group: unknownGroup }])
    assert.deepEqual(outcomes.map(inShort), ['no such group'])
  })

  test('a group that the vendor manages is rejected, by name, and nothing is sent to it [R117]', async () => {
    const { membership, accounts, vendorManaged, truth } = makeSubject()
    assert.ok(vendorManaged.length > 0)
    for (const group of vendorManaged) {
      for (const what of ['add', 'remove'] as const) {
        const outcomes = await membership.change([{ do: what, account: accounts[0], group }])
        assert.deepEqual(outcomes.map(inShort), ['group is managed by the vendor'])
      }
    }
    assert.equal(truth.changeCount(), 0)
    assert.equal(truth.writesSent(), 0)
  })

  test('a member whom a rule put there is not removed: rejected, by name, and the rule is not harmed [R057]', async (t) => {
    const { membership, ruleFed, truth } = makeSubject()
    if (ruleFed === null) return t.skip('this vendor has no rules')
    const { group, byRule } = ruleFed
    const outcomes = await membership.change([{ do: 'remove', account: byRule, group }])
    assert.deepEqual(outcomes.map(inShort), ['membership comes from a rule'])
    assert.ok(truth.members(group).includes(byRule))
    assert.deepEqual(truth.excludedFromRules(), [])
  })

  test('beside a rule, a member whom a person put there can still be removed [R057]', async (t) => {
    const { membership, ruleFed, truth } = makeSubject()
    if (ruleFed === null) return t.skip('this vendor has no rules')
    const { group, byHand } = ruleFed
    const outcomes = await membership.change([{ do: 'remove', account: byHand, group }])
    assert.deepEqual(outcomes.map(inShort), ['changed'])
    assert.ok(!truth.members(group).includes(byHand))
    assert.deepEqual(truth.excludedFromRules(), [])
  })

  test('an id that would lead elsewhere in a URL is rejected', async () => {
    const { membership, group, accounts, truth } = makeSubject()
    const outcomes = await membership.change([
      { do: 'add', account: `../../groups/${group.id}`, group },
      { do: 'add', account: '', group },
      { do: 'add', account: accounts[0], group: { provider: group.provider, id: `${group.id}/users/x?` } },
    ])
    assert.deepEqual(outcomes.map(inShort), ['no such person', 'no such person', 'no such group'])
    assert.equal(truth.changeCount(), 0)
  })

  test('a missing permission is rejected as not allowed', async () => {
    const { membership, group, accounts, trouble } = makeSubject()
    trouble('permission missing', 'write')
    const outcomes = await membership.change([{ do: 'add', account: accounts[0], group }])
    assert.deepEqual(outcomes.map(inShort), ['not allowed'])
  })
}

function troubled(makeSubject: () => DirectorySubject): void {
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
        await wholeList(directory.people, ({ account }) => account),
        await wholeList(directory.groups, ({ group }) => group.id),
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
    assert.equal((await wholeList(directory.people, ({ account }) => account)).kind, 'unreadable')
    assert.equal((await wholeList(directory.groups, ({ group }) => group.id)).kind, 'unreadable')
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
}

function reading(makeSubject: () => DirectorySubject): void {
  test('the last page is not lost, and nobody is listed twice', async () => {
    const { membership, directory, big, peopleCount, groupCount } = makeSubject()
    assert.deepEqual(accountsIn(await membership.members(big.group)).toSorted(), [...big.accounts].toSorted())
    const people = await wholeList(directory.people, ({ account }) => account)
    assert.ok(people.kind === 'read')
    assert.equal(new Set(people.value.map(({ account }) => account)).size, people.value.length)
    assert.equal(people.value.length, peopleCount)
    const groups = await wholeList(directory.groups, ({ group }) => group.id)
    assert.ok(groups.kind === 'read')
    assert.equal(groups.value.length, groupCount)
  })

  test('groups tell what may never be written, and what a rule feeds', async () => {
    const { directory, group, vendorManaged, ruleFed } = makeSubject()
    const groups = await wholeList(directory.groups, ({ group }) => group.id)
    assert.ok(groups.kind === 'read')
    const found = (ref: GroupRef) => groups.value.find((one) => one.group.id === ref.id)
    assert.equal(found(group)?.notWritable, null)
    assert.equal(found(group)?.fedByRule, false)
    for (const ref of vendorManaged) assert.notEqual(found(ref)?.notWritable, null)
    if (ruleFed !== null) assert.equal(found(ruleFed.group)?.fedByRule, true)
  })

  test('a list says of each member whether a rule or a person put them there', async (t) => {
    const { membership, ruleFed } = makeSubject()
    if (ruleFed === null) return t.skip('this vendor has no rules')
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
}

function inShort(outcome: Outcome): string {
  return outcome.kind === 'rejected' ? outcome.because : outcome.kind
}

function accountsIn(reading: Reading<readonly { readonly account: AccountId }[]>): readonly AccountId[] {
  assert.ok(reading.kind === 'read', JSON.stringify(reading))
  return reading.value.map(({ account }) => account)
}

function groupsIn(reading: Reading<readonly { readonly group: GroupRef }[]>): readonly string[] {
  assert.ok(reading.kind === 'read', JSON.stringify(reading))
  return reading.value.map(({ group }) => group.id)
}
