import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answersARequest,
  answersTheAsk,
  hasADecider,
  wasDecidedUnderAKnownRule,
  wasNotDecidedByWhoeverAsked,
} from './decision-rules.ts'
import type { Approval } from './decision-rules.ts'
import { newKnown } from './known.ts'
import type { Known, KnownChange, KnownRequest, Links } from './known.ts'
import {
  leadsToADecision,
  leadsToAGrant,
  leadsToATrigger,
  removalLeadsToAnEnding,
  staysWithinTheRequest,
} from './link-rules.ts'
import {
  agreesWithTheIntent,
  agreesWithTheOutcome,
  leadsToAnOutcome,
  leadsToAReadBack,
  readBackIsNotOlderThanTheAnswer,
} from './proof-rules.ts'
import type { Proof } from './proof-rules.ts'

const request: KnownRequest = {
  askHash: 'aa',
  requesterId: 'per_manager',
  beneficiaryId: 'per_ada',
  groups: ['okta/g1', 'okta/g2'],
  approved: true,
}
const links: Links = { stream: 'membership/okta/g1/per_ada', does: 'add', requestId: 'req_1', grantId: 'gra_1' }
const at = (second: number) => `2026-11-02T09:00:${String(second).padStart(2, '0')}.000Z`

function known(more: Partial<KnownRequest> = {}, ending = false): Known {
  const told = newKnown()
  told.ruleVersions.add('app-owner@3')
  told.requests.set('req_1', { ...request, ...more })
  told.grants.set('gra_1', { requestId: 'req_1', ending })
  return told
}

const approval: Approval = {
  requestId: 'req_1',
  by: { kind: 'person', id: 'per_owner', door: 'jira' },
  askHash: 'aa',
  rule: 'app-owner@3',
  hasApproval: true,
  request,
}
const change: KnownChange = {
  ...links,
  changeId: 'chg_1',
  record: 'membership/okta/g1/per_ada@1',
  index: 9,
  intendedAt: at(1),
  answers: [{ at: at(2), receipt: 'req' }],
  closed: false,
  broken: [],
}
const proof: Proof = {
  ...links,
  changeId: 'chg_1',
  effect: 'changed',
  receipt: 'req',
  intendedAt: at(1),
  answeredAt: at(2),
  readAt: at(3),
}

test('a decision answers a request that was submitted', () => {
  assert.equal(answersARequest(approval, known()), null)
  assert.equal(answersARequest({ ...approval, request: null }, known())?.code, 'no trigger')
})

test('a decision is about the hash of the ask', () => {
  assert.equal(answersTheAsk(approval, known()), null)
  assert.equal(answersTheAsk({ ...approval, askHash: 'ab' }, known())?.code, 'decision of another ask')
})

test('a decision is under a rule version that was published', () => {
  assert.equal(wasDecidedUnderAKnownRule(approval, known()), null)
  for (const rule of ['app-owner@2', 'app-owner@4', 'manager@3']) {
    assert.equal(wasDecidedUnderAKnownRule({ ...approval, rule }, known())?.code, 'rule version unknown')
  }
})

test('a decision is by a person with an approval, or by its own rule without one', () => {
  const byRule = { ...approval, by: { kind: 'rule', id: 'app-owner', version: 3 }, hasApproval: false }
  assert.equal(hasADecider(approval, known()), null)
  assert.equal(hasADecider(byRule, known()), null)
  const wrong: readonly Approval[] = [
    { ...approval, hasApproval: false },
    { ...byRule, hasApproval: true },
    { ...byRule, by: { kind: 'rule', id: 'app-owner', version: 2 } },
    { ...approval, by: { kind: 'timer' } },
    { ...approval, by: { kind: 'operator', name: 'root' } },
  ]
  for (const one of wrong) assert.equal(hasADecider(one, known())?.code, 'decided without a decider')
})

test('neither requester nor beneficiary decides', () => {
  assert.equal(wasNotDecidedByWhoeverAsked(approval, known()), null)
  for (const id of ['per_manager', 'per_ada']) {
    const own = { ...approval, by: { kind: 'person', id, door: 'jira' } }
    assert.equal(wasNotDecidedByWhoeverAsked(own, known())?.code, 'decided by whoever asked')
  }
})

