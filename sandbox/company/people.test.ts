import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEPARTMENT_NAMES } from './departments.ts'
import { peopleOf, personNamed, type Person } from './people.ts'

const SEEDS = [1, 2, 3, 99, 4_294_967_295]
const people = peopleOf(1)
const byId = new Map(people.map((person) => [person.id, person]))

test('the company has 350 people in eleven departments', () => {
  for (const seed of SEEDS) assert.equal(peopleOf(seed).length, 350)
  assert.deepEqual([...new Set(people.map((person) => person.department))], [...DEPARTMENT_NAMES])
})

test('no two people share an id, an account, a login or an address', () => {
  for (const seed of SEEDS) {
    const all = peopleOf(seed)
    for (const field of ['id', 'oktaId', 'jiraAccountId', 'login', 'email'] as const) {
      assert.equal(new Set(all.map((person) => person[field])).size, 350, `${field} of seed ${seed}`)
    }
  }
})

test('every login is plain letters at a domain that reaches nobody', () => {
  for (const person of SEEDS.flatMap(peopleOf)) assert.match(person.login, /^[a-z]+\.[a-z]+2?@halden\.example$/)
})

test('ids have the shapes that the vendors give them', () => {
  for (const person of people) {
    assert.match(person.id, /^per_[2-9a-hjkmnp-z]{12}$/)
    assert.match(person.oktaId, /^00u[A-Za-z0-9]{17}$/)
    assert.match(person.jiraAccountId, /^712020:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

test('the chief executive alone has no manager, and every line of managers leads there', () => {
  const top = people.filter((person) => person.managerId === null)
  assert.deepEqual(
    top.map((person) => person.title),
    ['Chief Executive Officer'],
  )
  for (const person of people) {
    const line = new Set<string>()
    let current: Person | undefined = person
    while (current && current.managerId !== null) {
      assert.ok(!line.has(current.id), `${person.displayName} reports in a circle`)
      line.add(current.id)
      current = byId.get(current.managerId)
    }
    assert.equal(current, top[0], `${person.displayName} reports to nobody who exists`)
    assert.ok(line.size <= 5, `${person.displayName} is ${line.size} levels down`)
  }
})

test('a manager is of the same department, or is the chief executive', () => {
  for (const person of people) {
    const manager = person.managerId === null ? undefined : byId.get(person.managerId)
    if (manager) assert.ok([person.department, 'Executive'].includes(manager.department), person.displayName)
  }
})

test('a few people are suspended or have left, and of the managers only the one of the story', () => {
  for (const seed of SEEDS) {
    const all = peopleOf(seed)
    const count = (standing: Person['standing']) => all.filter((person) => person.standing === standing).length
    assert.deepEqual([count('active'), count('suspended'), count('left')], [337, 4, 9])
    const managers = new Set(all.map((person) => person.managerId))
    const gone = all.filter((person) => !person.active && managers.has(person.id))
    assert.deepEqual(
      gone.map((person) => person.displayName),
      ['Conrad Fisk'],
    )
  }
})

test('contractors work in several departments', () => {
  const contractors = people.filter((person) => person.employeeType === 'contractor')
  assert.equal(contractors.length, 22)
  assert.ok(new Set(contractors.map((person) => person.department)).size >= 6)
  for (const person of contractors) assert.match(person.title, /^Contract /)
})

test('two people share one name only where the story says so', () => {
  for (const seed of SEEDS) {
    const names = peopleOf(seed).map((person) => person.displayName)
    const doubled = names.filter((name, index) => names.indexOf(name) !== index)
    assert.deepEqual(doubled, ['Anna Kowalska'])
  }
})

test('a name that two people share, or nobody has, finds nobody', () => {
  assert.throws(() => personNamed(people, 'Anna Kowalska'), /2 people/)
  assert.throws(() => personNamed(people, 'No Body'), /0 people/)
  assert.equal(personNamed(people, 'Anna Kowalska', 'Content Writer').department, 'Marketing')
})
