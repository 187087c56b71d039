import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { app, catalog, role } from '../catalog/catalog-for-tests.ts'
import type { Catalog, Durations, Role } from '../catalog/catalog.ts'
import type { Refusal, RefusalCode } from '../event.ts'
import { LONGEST_REASON_CHARACTERS, readAsk, type Ask, type AskForm } from './read-ask.ts'

const FORM: AskForm = { app: 'Ledger', role: 'Reader', duration: '6 hours', reason: 'Closing the quarter' }

function understood(form: Partial<AskForm>, of: Catalog = catalog()): Ask {
  const read = readAsk({ ...FORM, ...form }, of)
  if (read.kind === 'refused') assert.fail(JSON.stringify(read.refusal))
  return read.ask
}

function refusedWith(code: RefusalCode, form: Partial<AskForm>, of: Catalog = catalog()): Refusal['detail'] {
  const read = readAsk({ ...FORM, ...form }, of)
  if (read.kind === 'ask') assert.fail(`understood: ${JSON.stringify(form)}`)
  assert.equal(read.refusal.code, code)
  return read.refusal.detail
}

function offering(durations: Partial<Durations>, more: Partial<Role> = {}): Catalog {
  return catalog({
    roles: [role({ ...more, durations: { hours: [], maximumHours: null, noEnd: false, ...durations } })],
  })
}

test('app and role are found by name, as people write it, or by id [R001]', () => {
  for (const name of ['Ledger', ' ledger ', 'LEDGER', 'app_ledger'])
    assert.equal(understood({ app: name }).app.id, 'app_ledger')
  for (const name of ['Reader', 'reader ', 'role_reader'])
    assert.equal(understood({ role: name }).role.id, 'role_reader')
  assert.deepEqual(understood({ reason: '  Closing the quarter\n' }), {
    app: app(),
    role: role(),
    hours: 6,
    windowBecause: 'short need',
    reason: 'Closing the quarter',
  })
})

test('an app that does not exist is refused, and so is one that two answer to', () => {
  assert.deepEqual(refusedWith('unknown app', { app: 'Lodger' }), {})
  refusedWith('unknown app', { app: '' })
  refusedWith('unknown app', {}, catalog({ apps: [app(), app({ id: 'app_2' })] }))
  refusedWith('unknown app', { app: 'app_2' }, catalog({ apps: [app({ name: 'APP_2' }), app({ id: 'app_2' })] }))
})

test('a role that does not exist, or that two answer to, is refused', () => {
  assert.deepEqual(refusedWith('unknown role', { role: 'Owner' }), { app: 'Ledger' })
  const namedLikeAnId = [role(), role({ id: 'reader', name: 'Writer' })]
  refusedWith('unknown role', { role: 'reader' }, catalog({ roles: namedLikeAnId }))
})

test('a role of another app is refused as that, and the one of this app is taken where both have one', () => {
  const apps = [app(), app({ id: 'app_2', name: 'Second' })]
  const other = role({ id: 'role_2', appId: 'app_2' })
  const detail = refusedWith('role is of another app', { app: 'Ledger' }, catalog({ apps, roles: [other] }))
  assert.deepEqual(detail, { app: 'Ledger' })
  assert.equal(understood({ app: 'Second' }, catalog({ apps, roles: [role(), other] })).role.id, 'role_2')
})

test('an ask without a duration is refused, and never taken as no end [R004, R043]', () => {
  assert.deepEqual(refusedWith('duration missing', { duration: ' ' }), { role: 'Reader' })
  refusedWith('duration missing', { role: 'Admin', duration: '' })
  assert.deepEqual(refusedWith('duration not understood', { duration: 'a while' }), {})
})

test('a privileged role cannot be asked for without an end, even if the catalog says so [R043]', () => {
  assert.deepEqual(refusedWith('no end not allowed', { role: 'Admin', duration: 'No end' }), { role: 'Admin' })
  refusedWith('no end not allowed', { duration: 'No end' }, offering({ noEnd: true }, { tier: 'privileged' }))
})

test('no end can be chosen only where the role allows it', () => {
  refusedWith('no end not allowed', { duration: 'No end' }, offering({ noEnd: false }))
  for (const tier of ['standard', 'sensitive'] as const) {
    const ask = understood({ duration: 'No end' }, offering({ noEnd: true, maximumHours: 6 }, { tier }))
    assert.deepEqual([ask.hours, ask.windowBecause], [null, 'asked for no end'])
  }
})

test('a duration above the maximum of the role is refused, one at the maximum is not [R042]', () => {
  assert.equal(understood({ duration: '24' }, offering({ maximumHours: 24 })).hours, 24)
  assert.deepEqual(refusedWith('duration above maximum', { duration: '25' }, offering({ maximumHours: 24 })), {
    hours: '25',
    maximum: '24',
  })
  refusedWith('duration above maximum', { duration: '99999 weeks' }, offering({ maximumHours: 24 }))
  refusedWith('duration above maximum', { duration: '25' }, offering({ hours: [1, 24], maximumHours: 24 }))
})

