import { readFile, rm } from 'node:fs/promises'
import { isAlive } from './embedded-postgres/postmaster-file.ts'
import { startEmbeddedPostgres } from './embedded-postgres/start.ts'
import { wait } from './embedded-postgres/wait.ts'

/**
 * A process of its own that holds the test server until the test run is over, so that the server neither stops between
 * two test files nor outlives a run that was killed. Parameters: the state folder, the pid of the run, and the file that
 * says that the run has a keeper.
 */
const [stateFolder, run, mark] = process.argv.slice(2)
if (!stateFolder || !run || !mark) throw new Error('which state folder, which run, and which file?')

const server = await startEmbeddedPostgres({ stateFolder })
while (await isRunning(Number(run))) await wait(100)
await rm(mark, { force: true })
await server.stopWhenAlone()

/** A process that ended but that nobody collected is over too. */
async function isRunning(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !status.includes(') Z ')
}