test('a change leads to a trigger', () => {
  assert.equal(leadsToATrigger(links, known()), null)
  assert.equal(leadsToATrigger({ ...links, requestId: 'req_2' }, known())?.code, 'no trigger')
})

test('a change leads to a decision', () => {
  assert.equal(leadsToADecision(links, known()), null)
  assert.equal(leadsToADecision(links, known({ approved: false }))?.code, 'no decision')
})

test('a change leads to the grant of that request', () => {
  assert.equal(leadsToAGrant(links, known()), null)
  assert.equal(leadsToAGrant({ ...links, grantId: 'gra_2' }, known())?.code, 'no grant')
  assert.equal(leadsToAGrant({ ...links, requestId: 'req_2' }, known())?.code, 'no grant')
})

test('a change stays with the person and the groups of the request', () => {
  assert.equal(staysWithinTheRequest(links, known()), null)
  assert.equal(staysWithinTheRequest({ ...links, stream: 'membership/okta/g2/per_ada' }, known()), null)
  const outside = ['okta/g3/per_ada', 'entra/g1/per_ada', 'okta/g1/per_eve', 'okta/g1/per_ada/x', 'okta/g1']
  for (const place of outside) {
    const code = staysWithinTheRequest({ ...links, stream: `membership/${place}` }, known())?.code
    assert.equal(code, 'outside the request', place)
  }
})

test('a removal leads to the ending of its grant, an addition need not', () => {
  assert.equal(removalLeadsToAnEnding(links, known()), null)
  assert.equal(removalLeadsToAnEnding({ ...links, does: 'remove' }, known({}, true)), null)
  assert.equal(removalLeadsToAnEnding({ ...links, does: 'remove' }, known())?.code, 'no ending')
})

test('a proof agrees with what was intended', () => {
  assert.equal(agreesWithTheIntent(proof, change), null)
  const others: readonly Partial<Proof>[] = [
    { does: 'remove' },
    { grantId: 'gra_2' },
    { requestId: 'req_2' },
    { intendedAt: at(0) },
  ]
  for (const other of others) {
    assert.equal(agreesWithTheIntent({ ...proof, ...other }, change)?.code, 'intent differs')
  }
})

test('a proof leads to an answer, or was found by reading back', () => {
  assert.equal(leadsToAnOutcome(proof, change), null)
  assert.equal(leadsToAnOutcome(proof, { ...change, answers: [] })?.code, 'no outcome')
  assert.equal(leadsToAnOutcome({ ...proof, effect: 'found by read-back' }, { ...change, answers: [] }), null)
})

test('a proof names one of the answers of its change', () => {
  const second = { at: at(4), receipt: 'again' }
  assert.equal(agreesWithTheOutcome(proof, change), null)
  assert.equal(agreesWithTheOutcome(proof, { ...change, answers: [second, ...change.answers] }), null)
  assert.equal(agreesWithTheOutcome(proof, { ...change, answers: [second] })?.code, 'outcome differs')
  const found: Proof = { ...proof, effect: 'found by read-back', answeredAt: null, receipt: null }
  assert.equal(agreesWithTheOutcome(found, { ...change, answers: [] }), null)
  assert.equal(agreesWithTheOutcome({ ...found, receipt: 'made up' }, change)?.code, 'outcome differs')
})

test('what is found by reading back names no answer that is not there', () => {
  const found: Proof = { ...proof, effect: 'found by read-back', answeredAt: at(2), receipt: 'made up' }
  assert.equal(agreesWithTheOutcome(found, { ...change, answers: [] })?.code, 'outcome differs')
})

test('a proof leads to a read-back', () => {
  assert.equal(leadsToAReadBack(proof, change), null)
  assert.equal(leadsToAReadBack({ ...proof, readAt: null }, change)?.code, 'no read-back')
})

test('a read-back is not older than the answer, and without an answer not older than the intent', () => {
  const code = (more: Partial<Proof>) => readBackIsNotOlderThanTheAnswer({ ...proof, ...more }, change)?.code
  assert.equal(code({}), undefined)
  assert.equal(code({ readAt: at(2) }), undefined)
  assert.equal(code({ readAt: at(1) }), 'read before the answer')
  assert.equal(code({ answeredAt: null, readAt: at(1) }), undefined)
  assert.equal(code({ answeredAt: null, readAt: at(0) }), 'read before the answer')
})
