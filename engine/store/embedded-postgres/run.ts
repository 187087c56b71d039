import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { EmbeddedPostgresFault, SET_DATABASE_URL, systemCodeOf } from './fault.ts'
import { cannotDrop, type ServerAccount } from './server-account.ts'

/** Starts one of the binaries under the server's account, knowing nothing of our environment (it holds secrets). */
export function start(
  binary: string,
  parameters: readonly string[],
  account: ServerAccount,
  options: SpawnOptions,
): Promise<ChildProcess> {
  const child = spawn(binary, parameters, {
    cwd: '/', // ours may be closed to the server's account
    // macOS: without LC_ALL, PostgreSQL stops because asking the system for a locale starts a thread
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    ...account,
    ...options,
  })
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child))
    child.once('error', (thrown) => reject(inWords(thrown, binary)))
  })
}

/** Runs one of the binaries to its end. */
export async function run(binary: string, parameters: readonly string[], account: ServerAccount) {
  const child = await start(binary, parameters, account, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const collect = (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-4000))
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  const exitCode = await new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing'))
  })
  return { exitCode, output }
}

function inWords(thrown: unknown, binary: string): unknown {
  const code = systemCodeOf(thrown)
  if (code === 'EINVAL' || code === 'EPERM') return cannotDrop(thrown)
  if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOEXEC') return thrown
  return new EmbeddedPostgresFault(
    'CANNOT_RUN_BINARIES',
    `${binary} cannot be run (${code}). The embedded PostgreSQL needs Linux with glibc (not Alpine) or macOS, and a ` +
      `folder that is not mounted noexec: set TENURE_HOME to another folder, or ${SET_DATABASE_URL}.`,
    thrown,
  )
}