test('a duration that the role does not offer is refused; without a list any whole hour is taken [R041]', () => {
  const listed = offering({ hours: [1, 6, 24], maximumHours: 24 })
  for (const duration of ['1', '6 h', '1 day']) understood({ duration }, listed)
  assert.deepEqual(refusedWith('duration not offered', { duration: '7' }, listed), { hours: '7', offered: '1, 6, 24' })
  assert.equal(understood({ duration: '7' }, offering({ maximumHours: 24 })).hours, 7)
})

test('a need shorter than the threshold becomes a window even where the role allows standing access; the threshold is data [N19]', () => {
  const because = (duration: string, shortNeedHours: number): string =>
    understood({ duration }, catalog({ shortNeedHours })).windowBecause
  assert.equal(because('167', 168), 'short need')
  assert.equal(because('7 days', 168), 'asked for an end')
  assert.equal(because('24', 24), 'asked for an end')
  assert.equal(because('23', 24), 'short need')
  assert.equal(because('1', 0), 'asked for an end')
  assert.equal(because('No end', 168), 'asked for no end')
  assert.equal(understood({ duration: '6' }).hours, 6)
})

test('a thousand years are a window like any other where there is no maximum, with an end', () => {
  const ask = understood({ duration: '52143 weeks' }, offering({}))
  assert.deepEqual([ask.hours, ask.windowBecause], [8_760_024, 'asked for an end'])
})

test('an empty reason is refused, and so is one that no reader can see [R004]', () => {
  for (const reason of ['', '   ', '\n\t', '\u00a0', '\u200b\u200b', '\ufeff', '\u3164', '\u2800', '\u00ad \u200d']) {
    refusedWith('reason missing', { reason })
  }
  for (const reason of ['.', 'x', '為', '🚑', ' \u200bwhy']) understood({ reason })
})

test('a reason of 32 KB is refused, with how long it may be; the longest is taken', () => {
  assert.deepEqual(refusedWith('reason too long', { reason: 'x'.repeat(32_768) }), {
    characters: '32768',
    most: '4000',
  })
  refusedWith('reason too long', { reason: 'x'.repeat(LONGEST_REASON_CHARACTERS + 1) })
  understood({ reason: `  ${'x'.repeat(LONGEST_REASON_CHARACTERS)}  ` })
})

// In lines by kind: controls, what turns the direction, halves of characters.
// prettier-ignore
const HIDDEN = [
  '\u0000', '\u0007', '\u0008', '\u000b', '\u000c', '\u000e', '\u001b[31m', '\u001f', '\u007f', '\u0085', '\u009b',
  '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069',
  '\ud800', '\udc00', '\ude80\ud83d',
]

test('control characters, overrides of the direction and halves of characters in a reason are refused', () => {
  for (const hidden of HIDDEN) {
    refusedWith('reason has control characters', { reason: `please ${hidden} read` })
    refusedWith('reason has control characters', { reason: `(${hidden})` })
  }
})

test('line breaks, tabs, other scripts and hostile but visible text are a reason like any other', () => {
  const visible = [
    'one\ntwo\r\nthree\tfour',
    'סגירת רבעון',
    '四半期',
    '🚀',
    '<script>alert(1)</script>',
    "'; DROP TABLE event",
    '=1+1',
  ]
  for (const reason of visible) assert.equal(understood({ reason }).reason, reason)
})

test('the first flaw in the order of the form is named', () => {
  const wrong = { app: 'x', role: 'x', duration: 'x', reason: '' }
  refusedWith('unknown app', wrong)
  refusedWith('unknown role', { ...wrong, app: 'Ledger' })
  refusedWith('duration not understood', { ...wrong, app: 'Ledger', role: 'Reader' })
  refusedWith('reason missing', { ...wrong, app: 'Ledger', role: 'Reader', duration: '6' })
})

test('a refusal repeats nothing of what a person wrote: it is kept for ever, and their words can be erased', () => {
  const mine = 'my number is 555 0100'
  const forms = [{ app: mine }, { role: mine }, { duration: mine }, { app: 'Ledger', role: mine }]
  for (const form of forms) {
    const reading = readAsk({ app: 'Ledger', role: 'Reader', duration: '6', reason: 'Closing', ...form }, catalog())
    assert.ok(reading.kind === 'refused' && !JSON.stringify(reading.refusal).includes('555'), JSON.stringify(reading))
  }
})

test('whatever is written into the form, it is refused in short words, or an ask that the catalog allows', () => {
  const text = (known: string[]) => fc.oneof(fc.constantFrom(...known), fc.string({ unit: 'binary', maxLength: 300 }))
  const form = fc.record({
    app: text(['Ledger', 'app_ledger']),
    role: text(['Reader', 'Admin', 'role_admin']),
    duration: text(['1', '6 hours', '24', '25', 'No end', '0']),
    reason: text(['Closing the quarter', '', '\u202e']),
  })
  fc.assert(
    fc.property(form, (written) => {
      const read = readAsk(written, catalog())
      if (read.kind === 'refused') {
        const said = Object.values(read.refusal.detail)
        return said.every((each) => each.length <= 80 && each.isWellFormed())
      }
      const { hours, role } = read.ask
      assert.ok(role.tier !== 'privileged' || (hours !== null && role.durations.hours.includes(hours)))
      assert.ok(read.ask.reason !== '' && read.ask.reason.isWellFormed())
      return true
    }),
    { numRuns: 500 },
  )
})
