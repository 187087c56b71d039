import { spawn } from 'node:child_process'
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ConsoleBuild, ConsoleState } from '../../api/console-build.ts'
import { hashConsoleSources } from './source-hash.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const DIST = join(ROOT, 'surfaces/console/dist')
const MAY_TAKE_MS = 180_000

export interface ConsoleBuilding extends ConsoleBuild {
  /** Resolves when it is ready or has failed; never rejects. */
  readonly done: Promise<ConsoleState>
}

/**
 * The console, built first when its sources have no build yet; the server answers meanwhile. A build lies in
 * `dist/<hash of its sources>/` and appears there whole, by one rename: two servers that start at once do not disturb each
 * other, and a build that was interrupted is never served.
 */
export function buildConsoleWhenStale(options: {
  /** The operator's words when it could not be built. */
  readonly onFailure: (said: string) => void
  readonly dist?: string
}): ConsoleBuilding {
  const dist = options.dist ?? DIST
  let state: ConsoleState = { kind: 'building' }
  const done = findOrBuild(dist).then(
    (folder): ConsoleState => (state = { kind: 'ready', folder }),
    (error: unknown): ConsoleState => {
      options.onFailure(error instanceof Error ? error.message : String(error))
      return (state = { kind: 'failed' })
    },
  )
  return { state: () => state, done }
}

async function findOrBuild(dist: string): Promise<string> {
  const hash = await hashConsoleSources(ROOT)
  const folder = join(dist, hash)
  if (await exists(join(folder, 'index.html'))) return folder

  await mkdir(dist, { recursive: true })
  const partial = join(dist, `${hash}.partial-${process.pid}`)
  try {
    await runBuild(partial)
    await rename(partial, folder).catch(async (error: unknown) => {
      // Another server was faster: its build is of the same sources.
      if (!(await exists(join(folder, 'index.html')))) throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  await removeOthers(dist, hash)
  return folder
}

/** Older builds go, except the newest other: a server that still runs may be about to read it. */
async function removeOthers(dist: string, hash: string): Promise<void> {
  const names = (await readdir(dist)).filter((name) => /^[0-9a-f]{16}$/.test(name) && name !== hash)
  const others = await Promise.all(
    names.map(async (name) => ({ path: join(dist, name), builtAt: (await stat(join(dist, name))).mtimeMs })),
  )
  others.sort((one, other) => other.builtAt - one.builtAt)
  for (const { path } of others.slice(1)) await rm(path, { recursive: true, force: true })
}

function runBuild(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./run.ts', import.meta.url)), folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: MAY_TAKE_MS,
      env: { ...process.env, NODE_ENV: 'production' },
    })
    let said = ''
    const listen = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-4_000))
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('error', reject)
    child.on('close', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`the console could not be built (${signal ?? `exit ${code}`}):\n${said.trim()}`)),
    )
  })
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
