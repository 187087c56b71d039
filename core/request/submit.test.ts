import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import { MARA, person } from '../approval-rule/people-for-tests.ts'
import { READERS, role, rule, WRITERS } from '../catalog/catalog-for-tests.ts'
import type { RefusalCode } from '../event.ts'
import {
  approved,
  declined,
  FORM,
  ISSUE,
  refusedAs,
  REQUEST,
  submit,
  submitFacts,
  submitted,
} from './request-for-tests.ts'
import type { GroupFacts, RequestCommand, RequestEvent, SubmitFacts } from './request.ts'

const AUTO = rule([{ kind: 'manager' }], { autoApprove: [{ departments: ['Support'] }] })
const BECAUSE = 'known role: department Support'

function holding(group: GroupFacts['group'], heldBy: GroupFacts['heldBy'], claimed = true): GroupFacts {
  return { group, name: `name of ${group.id}`, claimed, heldBy }
}

test('what a person asks is written down with its exact hash, and waits for whom the rule names [R002, R010]', () => {
  given(REQUEST, []).when(submit()).then([submitted()])
  const state = stateAfter(REQUEST, [submitted()])
  assert.equal(state.status, 'waiting')
  assert.deepEqual([state.form, state.issue, state.submitted?.askHash], [FORM, ISSUE, 'hash of the ask'])
  assert.equal(state.askedBy, MARA.id)
})

test('what the person wrote is personal, and nothing of it is in what is kept for ever', () => {
  given(REQUEST, [])
    .when(submit())
    .then([{ ...submitted(), personal: { ...FORM } }])
  assert.ok(!JSON.stringify(submitted().data).includes(FORM.reason))
})

test('a rule that knows the role approves at once, and the record names the rule, its version and why [R021]', () => {
  const finding = { state: 'satisfied', by: 'rule', because: BECAUSE } as const
  const ref = { id: 'rule_manager', version: 4 }
  const byRule: RequestEvent = {
    type: 'RequestApproved',
    data: { askHash: 'hash of the ask', rule: ref, findings: [finding], approval: null },
    by: { kind: 'rule', ...ref },
  }
  given(REQUEST, [])
    .when(submit({ rule: AUTO, ruleVersion: 4 }))
    .then([submitted({ rule: ref, findings: [finding] }), byRule])
  const state = stateAfter(REQUEST, [submitted(), byRule])
  assert.deepEqual([state.status, state.approvedBy], ['approved', []])
})

test('no rule approves a sensitive or privileged role by itself; it waits like any other [R021]', () => {
  for (const tier of ['sensitive', 'privileged'] as const) {
    const findings = [{ state: 'waiting', on: [{ personId: 'per_max', as: ['manager'] }], passedOver: [] } as const]
    given(REQUEST, [])
      .when(submit({ rule: AUTO, role: role({ tier }) }))
      .then([submitted({ tier, findings })])
  }
})

const INACTIVE = { ...MARA, active: false }

const REFUSED: readonly (readonly [string, Partial<SubmitFacts>, RefusalCode, Readonly<Record<string, string>>])[] = [
  ['the person is not active', { beneficiary: INACTIVE }, 'person not active', {}],
  ['the person’s accounts are protected [R118]', { isProtected: true }, 'protected account', {}],
  ['the role is live already', { already: 'live' }, 'already live', { role: 'Reader' }],
  ['the role was asked for already', { already: 'asked' }, 'already asked', { role: 'Reader' }],
  [
    'a group of the role is not claimed',
    { holdings: [holding(READERS, null), holding(WRITERS, null, false)] },
    'group not claimed',
    { group: 'name of 00gWriters' },
  ],
  [
    'a group that is not claimed is held by another hand',
    { holdings: [holding(READERS, 'another hand', false)] },
    'held by another hand in an unclaimed group',
    { group: 'name of 00gReaders' },
  ],
  [
    'a rule of the vendor holds every group',
    { holdings: [holding(READERS, 'rule'), holding(WRITERS, 'rule')] },
    'held by a rule',
    { role: 'Reader' },
  ],
  [
    'nobody can approve',
    {
      rule: rule([{ kind: 'manager' }, { kind: 'security' }]),
      beneficiary: { ...MARA, managerId: MARA.id },
      securityIds: [],
    },
    'nobody can approve',
    { rule: 'Manager says yes', why: 'manager: own request; security: nobody named' },
  ],
]

for (const [what, facts, code, detail] of REFUSED) {
  test(`a request is refused at once, and nobody is asked, when ${what}`, () => {
    given(REQUEST, [])
      .when(submit(facts))
      .then([refusedAs(code, detail)])
  })
}

test('a refused request keeps why, and what the person wrote where it can be erased', () => {
  given(REQUEST, [])
    .when(submit({ already: 'live' }))
    .then([{ ...refusedAs('already live', { role: 'Reader' }), personal: { ...FORM }, by: { kind: 'engine' } }])
  const state = stateAfter(REQUEST, [{ ...refusedAs('already live', { role: 'Reader' }), personal: { ...FORM } }])
  assert.deepEqual([state.status, state.code, state.detail], ['refused', 'already live', { role: 'Reader' }])
  assert.deepEqual([state.form, state.issue], [FORM, ISSUE])
  assert.equal(state.askedBy, MARA.id)
  assert.equal(stateAfter(REQUEST, [refusedAs('already live')]).form, null)
})

test('why nobody can approve names capacities, never people', () => {
  const facts = submitFacts({ rule: rule([{ kind: 'manager' }]) }, [person('per_max', { active: false })])
  given(REQUEST, [])
    .when(submit(facts))
    .then([refusedAs('nobody can approve', { rule: 'Manager says yes', why: 'manager: not active' })])
})

test('what the person holds already by another hand is told before the decision, and would be adopted', () => {
  given(REQUEST, [])
    .when(submit({ holdings: [holding(READERS, 'another hand'), holding(WRITERS, 'ours')] }))
    .then([
      submitted({
        groups: [READERS, WRITERS],
        heldAlready: [
          { group: READERS, by: 'another hand' },
          { group: WRITERS, by: 'ours' },
        ],
      }),
    ])
})

test('a group that a rule of the vendor holds is told, and left out of the grant [R057]', () => {
  given(REQUEST, [])
    .when(submit({ holdings: [holding(READERS, 'rule'), holding(WRITERS, null)] }))
    .then([submitted({ groups: [WRITERS], heldAlready: [{ group: READERS, by: 'rule' }] })])
})

test('a request that was refused before it could be understood is written down all the same', () => {
  const refuse: RequestCommand = {
    kind: 'refuse',
    personId: MARA.id,
    code: 'unknown app',
    detail: { app: 'Lodger' },
    form: FORM,
    issue: ISSUE,
  }
  given(REQUEST, [])
    .when(refuse)
    .then([{ ...refusedAs('unknown app', { app: 'Lodger' }), personal: { ...FORM } }])
})

test('the same ticket heard of again is no second request [I13]', () => {
  const refuse: RequestCommand = {
    kind: 'refuse',
    personId: MARA.id,
    code: 'unknown app',
    detail: {},
    form: FORM,
    issue: ISSUE,
  }
  const pasts = [
    [submitted()],
    [submitted(), approved('per_max', ['manager'])],
    [submitted(), declined()],
    [refusedAs('unknown app')],
  ]
  for (const past of pasts) {
    given(REQUEST, past).when(submit()).thenNothing()
    given(REQUEST, past).when(refuse).thenNothing()
  }
})
