import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { buildConsoleWhenStale } from './when-stale.ts'

let files: ReadonlyMap<string, string>

before(async () => {
  const said: string[] = []
  const built = await buildConsoleWhenStale({ onFailure: (words) => said.push(words) }).done
  assert.equal(built.kind, 'ready', said.join('\n'))
  const folder = built.kind === 'ready' ? built.folder : ''
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  files = new Map(
    await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async (entry) => [entry.name, await readFile(join(entry.parentPath, entry.name), 'utf8')] as const),
    ),
  )
})

test('the bundle holds no telemetry client and no address of one', () => {
  assert.ok(files.size > 5)
  for (const [name, text] of files) {
    assert.doesNotMatch(text, /statsig|xp\.atlassian|feature-gate-service|analytics\.atlassian|sentry\.io/i, name)
  }
})

test('the page loads its own files only, relative to wherever it is served from, and has no script in it', () => {
  const page = files.get('index.html') ?? ''
  const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? '')
  assert.ok(addresses.length >= 3)
  for (const address of addresses) assert.match(address, /^\.\/assets\//)
  assert.doesNotMatch(page, /<script(?![^>]*src=)|\son\w+=|javascript:/i)
})

test('the part for Jira is a file of its own, which nothing loads before it is needed', () => {
  const bridgeWords = 'Unable to establish a connection with the Custom UI bridge'
  const withBridge = [...files].filter(([, text]) => text.includes(bridgeWords)).map(([name]) => name)
  assert.equal(withBridge.length, 1)
  assert.match(withBridge[0] ?? '', /^host-forge-/)
  assert.ok(!(files.get('index.html') ?? '').includes('host-forge'))
})
