import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newSigningKey, parseSigningKey, signingKeyText } from './signed-note.ts'
import type { SigningKey } from './signed-note.ts'

/**
 * The signing key of this installation's log, made on the first call. The folder then holds
 *
 *     evidence-signing-key     the private key, mode 0600
 *     evidence-verifier-key    the public key to hand to auditors
 *
 * The name of the key is the origin of the log and lives as long as the log does.
 */
export async function openOrCreateSigningKey(folder: string): Promise<SigningKey> {
  return (await openSigningKey(folder)) ?? withVerifierKey(folder, await createKey(folder, pathOf(folder)))
}

/** As above, for whoever must not make one: null when there is none. */
export async function openSigningKey(folder: string): Promise<SigningKey | null> {
  const key = await readKey(pathOf(folder))
  return key && withVerifierKey(folder, key)
}

function pathOf(folder: string): string {
  return join(folder, 'evidence-signing-key')
}

async function withVerifierKey(folder: string, key: SigningKey): Promise<SigningKey> {
  await writeFile(join(folder, 'evidence-verifier-key'), `${key.verifierKey}\n`)
  return key
}

async function readKey(path: string): Promise<SigningKey | null> {
  let mode: number
  try {
    mode = (await stat(path)).mode
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
  // Whoever can read this file can write another history that checks just as well.
  if ((mode & 0o077) !== 0) throw new Error(`${path} is open to others than its owner: run chmod 600 on it`)
  return parseSigningKey((await readFile(path, 'utf8')).trimEnd())
}

async function createKey(folder: string, path: string): Promise<SigningKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const key = newSigningKey(`tenure.local/${randomBytes(4).toString('hex')}`)
  const part = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(part, 'wx', 0o600)
  try {
    await file.writeFile(`${signingKeyText(key)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    // A link appears whole or not at all and never replaces: of two servers that start at once, one key wins.
    await link(part, path)
    return key
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    const winner = await readKey(path)
    if (winner === null) throw new Error(`${path} vanished while it was being made`, { cause: error })
    return winner
  } finally {
    await unlink(part)
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
