import assert from 'node:assert/strict'
import { test } from 'node:test'
import { app, role, rule } from '../catalog/catalog-for-tests.ts'
import type { ApproverSource, KnownRole } from './approval-rule.ts'
import { assess, type AssessmentFacts, type Finding, type PassedOver, type Person } from './assess.ts'
import { assessmentFacts, MARA, person } from './people-for-tests.ts'

type Facts = Partial<AssessmentFacts>

/** The people whom a finding waits for, with their capacities, in one line. */
function waitingOn(finding: Finding): string {
  if (finding.state !== 'waiting') return finding.state
  return finding.on.map((each) => `${each.personId} as ${each.as.join(' and ')}`).join(', ')
}

function passedOver(finding: Finding): readonly string[] {
  const over = 'passedOver' in finding ? finding.passedOver : []
  return over.map((each) => `${each.as} ${each.personId ?? 'nobody'}: ${each.because}`)
}

const SOURCES: readonly (readonly [ApproverSource, string])[] = [
  [{ kind: 'manager' }, 'per_max as manager'],
  [{ kind: 'app owner' }, 'per_olga as app owner'],
  [{ kind: 'role owner' }, 'per_rolf as role owner'],
  [{ kind: 'named', people: ['per_nia', 'per_max'] }, 'per_nia as named, per_max as named'],
  [{ kind: 'security' }, 'per_sami as security'],
]

test('the manager, the app owner, the role owner, a named person and security are asked [R014, R015, R016]', () => {
  for (const [source, expected] of SOURCES) assert.equal(waitingOn(assess(rule([source]), assessmentFacts())), expected)
})

test('whoever any source names may answer, one person in several capacities once', () => {
  const all = rule(SOURCES.map(([source]) => source))
  const facts = assessmentFacts({ app: app({ ownerIds: ['per_max', 'per_olga'] }) })
  assert.equal(
    waitingOn(assess(all, facts)),
    'per_max as manager and app owner and named, per_olga as app owner, per_rolf as role owner, per_nia as named, per_sami as security',
  )
  assert.deepEqual(passedOver(assess(all, facts)), [])
})

test('the manager of whoever gets the access is asked, not of whoever asked for it', () => {
  const facts = assessmentFacts({ requesterId: 'per_stranger' }, [person('per_stranger', { managerId: 'per_nia' })])
  assert.equal(waitingOn(assess(rule([{ kind: 'manager' }]), facts)), 'per_max as manager')
})

const CANNOT: readonly (readonly [string, ApproverSource, Facts, readonly Person[], string])[] = [
  [
    'there is no manager',
    { kind: 'manager' },
    { beneficiary: { ...MARA, managerId: null } },
    [],
    'manager nobody: nobody named',
  ],
  ['the app has no owner', { kind: 'app owner' }, { app: app({ ownerIds: [] }) }, [], 'app owner nobody: nobody named'],
  [
    'the role has no owner',
    { kind: 'role owner' },
    { role: role({ ownerIds: [] }) },
    [],
    'role owner nobody: nobody named',
  ],
  ['the rule names nobody', { kind: 'named', people: [] }, {}, [], 'named nobody: nobody named'],
  ['there is no security', { kind: 'security' }, { securityIds: [] }, [], 'security nobody: nobody named'],
  ['the manager left', { kind: 'manager' }, {}, [person('per_max', { active: false })], 'manager per_max: not active'],
  [
    'the manager is in no directory',
    { kind: 'manager' },
    { person: () => undefined },
    [],
    'manager per_max: not active',
  ],
  [
    'the account is not proven',
    { kind: 'manager' },
    {},
    [person('per_max', { provenAccount: false })],
    'manager per_max: account not proven',
  ],
  [
    'the owner asks for themselves',
    { kind: 'app owner' },
    { app: app({ ownerIds: [MARA.id] }) },
    [],
    'app owner per_mara: own request',
  ],
]

test('where nobody can answer, the finding says why for each who was looked for [R024]', () => {
  for (const [what, source, facts, people, why] of CANNOT) {
    const finding = assess(rule([source]), assessmentFacts(facts, people))
    assert.equal(finding.state, 'nobody can', what)
    assert.deepEqual(passedOver(finding), [why], what)
  }
})

