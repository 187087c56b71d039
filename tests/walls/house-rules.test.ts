import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { skippedTests } from './skipped-tests.ts'
import { filesOfTree, isTest, isTypeScript, ROOT, textOf } from './tree.ts'

const files = filesOfTree()

/** Files above 600 lines, each with the reason why it is better whole. */
const LONG_FOR_A_REASON: Readonly<Record<string, string>> = {}
const LONGEST = 600

const isProse = (path: string): boolean =>
  /(^LICENSE|\.md|\.svg|lock\.json|\.tsv|\.csv|\.copy|\.png|\.ico|\.woff2)$/.test(path)

test('every file can be read in one sitting', () => {
  const long = files.filter((path) => !isProse(path) && textOf(path).split('\n').length > LONGEST + 1)
  assert.deepEqual(long, Object.keys(LONG_FOR_A_REASON).sort())
})

test('no test is switched off', () => {
  assert.deepEqual(
    files.filter((path) => /\.test\.tsx?$/.test(path)).flatMap((path) => skippedTests(path, textOf(path))),
    [],
  )
})

test('a test that is switched off is seen', () => {
  const red = [
    "test.skip('x', f)",
    "it.todo('x')",
    "describe.only('x', f)",
    "test('x', { skip: true }, f)",
    "test('x', { skip: 'soon' }, f)",
  ]
  for (const text of red) assert.equal(skippedTests('x.test.ts', text).length, 1, text)
  assert.deepEqual(skippedTests('x.test.ts', "test('x', { skip: !asRoot && 'only root can' }, f)"), [])
})

test('lock files name no place that packages come from', () => {
  const locks = files.filter((path) => path.endsWith('package-lock.json'))
  assert.ok(locks.includes('package-lock.json'))
  for (const path of locks) {
    const places = [...textOf(path).matchAll(/"resolved": "([a-z+]+:[^"]+)"/g)].map((match) => match[1])
    assert.deepEqual(places, [], `${path}: run npm with omit-lockfile-registry-resolved=true (.npmrc)`)
  }
})

test('every runtime dependency is defended in docs/dependencies.md', () => {
  const { dependencies, optionalDependencies } = JSON.parse(textOf('package.json')) as Record<
    string,
    Record<string, string>
  >
  const lines = textOf('docs/dependencies.md').split('\n')
  for (const [name, version] of Object.entries({ ...dependencies, ...optionalDependencies })) {
    assert.match(version, /^\d[\w.-]*$/, `${name} is pinned exactly`)
    const defence = lines.find((line) => line.startsWith('|') && line.includes(`\`${name}\``))
    assert.ok(defence !== undefined && defence.length > 60, `${name} has no line of reason`)
  }
})

test('no file knows the machine it was written on', () => {
  const places = [/(^|[\s"'`(=:])\/(work|home|root|Users)\//m, /registry\.npmjs\.org/]
  const about = files.filter(
    (path) => !path.startsWith('tests/walls/') && places.some((place) => place.test(textOf(path))),
  )
  assert.deepEqual(about, [])
})

test('an imitation of a vendor is called a stand-in', () => {
  const code = files.filter(
    (path) => isTypeScript(path) && !isTest(path) && !path.startsWith('judges/') && !path.startsWith('tests/'),
  )
  assert.deepEqual(
    code.filter((path) => /\b(mock|mocks|mocked|emulator|emulators)\b/i.test(textOf(path))),
    [],
  )
})

test('rooms and concepts have no junk drawers', () => {
  const drawers = files.filter((path) =>
    /(^|\/)(utils?|helpers?|common|misc|types|services?|managers?)(\/|\.tsx?$)/.test(path),
  )
  assert.deepEqual(drawers, [])
  assert.ok(existsSync(join(ROOT, 'GLOSSARY.md')))
})
