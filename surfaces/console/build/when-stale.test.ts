import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { hashConsoleSources } from './source-hash.ts'
import { buildConsoleWhenStale } from './when-stale.ts'

test('two servers that start at once get one build, whole, and leave nothing half behind', async () => {
  const failures: string[] = []
  const options = { onFailure: (said: string) => failures.push(said) }
  const [one, other] = await Promise.all([buildConsoleWhenStale(options).done, buildConsoleWhenStale(options).done])
  assert.deepEqual(failures, [])
  assert.ok(one.kind === 'ready' && other.kind === 'ready')
  assert.equal(one.folder, other.folder)
  assert.ok((await readdir(one.folder)).includes('index.html'))
  const left = await readdir(dirname(one.folder))
  assert.deepEqual(
    left.filter((name) => name.includes(`partial-${process.pid}`)),
    [],
  )
})

test('a build that cannot be made is told to the operator, and the server goes on without a console', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenure-build-'))
  await writeFile(join(folder, 'dist'), 'a file where a folder should be')
  const failures: string[] = []
  const building = buildConsoleWhenStale({ onFailure: (said) => failures.push(said), dist: join(folder, 'dist') })
  assert.deepEqual(building.state(), { kind: 'building' })
  assert.deepEqual(await building.done, { kind: 'failed' })
  assert.deepEqual(building.state(), { kind: 'failed' })
  assert.equal(failures.length, 1)
  await rm(folder, { recursive: true })
})

test('the hash changes with every source, a new file and a new version of a package, and with nothing else', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tenure-sources-'))
  const put = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  await put('surfaces/console/src/main.tsx', 'one')
  await put('surfaces/console/index.html', 'page')
  await put('surfaces/console/vite.config.ts', 'config')
  await put('package-lock.json', '{}')
  const seen = [await hashConsoleSources(root)]
  for (const [path, content] of [
    ['surfaces/console/src/main.tsx', 'two'],
    ['surfaces/console/src/part/new.tsx', ''],
    ['surfaces/console/index.html', 'another page'],
    ['surfaces/console/vite.config.ts', 'another config'],
    ['package-lock.json', '{"lockfileVersion":3}'],
  ] as const) {
    await put(path, content)
    seen.push(await hashConsoleSources(root))
  }
  assert.equal(new Set(seen).size, seen.length)

  await put('surfaces/console/src/words/when.test.ts', 'a test is in no bundle')
  await put('surfaces/console/browser/console.test.ts', 'neither is this one')
  assert.equal(await hashConsoleSources(root), seen.at(-1))
  const copy = await mkdtemp(join(tmpdir(), 'tenure-sources-'))
  await cp(root, copy, { recursive: true })
  assert.equal(await hashConsoleSources(copy), seen.at(-1))
  await rm(root, { recursive: true })
  await rm(copy, { recursive: true })
})
