import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, test } from 'node:test'

const ROOT = join(import.meta.dirname, '..', '..')

/** A clone with a command line of its own: TypeScript that says what it was called with. */
const clone = mkdtempSync(join(tmpdir(), 'tenure-bin-'))
after(() => rmSync(clone, { recursive: true, force: true }))
for (const folder of ['bin', 'server', 'node_modules/.bin']) mkdirSync(join(clone, folder), { recursive: true })
cpSync(join(ROOT, 'bin', 'tenure'), join(clone, 'bin', 'tenure'))
writeFileSync(join(clone, 'package.json'), '{ "type": "module" }')
writeFileSync(
  join(clone, 'server', 'cli.ts'),
  `const [word]: string[] = process.argv.slice(2)
   if (word === 'wait') setTimeout(() => undefined, 60_000)
   process.on('SIGTERM', () => process.exit(7))
   console.log(JSON.stringify({ major: Number(process.versions.node.split('.')[0]), arguments: process.argv.slice(2) }))
   process.exitCode = 3`,
)
const platform = `node-${process.platform}-${process.arch}`
symlinkSync(join(ROOT, 'node_modules', platform), join(clone, 'node_modules', platform))
symlinkSync('../../bin/tenure', join(clone, 'node_modules', '.bin', 'tenure'))

const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((path) => {
    const [major, minor] =
      spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.split('.').map(Number) ?? []
    return major !== undefined && minor !== undefined && (major < 22 || (major === 22 && minor < 18))
  })
const noOldNode = (oldNode === undefined || process.platform !== 'linux') && 'there is no older Node on this Linux'

test('the command runs server/cli.ts with its arguments and its exit code, from any folder', () => {
  for (const path of ['bin/tenure', 'node_modules/.bin/tenure']) {
    const { stdout, status } = spawnSync(process.execPath, [join(clone, path), 'claim', 'a group'], {
      cwd: '/',
      encoding: 'utf8',
    })
    assert.deepEqual(JSON.parse(stdout).arguments, ['claim', 'a group'])
    assert.equal(status, 3)
  }
})

test('called with an older Node, it goes on under Node 24', { skip: noOldNode }, () => {
  const { stdout, stderr, status } = spawnSync(oldNode ?? '', [join(clone, 'bin', 'tenure'), 'claim'], {
    encoding: 'utf8',
  })
  assert.deepEqual(JSON.parse(stdout), { major: 24, arguments: ['claim'] }, stderr)
  assert.equal(status, 3)
})

test('a signal to an older Node reaches the program that runs', { skip: noOldNode }, async () => {
  const child = spawn(oldNode ?? '', [join(clone, 'bin', 'tenure'), 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [7, null])
})

test('without a newer Node it says what to do', { skip: noOldNode }, () => {
  const bare = join(clone, 'bare')
  mkdirSync(join(bare, 'bin'), { recursive: true })
  cpSync(join(ROOT, 'bin', 'tenure'), join(bare, 'bin', 'tenure'))
  const { stderr, status } = spawnSync(oldNode ?? '', [join(bare, 'bin', 'tenure')], { encoding: 'utf8' })
  assert.match(stderr, /Tenure needs Node 22\.18 or newer, and this is v\d+.*Node 24/)
  assert.equal(status, 1)
})
