import { chmod, chown, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { EmbeddedPostgresFault, SET_DATABASE_URL, systemCodeOf, writingTo } from './fault.ts'

/**
 * Whose rights the server runs with. PostgreSQL refuses to run as root, so root hands it to uid 65534 (`nobody`:
 * a user is needed that every system knows, because initdb looks its name up). Null: as ourselves.
 */
export type ServerAccount = { readonly uid: number; readonly gid: number } | null

const NOBODY = 65534

export function serverAccount(): ServerAccount {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : null
}

/**
 * Makes a folder that the server can pass through: for root that is one that everybody may enter and nobody may
 * list. Only a new folder gets its mode from here; the mode of one that has something in it is its owner's choice.
 */
export async function makePassage(folder: string, account: ServerAccount): Promise<void> {
  await writingTo(folder, async () => {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    if (account === null) return
    // A umask of 077 would leave every folder on the new part of the path closed.
    const first = made ?? ((await readdir(folder)).length === 0 ? folder : undefined)
    if (first === undefined) return
    for (let path = folder; path.length >= first.length; path = dirname(path)) await chmod(path, 0o711)
  })
  const { uid } = await stat(folder)
  const ours = process.getuid?.() ?? 0
  if (uid !== ours && uid !== 0) {
    // We run programs from there.
    throw new EmbeddedPostgresFault(
      'FOLDER_NOT_OURS',
      `${folder} belongs to somebody else (uid ${uid}). Set TENURE_HOME to a folder of your own.`,
    )
  }
  if (account !== null) await refuseClosedPath(folder, account)
}

/** Gives a folder to the server's account, for the server alone. */
export async function giveToServer(folder: string, account: ServerAccount): Promise<void> {
  await chmod(folder, 0o700)
  if (account === null) return
  try {
    await chown(folder, account.uid, account.gid)
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'EINVAL' || systemCodeOf(thrown) === 'EPERM') throw cannotDrop(thrown)
    throw thrown
  }
}

/** Root in a container without that uid cannot become it. */
export function cannotDrop(cause: unknown): EmbeddedPostgresFault {
  return new EmbeddedPostgresFault(
    'CANNOT_DROP_PRIVILEGES',
    `PostgreSQL does not run as root, and this root cannot become uid ${NOBODY} (a container without that uid?). ` +
      `Start Tenure as an ordinary user, or ${SET_DATABASE_URL}.`,
    cause,
  )
}

async function refuseClosedPath(folder: string, account: { readonly uid: number; readonly gid: number }) {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const { mode, uid, gid } = await stat(path)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) {
      throw new EmbeddedPostgresFault(
        'FOLDER_NOT_ENTERABLE',
        `Started by root, PostgreSQL runs as uid ${account.uid}, which may not enter ${path}. ` +
          `Set TENURE_HOME to a folder that everybody may enter (such as /var/lib/tenure), or ${SET_DATABASE_URL}.`,
      )
    }
    if (path === dirname(path)) return
  }
}
