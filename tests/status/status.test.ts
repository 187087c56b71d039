import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../walls/tree.ts'
import { shownBy } from './read-titles.ts'
import { page, statusPage } from './status.ts'

test('docs/status.md is up to date', () => {
  assert.ok(
    textOf('docs/status.md') === statusPage(),
    'docs/status.md is out of date: run `npm run status` and commit it',
  )
})

test('every id of the contract is listed once', () => {
  const sections = JSON.parse(textOf('docs/contract/ids.json')) as { ids: Record<string, string> }[]
  const ids = sections.flatMap((section) => Object.keys(section.ids))
  const count = (letter: string) => ids.filter((id) => id.startsWith(letter)).length
  assert.deepEqual([count('R'), count('N'), count('I'), new Set(ids).size], [120, 26, 40, 186])
})

test('ids are read from titles, and from nowhere else', () => {
  const text = `
    // [R001]
    test('one group [R033]', () => say('[R002]'))
    await t.test('two [R036, N07] and more [I23]', f)
    test(\`for \${vendor} [R034]\`, f)
    test('a list [1, 2]', f)`
  const shown = shownBy('x.test.ts', text).map(({ id, title }) => [id, title])
  assert.deepEqual(shown, [
    ['R033', 'one group'],
    ['R036', 'two and more'],
    ['N07', 'two and more'],
    ['I23', 'two and more'],
    ['R034', 'for ${vendor}'],
  ])
})

test('an id works when a test names it, partly when the list says what is missing, and else is not there', () => {
  const sections = [{ title: 'A', ids: { R001: 'one', R002: 'two', R003: 'three' } }]
  const shown = ['R001', 'R002'].map((id) => ({ id, file: 'core/x.test.ts', title: `a | b` }))
  const text = page(sections, { R002: 'the other half', R003: 'all' }, shown)
  assert.match(text, /^1 work, 1 partly, 1 not there\.$/m)
  assert.match(text, /^\| R001 \| one \| works \| a \\\| b \(\[x\.test\.ts\]\(\.\.\/core\/x\.test\.ts\)\) \|$/m)
  assert.match(text, /^\| R002 \| two \| partly \(missing: the other half\) \| a/m)
  assert.match(text, /^\| R003 \| three \| not there \|  \|$/m)
  assert.throws(() => page(sections, {}, [{ id: 'R999', file: 'x', title: 'y' }]), /no such id.*R999/)
})
