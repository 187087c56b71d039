import { readFile, readlink, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCodeOf } from './fault.ts'
import { run } from './run.ts'

/** A server that runs on a data folder, as it says itself. */
export interface RunningServer {
  readonly pid: number
  readonly socketFolder: string
  readonly port: number
}

/** The server that runs on this data folder; undefined when there is none, or none that has said where it listens. */
export async function runningServer(dataFolder: string): Promise<RunningServer | undefined> {
  const written = await readPostmasterFile(dataFolder)
  return written !== undefined && (await isServerOf(dataFolder, written.pid)) ? written : undefined
}

/** PostgreSQL's postmaster.pid, by line: pid, data folder, start time, port, socket folder, address, shared memory, status. */
async function readPostmasterFile(dataFolder: string): Promise<RunningServer | undefined> {
  const lines = (await readIfThere(join(dataFolder, 'postmaster.pid'))).split('\n')
  const [pid, port, socketFolder] = [Number(lines[0]), Number(lines[3]), lines[4]]
  // While a server starts, the file is shorter for a moment.
  if (!(pid > 0) || !(port > 0) || socketFolder === undefined || socketFolder === '') return undefined
  return { pid, port, socketFolder }
}

/** After a reboot, or in a new container, the number may be that of any other program, another PostgreSQL too. */
async function isServerOf(dataFolder: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') {
    const { output } = await run('/bin/ps', ['-o', 'comm=', '-p', String(pid)], null)
    return output.trim().endsWith('postgres')
  }
  const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  return workingFolder === (await realpath(dataFolder))
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return systemCodeOf(thrown) === 'EPERM'
  }
}

/**
 * Two files of a dead server hold its pid. When another program of the same user has that pid by now, PostgreSQL
 * takes it for a running server and refuses to start. It makes an exception for its parent, so we put ourselves in
 * the dead server's place. The files are not removed: by what else they hold, PostgreSQL sees whether children of
 * the dead server still use its memory.
 */
export async function takePlaceOfDeadServer(dataFolder: string): Promise<void> {
  const written = await readPostmasterFile(dataFolder)
  if (written === undefined || !isAlive(written.pid)) return
  const { socketFolder, port } = written
  for (const path of [join(dataFolder, 'postmaster.pid'), join(socketFolder, `.s.PGSQL.${port}.lock`)]) {
    const [first, ...rest] = (await readIfThere(path)).split('\n')
    if (first === String(written.pid)) await writeFile(path, [process.pid, ...rest].join('\n'))
  }
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((thrown: unknown) => {
    if (systemCodeOf(thrown) === 'ENOENT') return ''
    throw thrown
  })
}
