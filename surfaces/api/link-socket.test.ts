import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { askForLink, openLinkSocket } from './link-socket.ts'

test('the owner of the server asks a running server for a link, and each answer is another one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenure-link-'))
  const path = join(folder, 'link')
  assert.equal(await askForLink(path), null)
  let count = 0
  const socket = await openLinkSocket({ path, createLink: () => `http://127.0.0.1/enter?code=${++count}` })
  const first = await askForLink(path)
  assert.match(first ?? '', /^http:\/\/127\.0\.0\.1\/enter\?code=\d+$/)
  assert.notEqual(await askForLink(path), first)
  await assert.rejects(openLinkSocket({ path, createLink: () => '' }), /another Tenure already answers/)
  await socket.close()
  assert.equal(await askForLink(path), null)
  await rm(folder, { recursive: true })
})

test('a socket left behind by a killed server is taken over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenure-link-'))
  const path = join(folder, 'link')
  await writeFile(path, '')
  const socket = await openLinkSocket({ path, createLink: () => 'a link' })
  assert.equal(await askForLink(path), 'a link')
  await socket.close()
  await rm(folder, { recursive: true })
})

test('a folder that others can enter is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenure-link-'))
  assert.equal((await stat(folder)).mode & 0o077, 0)
  await chmod(folder, 0o755)
  await assert.rejects(openLinkSocket({ path: join(folder, 'link'), createLink: () => '' }), /others can enter/)
  await rm(folder, { recursive: true })
})
