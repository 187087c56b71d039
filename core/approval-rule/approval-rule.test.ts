import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import { rule } from '../catalog/catalog-for-tests.ts'
import { decideRule, evolveRule, NO_RULE, type ApprovalRule, type ApprovalRuleEvent } from './approval-rule.ts'

const RULE = { none: NO_RULE, decide: decideRule, evolve: evolveRule }
const MANAGER = rule([{ kind: 'manager' }])
const OWNER = rule([{ kind: 'app owner' }])

function published(version: number, hash: string, of: ApprovalRule): ApprovalRuleEvent {
  return {
    type: 'ApprovalRulePublished',
    data: { ruleId: of.id, version, hash, definition: JSON.parse(JSON.stringify(of)) },
  }
}

test('a rule is published with its whole definition, so that a decision under it can be checked later', () => {
  given(RULE, [])
    .when({ kind: 'publish rule', rule: MANAGER, hash: 'aa' })
    .then([published(1, 'aa', MANAGER)])
})

test('a rule that says something new is a new version, and a version always means one content', () => {
  const first = published(1, 'aa', MANAGER)
  given(RULE, [first]).when({ kind: 'publish rule', rule: MANAGER, hash: 'aa' }).thenNothing()
  given(RULE, [first])
    .when({ kind: 'publish rule', rule: OWNER, hash: 'bb' })
    .then([published(2, 'bb', OWNER)])
  given(RULE, [first, published(2, 'bb', OWNER)])
    .when({ kind: 'publish rule', rule: MANAGER, hash: 'aa' })
    .then([published(3, 'aa', MANAGER)])
  assert.deepEqual(stateAfter(RULE, [first, published(2, 'bb', OWNER)]), { version: 2, hash: 'bb' })
})
