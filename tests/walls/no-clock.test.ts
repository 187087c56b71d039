import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'
import { dateReads } from './date-reads.ts'
import { plant } from './planted.ts'
import { lint } from './run-tool.ts'
import { sqlClockReads } from './sql-clock.ts'
import { filesOfTree, isTest, isTypeScript, ROOT, textOf } from './tree.ts'

const TIMELESS = filesOfTree().filter((path) => /^(core|engine|connectors)\//.test(path) && !isTest(path))

test('no code of core, engine and connectors reads the clock through Date', () => {
  const files = TIMELESS.filter((path) => isTypeScript(path) && path !== 'engine/store/clock.ts')
  assert.ok(files.length > 50, 'the files were found')
  assert.deepEqual(
    files.flatMap((path) => dateReads(path, textOf(path))),
    [],
  )
})

test('a Date that may read the clock is seen', () => {
  const red = [
    'new Date()',
    'new Date',
    'Date()',
    'Date.now()',
    'const D = Date',
    'f(Date)',
    'new globalThis.Date()',
    '[Date]',
    '({ Date })',
  ]
  for (const text of red) assert.equal(dateReads('x.ts', text).length, 1, text)
  const green = [
    'new Date(instant)',
    'Date.parse(text)',
    'Date.UTC(2026, 1)',
    'let d: Date',
    'x instanceof Date',
    'answer.Date',
    '({ Date: 1 })',
  ]
  for (const text of green) assert.deepEqual(dateReads('x.ts', text), [], text)
})

test('no SQL reads the clock, except in engine/store/clock.ts', () => {
  const files = filesOfTree().filter((path) => path.endsWith('.sql') || (isTypeScript(path) && !isTest(path)))
  const allowed = (path: string) =>
    path === 'engine/store/clock.ts' || path.startsWith('tests/') || path.startsWith('judges/')
  assert.deepEqual(
    files.filter((path) => !allowed(path)).flatMap((path) => sqlClockReads(path, textOf(path))),
    [],
  )
  assert.ok(sqlClockReads('engine/store/clock.ts', textOf('engine/store/clock.ts')).length > 0, 'the one clock is seen')
})

test('SQL that reads the clock is seen, in whatever way it asks', () => {
  const red = [
    'now()',
    'NOW ( )',
    'CURRENT_TIMESTAMP',
    'current_timestamp(3)',
    'clock_timestamp()',
    'statement_timestamp()',
    'transaction_timestamp()',
    'LOCALTIMESTAMP',
    'localtime',
    'CURRENT_DATE',
    'current_time',
    'timeofday()',
    "'now'::timestamptz",
    "timestamp 'now'",
    "date 'today'",
  ]
  for (const sql of red) {
    assert.equal(sqlClockReads('x.sql', `SELECT ${sql}`).length, 1, sql)
    assert.equal(sqlClockReads('x.ts', `query(\`SELECT \${columns}, ${sql} FROM x\`)`).length, 1, sql)
  }
  const green: [string, string][] = [
    ['x.ts', 'const now = clock.now()\nquery(`SELECT $1`, [clock.now()])'],
    ['x.ts', 'say("it is live now (until six)")'],
    ['x.sql', '-- never now()\nSELECT due_at FROM timer /* CURRENT_TIMESTAMP */'],
  ]
  for (const [path, text] of green) assert.deepEqual(sqlClockReads(path, text), [], text)
})

test('lint bans each way to a clock, to chance and to the network, in words that say what to take', () => {
  const bans: Readonly<Record<string, string>> = {
    'Date.now()': 'take `now: Instant`',
    'performance.now()': 'take `now: Instant`',
    'process.hrtime()': 'take `now: Instant`',
    'Math.random()': 'take an id or a random value',
    'setTimeout(f, 1)': 'take `sleep`',
    'setInterval(f, 1)': 'take `sleep`',
    'globalThis.setTimeout(f, 1)': 'take `sleep`',
    'globalThis.setInterval(f, 1)': 'take `sleep`',
    "fetch('https://example.com')": 'take `fetch` from Io',
    "globalThis.fetch('https://example.com')": 'take `fetch` from Io',
    "import('node:fs')": '',
  }
  const imports = {
    'node:timers': 'take `sleep`',
    'node:timers/promises': 'take `sleep`',
    'node:perf_hooks': 'take `now: Instant`',
  }
  const rooms = ['core', 'engine', 'connectors/okta']
  const files: Record<string, string> = {}
  const expected: [string, string][] = []
  for (const room of rooms) {
    for (const [index, [code, words]] of Object.entries(bans).entries()) {
      files[`${room}/ban-${index}.ts`] = `export const f = () => ${code}\n`
      expected.push([`${room}/ban-${index}.ts`, words])
    }
    for (const [index, [name, words]] of Object.entries(imports).entries()) {
      files[`${room}/import-${index}.ts`] = `import * as f from '${name}'\nexport const g = f\n`
      expected.push([`${room}/import-${index}.ts`, words])
    }
    files[`${room}/excused.test.ts`] = 'export const f = () => Date.now()\n'
  }
  const findings = lint(plant(files))
  for (const [file, words] of expected) {
    const said = findings.filter((finding) => finding.file.endsWith(file)).map((finding) => finding.words)
    if (words === '') assert.deepEqual(said, [], file)
    else
      assert.ok(
        said.some((line) => line.includes(words)),
        `${file} is not red: ${files[file]}`,
      )
  }
  assert.deepEqual(
    findings.filter(({ file }) => file.endsWith('.test.ts')),
    [],
  )
})

test('for the compiler of core there is no clock, no network, no process and no DOM', () => {
  const folder = plant({
    'core/planted.ts':
      'export const reach = (): unknown[] => [setTimeout, setInterval, fetch, process, performance, document, Buffer]\n',
  })
  const config = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'core', 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) =>
        assert.fail(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')),
    },
  )
  assert.ok(config)
  const program = ts.createProgram(config.fileNames, config.options)
  const missing = program
    .getSemanticDiagnostics()
    .map(({ messageText }) => /'(\w+)'/.exec(ts.flattenDiagnosticMessageText(messageText, ' '))?.[1])
  assert.deepEqual(missing, ['setTimeout', 'setInterval', 'fetch', 'process', 'performance', 'document', 'Buffer'])
  assert.ok(textOf('package.json').includes('tsc --noEmit -p core'), `npm run typecheck in ${ROOT} uses it`)
})
