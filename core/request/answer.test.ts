import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import type { Person } from '../approval-rule/assess.ts'
import { MARA, person } from '../approval-rule/people-for-tests.ts'
import { app, role, rule } from '../catalog/catalog-for-tests.ts'
import type { RefusalCode } from '../event.ts'
import {
  answer,
  answerFacts,
  approved,
  declined,
  FORM,
  notCounted,
  refusedAs,
  REQUEST,
  submitted,
  voided,
} from './request-for-tests.ts'
import type { AnswerFacts } from './request.ts'

test('the manager says yes: approved, by this person, in this capacity, under this rule [R014]', () => {
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_max'))
    .then([approved('per_max', ['manager'])])
  const state = stateAfter(REQUEST, [submitted(), approved('per_max', ['manager'])])
  assert.deepEqual([state.status, state.approvedBy], ['approved', ['per_max']])
})

test('one answer decides, whoever of those who were asked gives it', () => {
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_olga'))
    .then([approved('per_olga', ['app owner'])])
})

test('somebody with two capacities approves in both', () => {
  const facts = answerFacts({ app: app({ ownerIds: ['per_max'] }) })
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_max', facts))
    .then([approved('per_max', ['manager', 'app owner'])])
})

test('a no ends the request', () => {
  given(REQUEST, [submitted()]).when(answer('declined', 'per_max')).then([declined()])
  assert.equal(stateAfter(REQUEST, [submitted(), declined()]).status, 'declined')
})

test('a second answer changes nothing, whatever became of the request [R120]', () => {
  const ends = [
    [approved('per_max', ['manager'])],
    [declined()],
    [notCounted('not an approver', 'per_stranger'), voided('answer not counted')],
    [voided('ticket edited')],
  ]
  for (const end of ends) {
    for (const decision of ['approved', 'declined'] as const) {
      given(REQUEST, [submitted(), ...end])
        .when(answer(decision, 'per_olga'))
        .thenRefused('already decided')
    }
  }
  given(REQUEST, []).when(answer('approved', 'per_max')).thenRefused('already decided')
  given(REQUEST, [refusedAs('already live')])
    .when(answer('approved', 'per_max'))
    .thenRefused('already decided')
})

const NOT_COUNTED: readonly (readonly [string, string | null, RefusalCode, readonly Person[]])[] = [
  ['the requester', MARA.id, 'own request', []],
  ['an account that is linked to nobody', null, 'person unknown', []],
  ['a stranger', 'per_stranger', 'not an approver', []],
  ['somebody who is in no directory', 'per_gone', 'approver not active', []],
  ['an approver who has left since', 'per_max', 'approver not active', [person('per_max', { active: false })]],
  ['an account whose proof was lost', 'per_max', 'approver not proven', [person('per_max', { provenAccount: false })]],
]

for (const [who, deciderId, code, people] of NOT_COUNTED) {
  test(`the answer of ${who} does not count, and leaves nothing to wait for [R020, I15, I16]`, () => {
    for (const decision of ['approved', 'declined'] as const) {
      given(REQUEST, [submitted()])
        .when(answer(decision, deciderId, answerFacts({}, people)))
        .then([notCounted(code, deciderId), voided('answer not counted')])
    }
  })
}

test('whoever gets the access cannot approve it, even when another person asked for them [R020, I15]', () => {
  const past = [submitted({ requesterId: 'per_max', beneficiaryId: MARA.id })]
  const facts = answerFacts({ requesterId: 'per_max' })
  for (const own of ['per_max', MARA.id]) {
    given(REQUEST, past)
      .when(answer('approved', own, facts))
      .then([notCounted('own request', own), voided('answer not counted')])
  }
  given(REQUEST, past)
    .when(answer('approved', 'per_olga', facts))
    .then([approved('per_olga', ['app owner'])])
})

test('an owner who is made so after the request was asked is none of those who were asked', () => {
  const facts = answerFacts({ app: app({ ownerIds: ['per_olga', 'per_stranger'] }) })
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_stranger', facts))
    .then([notCounted('not an approver', 'per_stranger'), voided('answer not counted')])
})

test('an approver who lost the capacity since may not answer any more [I16]', () => {
  const moved = answerFacts({ beneficiary: { ...MARA, managerId: 'per_nia' } })
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_max', moved))
    .then([notCounted('not an approver', 'per_max'), voided('answer not counted')])
})

test('a yes is used under the rule in force when it is used, and the record says which [I16]', () => {
  const facts = answerFacts({ rule: rule([{ kind: 'manager' }]), ruleVersion: 9 })
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_max', facts))
    .then([approved('per_max', ['manager'], { rule: { id: 'rule_manager', version: 9 } })])
})

test('a rule that would approve by itself by now does not make the answer of an approver worthless', () => {
  const facts = answerFacts({ rule: rule([{ kind: 'manager' }], { autoApprove: [{ departments: ['Support'] }] }) })
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_max', facts))
    .then([approved('per_max', ['manager'])])
  given(REQUEST, [submitted()])
    .when(answer('declined', 'per_max', facts))
    .then([declined()])
  given(REQUEST, [submitted()])
    .when(answer('approved', MARA.id, facts))
    .then([notCounted('own request', MARA.id), voided('answer not counted')])
})

test('nobody is given access who is not active any more when the yes comes; a no is a no [I22]', () => {
  const left = answerFacts({ beneficiary: { ...MARA, active: false } })
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_max', left))
    .then([notCounted('person not active', 'per_max'), voided('answer not counted')])
  given(REQUEST, [submitted()])
    .when(answer('declined', 'per_max', left))
    .then([declined()])
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_stranger', left))
    .then([notCounted('not an approver', 'per_stranger'), voided('answer not counted')])
})

const CHANGED: readonly (readonly [string, Partial<AnswerFacts>, ReturnType<typeof voided>])[] = [
  [
    'another duration',
    { formNow: { ...FORM, duration: '24 hours' }, askHashNow: 'other' },
    voided('ticket edited', 'other'),
  ],
  ['another reason, while the hash is the same', { formNow: { ...FORM, reason: 'Curious' } }, voided('ticket edited')],
  ['the role mapped to other groups', { askHashNow: 'other', role: role() }, voided('role changed', 'other')],
]

for (const [what, facts, expected] of CHANGED) {
  test(`a yes to what was not asked voids the request: ${what} [N24, I18]`, () => {
    for (const decision of ['approved', 'declined'] as const) {
      given(REQUEST, [submitted()])
        .when(answer(decision, 'per_max', answerFacts(facts)))
        .then([expected])
    }
    const state = stateAfter(REQUEST, [submitted(), expected])
    assert.deepEqual([state.status, state.voidedBecause === null], ['void', false])
  })
}

test('an account that became protected after it was asked for gets nothing by a yes [R118]', () => {
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_max', answerFacts({ isProtected: true })))
    .then([notCounted('protected account', 'per_max'), voided('answer not counted')])
})
