/** Why the embedded database cannot be had. The message says what to do about it. */
export type EmbeddedPostgresCode =
  | 'PLATFORM_NOT_SUPPORTED'
  | 'CANNOT_RUN_BINARIES'
  | 'CANNOT_DROP_PRIVILEGES'
  | 'FOLDER_NOT_ENTERABLE'
  | 'FOLDER_NOT_OURS'
  | 'SOCKET_PATH_TOO_LONG'
  | 'DISK_FULL'
  | 'DATA_FOLDER_UNUSABLE'
  | 'SERVER_DID_NOT_START'
  | 'SERVER_DOES_NOT_ANSWER'

export class EmbeddedPostgresFault extends Error {
  readonly code: EmbeddedPostgresCode

  constructor(code: EmbeddedPostgresCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EmbeddedPostgresFault'
    this.code = code
  }
}

/** The way out that always exists. */
export const SET_DATABASE_URL = 'set DATABASE_URL to a PostgreSQL 15 or later of your own'

/** The code of a failed system call (`ENOSPC`, `EACCES`, …), or undefined when `thrown` is no such failure. */
export function systemCodeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

/** Runs a step that writes files, and turns the system's words into words that say what to do. */
export async function writingTo<Value>(folder: string, step: () => Promise<Value>): Promise<Value> {
  try {
    return await step()
  } catch (thrown) {
    const code = systemCodeOf(thrown)
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(folder, thrown)
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new EmbeddedPostgresFault(
        'FOLDER_NOT_OURS',
        `${folder} cannot be written (${code}). Set TENURE_HOME to a folder that you own, or ${SET_DATABASE_URL}.`,
        thrown,
      )
    }
    throw thrown
  }
}

export function diskFull(folder: string, cause?: unknown): EmbeddedPostgresFault {
  return new EmbeddedPostgresFault(
    'DISK_FULL',
    `The disk that holds ${folder} is full. Free at least 300 MB, or set TENURE_HOME to a folder on another disk.`,
    cause,
  )
}
