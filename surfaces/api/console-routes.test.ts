import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ConsoleState } from './console-build.ts'
import { apiUnderTest } from './testing/api-under-test.ts'

async function buildFolder(words: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenure-console-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), `<!doctype html><title>${words}</title>`)
  await writeFile(join(folder, 'assets', 'index-Ab3_-xYz.js'), 'console.log(1)')
  await writeFile(join(folder, 'assets', 'notes.txt'), 'not for serving')
  return folder
}

test('the front leads to the console', async () => {
  const { get } = await apiUnderTest()
  for (const url of ['/', '/console']) {
    const answer = await get(url)
    assert.equal(answer.statusCode, 302)
    assert.equal(answer.headers.location, '/console/')
  }
})

test('while the console is built a page says so and loads itself again, and then it is the console', async () => {
  let state: ConsoleState = { kind: 'building' }
  const { get, raw } = await apiUnderTest({ console: { state: () => state } })
  const waiting = await get('/console/')
  assert.equal(waiting.statusCode, 200)
  assert.match(waiting.body, /being built/)
  assert.match(waiting.body, /http-equiv="refresh" content="1"/)

  const folders = [await buildFolder('first'), await buildFolder('second')] as const
  state = { kind: 'ready', folder: folders[0] }
  assert.match((await get('/console/')).body, /first/)
  state = { kind: 'ready', folder: folders[1] }
  assert.match((await get('/console/')).body, /second/)
  assert.equal((await raw({ url: '/health' })).json<{ console: string }>().console, 'ready')
  for (const folder of folders) await rm(folder, { recursive: true })
})

test('a console that could not be built is said in words, without the reason', async () => {
  const { get } = await apiUnderTest({ console: { state: () => ({ kind: 'failed' }) } })
  assert.match((await get('/console/')).body, /could not be built/)
})

test('hashed files are kept by the browser, the page itself is asked for each time', async () => {
  const folder = await buildFolder('one')
  const { get } = await apiUnderTest({ console: { state: () => ({ kind: 'ready', folder }) } })
  const script = await get('/console/assets/index-Ab3_-xYz.js')
  assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8')
  assert.equal(script.headers['cache-control'], 'private, max-age=31536000, immutable')
  const page = await get('/console/')
  assert.equal(page.headers['cache-control'], 'private, no-cache')
  const again = await get('/console/', { 'if-none-match': String(page.headers['etag']) })
  assert.equal(again.statusCode, 304)
  assert.equal(again.body, '')
  await rm(folder, { recursive: true })
})

test('nothing outside the build is ever served', async () => {
  const folder = await buildFolder('one')
  await symlink('/etc/hostname', join(folder, 'assets', 'host-Ab3_-xYz.js'))
  const { get } = await apiUnderTest({ console: { state: () => ({ kind: 'ready', folder }) } })
  for (const path of [
    '../package.json',
    '..%2f..%2fpackage.json',
    '%2e%2e/%2e%2e/etc/passwd',
    '..%5c..%5cpackage.json',
    '/etc/passwd',
    'assets/../../package.json',
    'assets/notes.txt',
    'assets/host-Ab3_-xYz.js',
    'assets/',
    'assets',
    'index.html%00',
    'constructor',
  ]) {
    assert.equal((await get(`/console/${path}`)).statusCode, 404, path)
  }
  await rm(folder, { recursive: true })
})
