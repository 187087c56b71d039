import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flawOf } from '#core/catalog/catalog.ts'
import { generateCompany } from './company.ts'
import { OFFERED_HOURS } from './lengths.ts'

const { catalog, people, groups, otherGroups, claimedGroups, links } = generateCompany(1)
const byId = new Map(people.map((person) => [person.id, person]))
const groupById = new Map(groups.map((group) => [group.id, group]))
const claimed = new Set(claimedGroups.map((group) => group.id))

test('the catalog has twelve applications, and the core finds no flaw in it', () => {
  assert.equal(catalog.apps.length, 12)
  for (const seed of [1, 2, 3]) assert.equal(flawOf(generateCompany(seed).catalog), null)
})

test('every application has roles, and every role says in a sentence what it grants', () => {
  for (const app of catalog.apps)
    assert.ok(
      catalog.roles.some((role) => role.appId === app.id),
      app.name,
    )
  for (const role of catalog.roles) assert.match(role.description, /^[A-Z].{20,}\.$/, role.id)
})

test('owners, security and administrators are people who are here and whose account is proven, so that they can answer', () => {
  const answering = [
    ...catalog.apps.flatMap((app) => app.ownerIds),
    ...catalog.roles.flatMap((role) => role.ownerIds),
    ...catalog.securityIds,
    ...catalog.administratorIds,
  ]
  assert.ok(catalog.apps.every((app) => app.ownerIds.length > 0))
  for (const id of answering) {
    assert.equal(byId.get(id)?.active, true)
    assert.ok(
      links.some((link) => link.personId === id),
      byId.get(id)?.displayName,
    )
  }
})

test('every role maps to groups that can be written, and all but one of them are claimed', () => {
  const mapped = new Set<string>()
  for (const role of catalog.roles) {
    for (const { provider, id } of role.groups) {
      if (provider === 'okta') assert.equal(groupById.get(id)?.type, 'OKTA_GROUP', role.id)
      else assert.equal(otherGroups.find((each) => each.id === id)?.department, undefined, role.id)
      mapped.add(id)
    }
  }
  const unclaimed = [...mapped].filter((id) => !claimed.has(id))
  assert.deepEqual(
    unclaimed.map((id) => groupById.get(id)?.name),
    ['workday-payroll-viewers'],
  )
  assert.deepEqual(
    [...claimed].filter((id) => !mapped.has(id)),
    [],
  )
})

test('some roles map to one group, some to two, one to five, and one to groups of three directories', () => {
  assert.deepEqual([...new Set(catalog.roles.map((role) => role.groups.length))].toSorted(), [1, 2, 3, 5])
  const spans = catalog.roles.map((role) => new Set(role.groups.map((each) => each.provider)).size)
  assert.deepEqual([...new Set(spans)].toSorted(), [1, 3])
})

test('every kind of rule decides about some role', () => {
  const used = catalog.roles.map((role) => catalog.rules.find((rule) => rule.id === role.ruleId))
  assert.deepEqual(
    catalog.rules.filter((rule) => !used.includes(rule)),
    [],
  )
  const kinds = used.flatMap((rule) => rule?.approvers.map((source) => source.kind) ?? [])
  assert.deepEqual([...new Set(kinds)].toSorted(), ['app owner', 'manager', 'named', 'role owner', 'security'])
  assert.ok(used.some((rule) => rule && rule.autoApprove.length > 0))
})

test('a rule that approves by itself names departments and titles that people have', () => {
  const departments = new Set<string>(people.map((person) => person.department))
  const titles = new Set(people.map((person) => person.title))
  const known = catalog.rules.flatMap((rule) => rule.autoApprove)
  for (const each of known) {
    for (const name of each.departments ?? []) assert.ok(departments.has(name), name)
    for (const title of each.titles ?? []) assert.ok(titles.has(title), title)
    assert.ok(
      people.some(
        (person) =>
          (each.departments?.includes(person.department) ?? true) && (each.titles?.includes(person.title) ?? true),
      ),
    )
  }
  assert.ok(known.length > 0)
})

test('all three tiers are there; the privileged may never be held for more than a day', () => {
  assert.deepEqual([...new Set(catalog.roles.map((role) => role.tier))].toSorted(), [
    'privileged',
    'sensitive',
    'standard',
  ])
  for (const { id, tier, durations } of catalog.roles) {
    if (tier !== 'privileged') continue
    assert.equal(durations.noEnd, false, id)
    assert.ok((durations.maximumHours ?? Infinity) <= 24, id)
  }
})

test('every duration of a role is one that the portal offers', () => {
  const offered = new Set<number>(OFFERED_HOURS)
  const used = new Set(catalog.roles.flatMap((role) => role.durations.hours))
  assert.deepEqual(
    [...used].filter((hours) => !offered.has(hours)),
    [],
  )
  assert.deepEqual(
    [...offered].filter((hours) => !used.has(hours)),
    [],
  )
})
