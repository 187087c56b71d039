import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { run } from './cli.ts'
import { packOf } from './test-pack.ts'
import type { TestPack } from './test-pack.ts'
import { story } from './test-story.ts'
import type { Verdict } from './verify-pack.ts'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function ran(...args: readonly string[]): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await run(args, { out: (text) => out.push(text), err: (text) => err.push(text) })
  return { code, out: out.join(''), err: err.join('') }
}

/** The pack in a folder, and beside it the checkpoint as an auditor would hold it. */
async function onDisk(t: TestContext, pack: TestPack): Promise<{ folder: string; checkpoint: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'tenure-verify-'))
  t.after(() => rm(parent, { recursive: true }))
  for (const [name, bytes] of pack.files) {
    const path = join(parent, 'pack', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  }
  const checkpoint = join(parent, 'checkpoint.txt')
  await writeFile(checkpoint, pack.checkpoint)
  return { folder: join(parent, 'pack'), checkpoint }
}

test('a true pack exits with 0 and says what it holds [N10]', async (t) => {
  const pack = await packOf(story())
  const { folder, checkpoint } = await onDisk(t, pack)
  const { code, out, err } = await ran(folder, '--checkpoint', checkpoint, '--key', pack.key)
  assert.deepEqual([code, err], [0, ''])
  assert.match(out, /^Verified: 35 records against checkpoint 35 of tenure\.local\/test\.\n3 requests, 2 approved/)
  assert.match(out, /Still open: membership\/okta\/00gSupport\/per_cy@4/)
})

test('the file runs by itself, and prints one JSON object when asked', async (t) => {
  const pack = await packOf(story())
  const { folder, checkpoint } = await onDisk(t, pack)
  const cli = join(import.meta.dirname, 'cli.ts')
  const args = [cli, folder, '--json', '--checkpoint', checkpoint, '--key', pack.key]
  const { code, out } = await new Promise<Ran>((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), out: stdout, err: stderr })
    })
  })
  assert.equal(code, 0)
  assert.equal((JSON.parse(out) as Verdict).verified, true)
})

test('a pack with one byte changed exits with 1 and names the record [N10]', async (t) => {
  const pack = await packOf(story())
  const { folder, checkpoint } = await onDisk(t, pack)
  const changed = Buffer.from(pack.files.get('records.jsonl') ?? '')
  changed.write('X', changed.indexOf('per_owner'))
  await writeFile(join(folder, 'records.jsonl'), changed)
  const { code, out } = await ran(folder, '--checkpoint', checkpoint, '--key', pack.key)
  assert.equal(code, 1)
  assert.match(out, /^NOT verified/)
  assert.match(out, /Finding: record changed: request\/req_db@2 \(index 7\): /)
})

test('a call that is not understood exits with 2 and says what is missing', async (t) => {
  const pack = await packOf(story())
  const { folder, checkpoint } = await onDisk(t, pack)
  const calls: readonly (readonly [RegExp, ...string[]])[] = [
    [/One pack folder/, '--checkpoint', checkpoint, '--key', pack.key],
    [/One pack folder/, folder, folder, '--checkpoint', checkpoint, '--key', pack.key],
    [/A checkpoint is needed/, folder, '--key', pack.key],
    [/One verifier key/, folder, '--checkpoint', checkpoint],
    [/--key needs a value/, folder, '--checkpoint', checkpoint, '--key'],
    [/--force is not an option/, folder, '--force'],
    [/key is not understood/, folder, '--checkpoint', checkpoint, '--key', 'nonsense'],
    [/ENOENT/, `${folder}/nowhere`, '--checkpoint', checkpoint, '--key', pack.key],
    [/ENOENT/, folder, '--checkpoint', `${checkpoint}.gone`, '--key', pack.key],
  ]
  for (const [words, ...args] of calls) {
    const { code, out, err } = await ran(...args)
    assert.deepEqual([code, out], [2, ''], args.join(' '))
    assert.match(err, words)
  }
})

test('a name in the pack cannot steer the terminal', async (t) => {
  const [first, ...rest] = story()
  assert.ok(first !== undefined)
  const hostile = { ...first, stream: 'group/okta/\u001b[2J\u202egone' }
  const pack = await packOf([hostile, ...rest])
  const { folder, checkpoint } = await onDisk(t, pack)
  const changed = Buffer.from(pack.files.get('records.jsonl') ?? '')
  changed.write('X', changed.indexOf('prod-database'))
  await writeFile(join(folder, 'records.jsonl'), changed)
  const { code, out } = await ran(folder, '--checkpoint', checkpoint, '--key', pack.key)
  assert.equal(code, 1)
  assert.ok(out.includes('group/okta/\\u001b[2J\\u202egone@1'))
  assert.ok(!out.includes('\u001b') && !out.includes('\u202e'))
})
