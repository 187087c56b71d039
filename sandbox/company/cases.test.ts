import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AssessmentFacts, Person as PersonFacts } from '#core/approval-rule/assess.ts'
import { readAsk } from '#core/request/read-ask.ts'
import { decideRequest, NO_REQUEST, type GroupFacts, type RequestEvent } from '#core/request/request.ts'
import type { CaseAsk } from './cases.ts'
import { generateCompany, type Company } from './company.ts'
import { durationOptionOf } from './lengths.ts'

const company = generateCompany(1)
const { cases, catalog, people } = company
const person = (id: string) => {
  const found = people.find((each) => each.id === id)
  assert.ok(found, id)
  return found
}
const role = (id: string) => catalog.roles.find((each) => each.id === id)
const holding = (personId: string, groupId: string) =>
  company.groups.find((group) => group.id === groupId)?.members.find((member) => member.personId === personId)

/** Every ask of every case, found by its shape so that no new case can be forgotten here. */
function asksOf(of: Company): readonly CaseAsk[] {
  return Object.values(of.cases)
    .flat()
    .filter((each): each is CaseAsk => typeof each === 'object' && 'roleId' in each)
}

/** What the core says to an ask, from nothing but the company. */
function answerOf(of: Company, ask: CaseAsk): readonly RequestEvent[] {
  const app = of.catalog.apps.find((each) => each.id === ask.appId)
  const wanted = of.catalog.roles.find((each) => each.id === ask.roleId)
  assert.ok(app && wanted)
  const form = { app: app.name, role: wanted.name, duration: durationOptionOf(ask.hours), reason: ask.reason }
  const read = readAsk(form, of.catalog)
  assert.ok(read.kind === 'ask', JSON.stringify(read))
  const rule = of.catalog.rules.find((each) => each.id === wanted.ruleId)
  assert.ok(rule)

  const personFacts = (id: string): PersonFacts | undefined => {
    const found = of.people.find((each) => each.id === id)
    return found && { ...found, provenAccount: of.links.some((link) => link.personId === id) }
  }
  const beneficiary = personFacts(ask.personId)
  assert.ok(beneficiary)
  const holdings = wanted.groups.map((ref): GroupFacts => {
    const group = of.groups.find((each) => each.id === ref.id)
    const held = group?.members.find((member) => member.personId === ask.personId)
    return {
      group: ref,
      name: group?.name ?? ref.id,
      claimed: of.claimedGroups.some((each) => each.id === ref.id),
      heldBy: held ? (held.source === 'rule' ? 'rule' : 'another hand') : null,
    }
  })
  const facts: AssessmentFacts = {
    requesterId: ask.personId,
    beneficiary,
    isProtected: false,
    app,
    role: wanted,
    securityIds: of.catalog.securityIds,
    person: personFacts,
  }
  const issue = { desk: 'jira', id: '10001', key: 'ACC-1' }
  const seen = { approvalIds: [], lastChangeId: null }
  const submitted = { ...facts, rule, ruleVersion: 1, catalogVersion: 1, issue, seen, holdings, already: null }
  const decision = decideRequest({ kind: 'submit', ask: read.ask, form, askHash: 'hash', facts: submitted }, NO_REQUEST)
  assert.ok(decision.kind === 'accepted')
  return decision.events
}

/** The answer of the core, in the words of a case. */
function thenOf(events: readonly RequestEvent[]): CaseAsk['then'] {
  const last = events.at(-1)
  if (last?.type === 'RequestApproved') return { kind: 'approved by rule' }
  if (last?.type === 'RequestRefused') return { kind: 'refused', code: last.data.code }
  assert.ok(last?.type === 'RequestSubmitted')
  return {
    kind: 'answered by',
    personIds: last.data.findings.flatMap((finding) =>
      finding.state === 'waiting' ? finding.on.map((candidate) => candidate.personId) : [],
    ),
  }
}

for (const ask of asksOf(company)) {
  test(`${person(ask.personId).displayName} asks for ${ask.roleId}, and the rules say what the case says`, () => {
    assert.deepEqual(thenOf(answerOf(company, ask)), ask.then)
  })
}

test('the cases are as true in the companies of other seeds', () => {
  for (const other of [2, 3, 99].map(generateCompany)) {
    assert.equal(asksOf(other).length, asksOf(company).length)
    for (const ask of asksOf(other)) assert.deepEqual(thenOf(answerOf(other, ask)), ask.then, ask.roleId)
  }
})

test('whoever asks is active, has a proven link, and holds no group of the role unless the case says so', () => {
  const holds = [cases.heldByAnotherHand, cases.heldByRule, cases.heldInUnclaimedGroup].map((each) => each.personId)
  for (const ask of asksOf(company)) {
    assert.ok(person(ask.personId).active)
    assert.ok(company.links.some((link) => link.personId === ask.personId))
    for (const group of role(ask.roleId)?.groups ?? []) {
      if (!holds.includes(ask.personId)) assert.equal(holding(ask.personId, group.id), undefined, ask.roleId)
    }
  }
})

test('six new hires in Sales get Salesforce by the rule for their known role', () => {
  assert.equal(new Set(cases.newHires.map((ask) => ask.personId)).size, 6)
  for (const ask of cases.newHires) {
    assert.equal(person(ask.personId).department, 'Sales')
    assert.deepEqual([ask.appId, ask.then.kind], ['salesforce', 'approved by rule'])
  }
})