test('somebody who cannot answer is passed over in words, and the others are asked [R024]', () => {
  for (const [what, source, facts, people, why] of CANNOT) {
    const finding = assess(rule([source, { kind: 'named', people: ['per_nia'] }]), assessmentFacts(facts, people))
    const nia = 'per_nia as named'
    if (facts.person) assert.equal(finding.state, 'nobody can', what)
    else assert.deepEqual([waitingOn(finding), passedOver(finding)], [nia, [why]], what)
  }
})

test('neither requester nor beneficiary is ever asked, in whatever capacity [R020, I15]', () => {
  const both = ['per_boss', MARA.id]
  const facts = assessmentFacts(
    {
      requesterId: 'per_boss',
      beneficiary: { ...MARA, managerId: 'per_boss' },
      app: app({ ownerIds: both }),
      role: role({ ownerIds: both }),
      securityIds: both,
    },
    [person('per_boss')],
  )
  const everySource = SOURCES.map(([source]) => (source.kind === 'named' ? { ...source, people: both } : source))
  const finding = assess(rule(everySource), facts)
  assert.equal(finding.state, 'nobody can')
  const reasons = new Set<PassedOver['because']>(finding.passedOver.map((each) => each.because))
  assert.deepEqual([...reasons], ['own request'])
  assert.equal(finding.passedOver.length, 9)
})

const SUPPORT_AGENT: KnownRole = { departments: ['Support'], titles: ['Agent', 'Lead'] }

const KNOWN: readonly (readonly [string, readonly KnownRole[], Partial<Person>, string | null])[] = [
  ['a department', [{ departments: ['Support', 'Sales'] }], {}, 'known role: department Support or Sales'],
  ['a title', [{ titles: ['Agent'] }], {}, 'known role: title Agent'],
  ['both', [SUPPORT_AGENT], {}, 'known role: department Support, title Agent or Lead'],
  ['the second entry', [{ titles: ['CFO'] }, { departments: ['Support'] }], {}, 'known role: department Support'],
  ['another department', [SUPPORT_AGENT], { department: 'Sales' }, null],
  ['another title', [SUPPORT_AGENT], { title: 'CFO' }, null],
  ['a department in other letters', [{ departments: ['support'] }], {}, null],
  ['an entry without a list, which approves nobody', [{}], {}, null],
  ['an empty list, which holds nobody', [{ departments: [] }], {}, null],
  ['an empty list beside one that fits', [{ departments: ['Support'], titles: [] }], {}, null],
  ['no entry at all', [], {}, null],
]

test('a known role is approved by the rule, and the finding says which; anybody else waits [R021]', () => {
  for (const [what, autoApprove, more, because] of KNOWN) {
    const facts = assessmentFacts({ beneficiary: { ...MARA, ...more } })
    const finding = assess(rule([{ kind: 'manager' }], { autoApprove }), facts)
    if (because === null) assert.equal(waitingOn(finding), 'per_max as manager', what)
    else assert.deepEqual(finding, { state: 'satisfied', by: 'rule', because }, what)
  }
})

test('a known role of the requester helps nobody else', () => {
  const facts = assessmentFacts({ requesterId: 'per_stranger', beneficiary: { ...MARA, department: 'Sales' } })
  const finding = assess(rule([{ kind: 'manager' }], { autoApprove: [{ departments: ['Support'] }] }), facts)
  assert.equal(waitingOn(finding), 'per_max as manager')
})

test('no rule approves a sensitive or privileged role by itself, whatever it says [R021]', () => {
  const auto = rule([{ kind: 'manager' }], { autoApprove: [SUPPORT_AGENT] })
  for (const tier of ['sensitive', 'privileged'] as const) {
    const finding = assess(auto, assessmentFacts({ role: role({ tier }) }))
    assert.equal(waitingOn(finding), 'per_max as manager', tier)
  }
})

test('the approver depends on who asks: a contractor of no known role waits, an employee does not [R017, R021]', () => {
  const auto = rule([{ kind: 'app owner' }], { autoApprove: [{ titles: ['Agent'] }] })
  assert.equal(assess(auto, assessmentFacts()).state, 'satisfied')
  const contractor = assessmentFacts({ beneficiary: { ...MARA, title: 'Contractor' } })
  assert.equal(waitingOn(assess(auto, contractor)), 'per_olga as app owner')
})
