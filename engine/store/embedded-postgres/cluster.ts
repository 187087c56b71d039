import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exists, type Binaries } from './binaries.ts'
import { diskFull, EmbeddedPostgresFault, SET_DATABASE_URL, systemCodeOf, writingTo } from './fault.ts'
import { run } from './run.ts'
import { giveToServer, type ServerAccount } from './server-account.ts'

export const SUPERUSER = 'tenure'

/**
 * The data folder, made on the first start. Made beside its place and renamed into it: a start that is killed
 * half-way leaves nothing that looks like a database. A new major version gets a new folder, never an old one's data.
 */
export async function makeCluster(binaries: Binaries, stateFolder: string, account: ServerAccount): Promise<string> {
  const dataFolder = join(stateFolder, `data-${binaries.majorVersion}`)
  if (await exists(dataFolder)) return dataFolder
  const unfinished = `${dataFolder}.${process.pid}`
  await writingTo(stateFolder, async () => {
    try {
      await mkdir(unfinished, { mode: 0o700 })
      await giveToServer(unfinished, account)
      await initialise(binaries, unfinished, account)
      await rename(unfinished, dataFolder)
    } catch (thrown) {
      await rm(unfinished, { recursive: true, force: true })
      const code = systemCodeOf(thrown)
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw thrown // else another start was faster
    }
  })
  return dataFolder
}

async function initialise(binaries: Binaries, folder: string, account: ServerAccount): Promise<void> {
  const { exitCode, output } = await run(
    binaries.initdb,
    [
      `--pgdata=${folder}`,
      `--username=${SUPERUSER}`,
      '--auth-local=trust',
      '--auth-host=reject',
      '--encoding=UTF8',
      // Built into PostgreSQL: sorting is by code point and never changes with the machine's libraries.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    account,
  )
  if (exitCode === 0) return
  if (output.includes('No space left on device')) throw diskFull(folder)
  throw new EmbeddedPostgresFault(
    'DATA_FOLDER_UNUSABLE',
    `The data folder could not be made: initdb ended with ${exitCode}.\n${output.trim()}\n` +
      `Set TENURE_HOME to another folder, or ${SET_DATABASE_URL}.`,
  )
}