test('a contractor asks for NetSuite read access with an end, and the owner of the app answers', () => {
  const ask = cases.contractorReadsNetSuite
  assert.equal(person(ask.personId).employeeType, 'contractor')
  assert.equal(role(ask.roleId)?.name, 'Read only')
  assert.equal(role(ask.roleId)?.durations.noEnd, false)
  assert.equal(ask.hours, 720)
  assert.deepEqual(ask.then, {
    kind: 'answered by',
    personIds: catalog.apps.find((app) => app.id === 'netsuite')?.ownerIds,
  })
})

test('an engineer asks for six hours of the production database, and Security answers', () => {
  const ask = cases.engineerOperatesProduction
  assert.equal(person(ask.personId).department, 'Engineering')
  assert.equal(ask.hours, 6)
  assert.equal(role(ask.roleId)?.tier, 'privileged')
  assert.deepEqual(role(ask.roleId)?.durations, { hours: [1, 6, 24], maximumHours: 24, noEnd: false })
  assert.deepEqual(ask.then, { kind: 'answered by', personIds: catalog.securityIds })
})

test('a support representative asks for five apps', () => {
  assert.equal(new Set(cases.supportRepFiveApps.map((ask) => ask.appId)).size, 5)
  assert.deepEqual(
    [...new Set(cases.supportRepFiveApps.map((ask) => person(ask.personId).title))],
    ['Support Representative'],
  )
})

test('one role has five groups, and one of them belongs to another role that the same person asks for', () => {
  const [five, second] = [cases.roleOfFiveGroups, cases.secondWindowOnOneGroup]
  assert.equal(five.personId, second.personId)
  const groups = (roleId: string) => role(roleId)?.groups.map((group) => group.id) ?? []
  assert.equal(groups(five.roleId).length, 5)
  assert.ok(groups(five.roleId).includes(second.groupId) && groups(second.roleId).includes(second.groupId))
})

test('one person is in a claimed group by another hand, one by a rule, one in a group that nobody claimed', () => {
  const claimed = (groupId: string) => company.claimedGroups.some((group) => group.id === groupId)
  const { heldByAnotherHand, heldByRule, heldInUnclaimedGroup, unclaimedGroup } = cases
  assert.equal(holding(heldByAnotherHand.personId, heldByAnotherHand.groupId)?.source, 'direct')
  assert.ok(claimed(heldByAnotherHand.groupId))
  assert.equal(holding(heldByRule.personId, heldByRule.groupId)?.source, 'rule')
  const feeding = company.groupRules.find((rule) => rule.id === heldByRule.groupRuleId)
  assert.equal(feeding?.groupId, heldByRule.groupId)
  assert.equal(holding(heldInUnclaimedGroup.personId, heldInUnclaimedGroup.groupId)?.source, 'direct')
  assert.equal(heldInUnclaimedGroup.groupId, unclaimedGroup.groupId)
  assert.ok(!claimed(unclaimedGroup.groupId))
})

test('an application feeds one group and Okta itself another; no role maps to either', () => {
  const type = (groupId: string) => company.groups.find((group) => group.id === groupId)?.type
  assert.equal(type(cases.appGroup.groupId), 'APP_GROUP')
  assert.equal(type(cases.everyoneGroup.groupId), 'BUILT_IN')
  const everyone = company.groups.find((group) => group.id === cases.everyoneGroup.groupId)
  assert.equal(everyone?.members.length, people.filter((each) => each.standing !== 'left').length)
})

test('two owners ask for their own app: one is answered by another, one by nobody', () => {
  for (const ask of [cases.ownerAsksForOwnApp, cases.onlyOwnerCouldApprove]) {
    assert.deepEqual(catalog.apps.find((app) => app.id === ask.appId)?.ownerIds, [ask.personId])
  }
})

test('the owner of Jira has two accounts, both linked to the one person', () => {
  const { jiraAccountIds, personId, appId } = cases.ownerWithTwoAccounts
  const links = company.links.filter((link) => link.personId === personId)
  assert.deepEqual(links.map((link) => link.jiraAccountId).toSorted(), [...jiraAccountIds].toSorted())
  assert.deepEqual(catalog.apps.find((app) => app.id === appId)?.ownerIds, [personId])
})

test('one account of the site is nobody in the directory', () => {
  const account = company.jiraAccounts.find((each) => each.accountId === cases.strangerAccount.jiraAccountId)
  assert.ok(account?.active)
  assert.ok(!company.links.some((link) => link.jiraAccountId === account.accountId))
  assert.ok(!people.some((each) => each.email === account.email || each.displayName === account.displayName))
})

test('one approver has an account with the same address and no proven link', () => {
  const approver = person(cases.approverWithoutLink.approverId)
  const account = company.jiraAccounts.find((each) => each.accountId === approver.jiraAccountId)
  assert.deepEqual([account?.email, account?.emailHidden], [approver.email, false])
  assert.ok(!company.links.some((link) => link.personId === approver.id))
  const rule = catalog.rules.find((each) => each.id === role(cases.approverWithoutLink.roleId)?.ruleId)
  assert.deepEqual(rule?.approvers, [{ kind: 'named', people: [approver.id] }])
})

test('one manager has left, and their report still names them', () => {
  const { personId, managerId } = cases.managerHasLeft
  assert.equal(person(personId).managerId, managerId)
  assert.equal(person(managerId).standing, 'left')
})

test('two people share a name and nothing else', () => {
  const [one, other] = cases.namesakes.map(person)
  assert.equal(one?.displayName, other?.displayName)
  assert.notEqual(one?.id, other?.id)
  assert.notEqual(one?.login, other?.login)
  assert.notEqual(one?.department, other?.department)
})
