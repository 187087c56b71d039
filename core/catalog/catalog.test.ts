import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import { ADMIN, app, catalog, READERS, role, rule } from './catalog-for-tests.ts'
import { decideCatalog, evolveCatalog, flawOf, fold, NO_CATALOG, type Catalog, type CatalogEvent } from './catalog.ts'

const CATALOG = { none: NO_CATALOG, decide: decideCatalog, evolve: evolveCatalog }

function published(version: number, hash: string): CatalogEvent {
  return { type: 'CatalogPublished', data: { version, hash } }
}

function publish(hash: string, of: Catalog = catalog()) {
  return { kind: 'publish catalog', catalog: of, hash } as const
}

test('a catalog is published as a whole, and each new content is a new version', () => {
  given(CATALOG, [])
    .when(publish('aa'))
    .then([published(1, 'aa')])
  given(CATALOG, [published(1, 'aa')])
    .when(publish('bb'))
    .then([published(2, 'bb')])
  assert.deepEqual(stateAfter(CATALOG, [published(1, 'aa'), published(2, 'bb')]), { version: 2, hash: 'bb' })
})

test('the same content again publishes nothing', () => {
  given(CATALOG, [published(1, 'aa')])
    .when(publish('aa'))
    .thenNothing()
})

test('a catalog with a flaw is refused, even when its hash is the one in force', () => {
  const broken = catalog({ apps: [] })
  const flaw = 'role "Reader" (role_reader) names an app that does not exist: app_ledger'
  given(CATALOG, []).when(publish('aa', broken)).thenRefused('invalid catalog', { flaw })
  given(CATALOG, [published(1, 'aa')])
    .when(publish('aa', broken))
    .thenRefused('invalid catalog', { flaw })
})

test('a sound catalog has no flaw, nor has an empty one', () => {
  assert.equal(flawOf(catalog()), null)
  assert.equal(flawOf(catalog({ apps: [], roles: [], rules: [] })), null)
})

const MANAGER = rule([{ kind: 'manager' }])
const KNOWN = rule([{ kind: 'manager' }], { id: 'rule_known', autoApprove: [{ departments: ['Support'] }] })

const FLAWS: readonly (readonly [string, Partial<Catalog>, string])[] = [
  ['two apps of one id', { apps: [app(), app({ name: 'Other' })] }, 'two apps have the id app_ledger'],
  [
    'a role of a protected group [R118]',
    { protection: { personIds: [], groups: [READERS] } },
    'maps to the protected group 00gReaders',
  ],
  ['two roles of one id', { roles: [role(), role({ name: 'Other' })] }, 'two roles have the id role_reader'],
  ['two rules of one id', { rules: [MANAGER, MANAGER] }, 'two rules have the id rule_manager'],
  ['a role of no app', { roles: [role({ appId: 'app_x' })] }, 'names an app that does not exist: app_x'],
  ['a role of no rule', { roles: [role({ ruleId: 'rule_x' })] }, 'names an approval rule that does not exist: rule_x'],
  [
    'two roles that people read as one',
    { roles: [role(), role({ id: 'role_2', name: ' READER ' })] },
    'has the same name as role role_2 of the same app',
  ],
  ['a role of no group', { roles: [role({ groups: [] })] }, 'maps to no group'],
  ['a role that names a group twice', { roles: [role({ groups: [READERS, { ...READERS }] })] }, '00gReaders twice'],
  [
    'a privileged role without a maximum',
    { roles: [{ ...ADMIN, durations: { ...ADMIN.durations, maximumHours: null } }] },
    'is privileged, and so needs a maximum duration',
  ],
  [
    'a role whose access must end, however late',
    { roles: [role({ durations: { hours: [], maximumHours: null, noEnd: false } })] },
    'lets any duration be asked for but not "no end": give it a maximum or a list of hours',
  ],
  [
    'a privileged role that a rule approves',
    { roles: [{ ...ADMIN, ruleId: KNOWN.id }], rules: [KNOWN] },
    'is privileged, and so may not use rule rule_known, which approves by itself',
  ],
  [
    'a sensitive role that a rule approves',
    { roles: [role({ tier: 'sensitive', ruleId: KNOWN.id })], rules: [KNOWN] },
    'is sensitive, and so may not use rule rule_known, which approves by itself',
  ],
  ['a rule without approvers', { rules: [rule([])] }, 'rule "Manager says yes" (rule_manager) lets nobody approve'],
  ['no time to complete', { completeWithinHours: 0 }, 'completeWithinHours must be above 0'],
  ['a time to complete that is no number', { completeWithinHours: Number.NaN }, 'completeWithinHours must be above 0'],
]

for (const [what, more, words] of FLAWS) {
  test(`a catalog with ${what} is refused, and the flaw is named`, () => {
    const flaw = flawOf(catalog(more))
    assert.ok(flaw?.endsWith(words), String(flaw))
  })
}

test('a privileged role never offers "no end" [R043]', () => {
  const flaw = flawOf(catalog({ roles: [{ ...ADMIN, durations: { ...ADMIN.durations, noEnd: true } }] }))
  assert.equal(flaw, 'role "Admin" (role_admin) is privileged, and so may not offer "no end"')
})

test('an offered duration is a whole number of hours, at least one, at most the maximum [R042]', () => {
  const offering = (hours: number[], maximumHours: number | null): string | null =>
    flawOf(catalog({ roles: [role({ durations: { hours, maximumHours, noEnd: false } })] }))
  assert.equal(offering([1, 6, 24], 24), null)
  assert.equal(offering([1_000_000], null), null)
  for (const bad of [0, -1, 1.5, Number.NaN, 25]) {
    assert.equal(
      offering([1, bad], 24),
      `role "Reader" (role_reader) offers a duration that it does not allow: ${bad} hours`,
    )
  }
})

test('two apps may each have a role of the same name', () => {
  const apps = [app(), app({ id: 'app_2', name: 'Second' })]
  assert.equal(flawOf(catalog({ apps, roles: [role(), role({ id: 'role_2', appId: 'app_2' })] })), null)
})

test('a rule that approves a known role by itself needs no approver', () => {
  const alone = rule([], { autoApprove: [{ titles: ['Agent'] }] })
  assert.equal(flawOf(catalog({ roles: [role()], rules: [alone] })), null)
})

test('names are compared as people read them', () => {
  for (const name of ['Sales Force', ' sales  force ', 'SALES\tFORCE', 'Ｓales Force']) {
    assert.equal(fold(name), 'sales force', name)
  }
  assert.notEqual(fold('Salesforce'), fold('Sales Force'))
})
