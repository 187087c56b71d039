import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** Writes a new file from front to back in large pieces, holding at most one piece in memory. */
export interface FileAppender {
  readonly append: (bytes: Uint8Array) => Promise<void>
  /** Writes what is left and waits until it is on the disk. */
  readonly finish: () => Promise<void>
  /** Gives up the file as it is, after a fault. */
  readonly abandon: () => Promise<void>
}

const PIECE_BYTES = 256 * 1024

export async function newFile(path: string): Promise<FileAppender> {
  const file = await open(path, 'wx', 0o640)
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  let used = 0
  return {
    async append(bytes) {
      if (used + bytes.length > PIECE_BYTES) {
        await writeWhole(file, piece.subarray(0, used))
        used = 0
      }
      if (bytes.length > PIECE_BYTES) return writeWhole(file, bytes)
      piece.set(bytes, used)
      used += bytes.length
    },
    async finish() {
      await writeWhole(file, piece.subarray(0, used))
      await file.sync()
      await file.close()
    },
    abandon: () => file.close(),
  }
}

/** One call may write less than it was given, on a full disk or a network file system. */
async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0
  while (done < bytes.length) done += (await file.write(bytes, done)).bytesWritten
}
