import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inShort, skipLoudly, type DirectorySubject } from './conformance-subject.ts'

/** What is never written, and by which name it is refused. */
export function refuses(makeSubject: () => DirectorySubject): void {
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
    if (ruleFed === null) return skipLoudly(t, 'this vendor has no rules')
    const { group, byRule } = ruleFed
    const outcomes = await membership.change([{ do: 'remove', account: byRule, group }])
    assert.deepEqual(outcomes.map(inShort), ['membership comes from a rule'])
    assert.ok(truth.members(group).includes(byRule))
    assert.deepEqual(truth.excludedFromRules(), [])
  })

  test('beside a rule, a member whom a person put there can still be removed [R057]', async (t) => {
    const { membership, ruleFed, truth } = makeSubject()
    if (ruleFed === null) return skipLoudly(t, 'this vendor has no rules')
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

  test('an account that does not exist is never created and never invited, be it an id or an address', async () => {
    const { membership, group, unknownAccount, truth } = makeSubject()
    const before = truth.accountCount()
    const strangers = [unknownAccount, 'somebody@outside.example', 'Somebody Outside']
    const outcomes = await membership.change(strangers.map((account) => ({ do: 'add', account, group }) as const))
    assert.deepEqual(outcomes.map(inShort), ['no such person', 'no such person', 'no such person'])
    assert.deepEqual([truth.accountCount(), truth.changeCount(), truth.members(group)], [before, 0, []])
  })

  test('a group of another provider is none of ours, and nothing is sent', async () => {
    const { membership, group, accounts, truth } = makeSubject()
    const foreign = { provider: `not-${group.provider}`, id: group.id }
    const outcomes = await membership.change([{ do: 'add', account: accounts[0], group: foreign }])
    assert.deepEqual(outcomes.map(inShort), ['no such group'])
    assert.equal(truth.writesSent(), 0)
  })

  test('a word that a vendor may take for the caller, or for everybody, is nobody', async () => {
    const { membership, group, truth } = makeSubject()
    const words = ['me', 'self', 'all', '*', '$ref', 'current']
    const outcomes = await membership.change(words.map((account) => ({ do: 'remove', account, group }) as const))
    for (const outcome of outcomes) assert.ok(outcome.kind === 'rejected' || outcome.kind === 'unchanged', outcome.kind)
    assert.equal(truth.changeCount(), 0)
  })

  test('an id with blanks or control characters, or one without an end, is rejected, and nothing is sent', async () => {
    const { membership, group, accounts, truth } = makeSubject()
    const [account] = accounts
    const odd = [`${account} `, `${account}\r\nX-Evil: 1`, `${account}\u0000`, `${account}\u202e`, 'x'.repeat(100_000)]
    const outcomes = await membership.change(odd.map((each) => ({ do: 'add', account: each, group }) as const))
    assert.deepEqual(
      outcomes.map(inShort),
      odd.map(() => 'no such person'),
    )
    assert.deepEqual([truth.writesSent(), truth.changeCount()], [0, 0])
  })

  test('what is rejected is said in one line of plain text', async () => {
    const { membership, group, unknownAccount, unknownGroup, vendorManaged } = makeSubject()
    const outcomes = await membership.change(
      [group, unknownGroup, ...vendorManaged].map((each) => ({ do: 'add', account: unknownAccount, group: each })),
    )
    for (const outcome of outcomes) {
      assert.ok(outcome.kind === 'rejected')
      assert.match(outcome.said, /^[^\u0000-\u001f\u202a-\u202e]{1,500}$/)
    }
  })

  test('a group that does not exist any more is rejected, by name, also when it was written to before', async () => {
    const { membership, accounts, hands } = makeSubject()
    const group = hands.makeGroup('Short-lived')
    await membership.change([{ do: 'add', account: accounts[0], group }])
    hands.deleteGroup(group)
    const outcomes = await membership.change([{ do: 'add', account: accounts[1], group }])
    assert.deepEqual(outcomes.map(inShort), ['no such group'])
  })
}
