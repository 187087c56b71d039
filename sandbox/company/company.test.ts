import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateCompany } from './company.ts'
import { fitsCondition } from './groups.ts'

const company = generateCompany(1)
const byId = new Map(company.people.map((person) => [person.id, person]))
const nameOf = (personId: string) => byId.get(personId)?.displayName

test('the same seed gives the same bytes', () => {
  assert.equal(JSON.stringify(generateCompany(1)), JSON.stringify(company))
})

test('another seed gives other people and other ids, and the same well-known people and roles', () => {
  const other = generateCompany(2)
  const same = other.people.filter((person, index) => person.displayName === company.people[index]?.displayName)
  assert.ok(same.length < 80, `${same.length} people kept their name`)
  assert.ok(same.some((person) => person.displayName === 'Mara Quill'))
  const ids = new Set(company.people.flatMap((person) => [person.id, person.oktaId, person.jiraAccountId]))
  assert.equal(other.people.filter((person) => ids.has(person.id) || ids.has(person.oktaId)).length, 0)
  assert.deepEqual(
    other.catalog.roles.map((role) => role.name),
    company.catalog.roles.map((role) => role.name),
  )
})

test('group names and ids are unique, and members are people who have not left', () => {
  assert.equal(new Set(company.groups.map((group) => group.id)).size, company.groups.length)
  assert.equal(new Set(company.groups.map((group) => group.name)).size, company.groups.length)
  for (const group of company.groups) {
    const members = group.members.map((member) => member.personId)
    assert.equal(new Set(members).size, members.length, group.name)
    for (const id of members) assert.notEqual(byId.get(id)?.standing ?? 'left', 'left', group.name)
  }
})

test('there are about two thousand memberships, as in a company of this size', () => {
  const count = company.groups.reduce((sum, group) => sum + group.members.length, 0)
  assert.ok(count > 1_800 && count < 3_000, `${count}`)
})

test('a rule of Okta feeds a group with exactly those who fit, and nobody else counts as fed', () => {
  for (const group of company.groups.filter((each) => each.type === 'OKTA_GROUP')) {
    const rules = company.groupRules.filter((rule) => rule.groupId === group.id)
    const fits = company.people
      .filter((person) => person.standing !== 'left' && rules.some((rule) => fitsCondition(person, rule.condition)))
      .map((person) => person.id)
    const fed = group.members.filter((member) => member.source === 'rule').map((member) => member.personId)
    assert.deepEqual(fed, fits, group.name)
  }
})

test('every person has a Jira account, as active as they are', () => {
  const accounts = new Map(company.jiraAccounts.map((account) => [account.accountId, account]))
  assert.equal(accounts.size, company.jiraAccounts.length)
  for (const person of company.people) assert.equal(accounts.get(person.jiraAccountId)?.active, person.active)
})

test('everybody but one has a proven link, which names an account and the person as they are', () => {
  const accounts = new Set(company.jiraAccounts.map((account) => account.accountId))
  assert.equal(new Set(company.links.map((link) => link.jiraAccountId)).size, company.links.length)
  for (const link of company.links) {
    assert.ok(accounts.has(link.jiraAccountId))
    assert.equal(link.nameOnImport, nameOf(link.personId))
  }
  const linked = new Set(company.links.map((link) => link.personId))
  const without = company.people.filter((person) => !linked.has(person.id))
  assert.deepEqual(
    without.map((person) => person.displayName),
    ['Beatriz Nunes'],
  )
})
