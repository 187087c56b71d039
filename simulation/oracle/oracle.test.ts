import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { HOUR_MS } from '#core/instant.ts'
import { groupIdOf } from '../company.ts'
import { oracleOf } from './oracle.ts'
import {
  at,
  change,
  DBA_ASKED,
  DBA_BEGAN,
  DBA_ENDS,
  DBA_SAID,
  dbaForAnHour,
  instant,
  momentTold,
  read,
  runOf,
  ticketOf,
  type OnTicket,
} from './run-for-tests.ts'
import type { Window } from './windows.ts'

function windowsOf(otherwise: Parameters<typeof dbaForAnHour>[0] = {}): readonly Window[] {
  return oracleOf(dbaForAnHour(otherwise)).windows
}

function onlyWindow(otherwise: Parameters<typeof dbaForAnHour>[0] = {}): Window {
  const [window, ...more] = windowsOf(otherwise)
  assert.ok(window)
  assert.equal(more.length, 0)
  return window
}

test('no file of the oracle reads what the product holds', () => {
  const folder = import.meta.dirname
  const files = readdirSync(folder).filter((each) => each.endsWith('.ts') && !each.endsWith('.test.ts'))
  assert.ok(files.length > 10)
  for (const file of files) {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    const imports = [...text.matchAll(/from '([^']+)'/g)].map((each) => each[1] ?? '')
    const foreign = imports.filter(
      (each) =>
        !/^(\.\/|\.\.\/(company|schedule\/|world\/)|#connectors\/[a-z]+\/stand-in\/|#sandbox\/|#core\/(instant|catalog\/catalog)\.ts$)/.test(
          each,
        ),
    )
    assert.deepEqual(foreign, [], `${file} imports what the outside does not know`)
    // The history of a run holds commits, too: they are what the product wrote.
    assert.doesNotMatch(text, /\.product\b|facts\.|\bcommits\b|#engine|MembershipState|GrantState/, file)
  }
})

test('a window may be given from the approval, begins when it was read back, and ends so many hours later, to the millisecond', () => {
  const { from, to, held, groups, misfit, revokedAt } = onlyWindow()
  assert.equal(from, instant(at(11)))
  assert.equal(to, instant(DBA_ENDS))
  assert.deepEqual(held, { from: instant(at(11, 1)), liveFrom: instant(DBA_BEGAN), until: instant(DBA_ENDS) })
  assert.deepEqual(groups, [groupIdOf('database')])
  assert.equal(misfit, false)
  assert.equal(revokedAt, null)
})

test('in the calm what a window gave must be gone a second after its end', () => {
  assert.equal(onlyWindow().goneBy, instant(DBA_ENDS) + 1_000)
})

test('an end that is told and fits no read of ours is found out', () => {
  const said = (ends: number): readonly (readonly [number, string])[] => [
    [at(11, 4), `The access is live: PRODUCTION, dba. It ends by itself at ${momentTold(ends)}.`],
  ]
  assert.equal(onlyWindow({ ticket: { said: said(DBA_ENDS + 30 * 60_000) } }).misfit, true)
  assert.equal(
    onlyWindow({ ticket: { said: [[at(11, 4), 'The access is live: PRODUCTION, dba. It has no end: it stays.']] } })
      .misfit,
    true,
  )
  // A read from before the group was there shows nothing.
  assert.equal(onlyWindow({ calls: [read('Ada', at(11, 1))] }).misfit, true)
})

test('nobody but whom the rule asks can agree, and nobody to their own', () => {
  const by = (who: string) => ({ ticket: { asked: { at: at(10, 1), of: [who], yes: [who, at(11)] } } as const })
  assert.equal(windowsOf(by('Otto')).length, 1)
  assert.equal(windowsOf(by('Boss')).length, 0)
  assert.equal(windowsOf(by('Ada')).length, 0)
  // Otto is of security himself, and asks.
  assert.equal(
    windowsOf({ ticket: { who: 'Otto', asked: { at: at(10, 1), of: ['Otto'], yes: ['Otto', at(11)] } } }).length,
    0,
  )
})

test('an edit while the question was open voids it; one before is what was asked, and one after changes nothing', () => {
  const edited = (when: number): readonly Window[] =>
    windowsOf({ ticket: { edits: [{ at: when, role: 'operator' }], asked: { ...DBA_ASKED, at: at(10, 30) } } })
  assert.equal(edited(at(10, 45)).length, 0)
  assert.equal(edited(at(10, 15))[0]?.agreement.role.id, 'operator')
  assert.equal(edited(at(20))[0]?.agreement.role.id, 'dba')
})

test('a declined question, and one without an answer, agree to nothing', () => {
  assert.equal(windowsOf({ ticket: { asked: { at: at(10, 1), of: ['Ines'] } } }).length, 0)
})

test('a rule says yes by itself to a known role of a known department, and to nobody else', () => {
  const byRule = (who: string): readonly Window[] =>
    oracleOf(runOf({ tickets: [ticketOf({ who, role: 'writer', hours: 1, raised: at(10) })] })).windows
  assert.deepEqual(
    byRule('Ada').map((each) => [each.agreement.by, each.from]),
    [['rule', instant(at(10))]],
  )
  assert.equal(byRule('Dan').length, 0)
})

test('whoever has the right to it ends the window by revoking it on the ticket, and nobody else does', () => {
  const revoked = (by: string): Window => onlyWindow({ ticket: { moves: [{ at: at(30), by, to: 'Revoking access' }] } })
  for (const by of ['Ada', 'Mara', 'Ines', 'Otto']) {
    assert.equal(revoked(by).held?.until, instant(at(30)), by)
    assert.equal(revoked(by).goneBy, instant(at(30, 3)), by)
  }
  for (const by of ['Ben', 'Finn']) assert.equal(revoked(by).revokedAt, null, by)
})

test('what was never told to be live lasts to the bound for completing it and its own hours, counted from the first add', () => {
  const window = onlyWindow({ ticket: { said: [] } })
  assert.equal(window.held, null)
  assert.equal(window.to, instant(at(11, 2)) + HOUR_MS + HOUR_MS)
})

test('a ticket that tells that it is over ends what it may justify', () => {
  const said: OnTicket['said'] = [...DBA_SAID, [at(40), 'Ines Small revoked the access. It is being removed now.']]
  assert.equal(onlyWindow({ ticket: { said } }).to, instant(at(40)))
})

test('what a rule of the directory holds is not the window’s; once somebody took it away, it is', () => {
  const helper = ticketOf({
    who: 'Dan',
    role: 'helper',
    hours: 1,
    raised: at(10),
    asked: { at: at(10, 1), of: ['Mara'], yes: ['Mara', at(11)] },
  })
  const groupsOf = (otherwise: Parameters<typeof runOf>[0]): readonly string[] | undefined =>
    oracleOf(runOf({ tickets: [helper], ...otherwise })).windows[0]?.groups
  assert.deepEqual(groupsOf({ members: [['fed-by-rule', 'Dan']] }), [groupIdOf('wiki')])
  const taken = change('remove', 'Dan', 'fed-by-rule', at(5), { by: 'admin', heldByRule: true })
  assert.deepEqual(groupsOf({ changes: [taken] }), [groupIdOf('fed-by-rule'), groupIdOf('wiki')])
})

test('a clock that is off moves what may have been by as much, and no more', () => {
  const off = { kind: 'clock off', at: 0, until: at(60), size: 1_500 }
  const { held, to } = onlyWindow({ faults: [off] })
  assert.equal(held?.liveFrom, instant(DBA_BEGAN) + 500)
  assert.equal(held?.until, instant(DBA_ENDS))
  assert.equal(to, instant(DBA_ENDS) + 500)
})
