import { openNote, signNote } from './signed-note.ts'
import type { SigningKey, VerifierKey } from './signed-note.ts'

/** The head of the log at one moment, as C2SP `tlog-checkpoint` writes it: origin, size, root. */
export interface Checkpoint {
  /** Which log: the name of its key. */
  readonly origin: string
  readonly size: number
  readonly rootHash: Uint8Array
}

/**
 * The signed note of a checkpoint. It holds no time: the standard advises against it, because a time that the log
 * itself signs proves nothing. Whoever signs two heads that do not continue each other has destroyed the log.
 */
export function signCheckpoint(head: Omit<Checkpoint, 'origin'>, key: SigningKey): string {
  const { size, rootHash } = head
  if (!Number.isSafeInteger(size) || size < 0) throw new Error(`not a size of a log: ${size}`)
  if (rootHash.length !== 32) throw new Error(`a root of ${rootHash.length} bytes`)
  return signNote(`${key.name}\n${size}\n${Buffer.from(rootHash).toString('base64')}\n`, key)
}

/** The checkpoint in a note that this key signed; null when it is not one. */
export function openCheckpoint(note: string, key: VerifierKey): Checkpoint | null {
  const text = openNote(note, key)
  if (text === null) return null
  const checkpoint = parseCheckpointText(text)
  return checkpoint?.origin === key.name ? checkpoint : null
}

/** What a checkpoint says, whoever signed it: to be shown or counted with, never to be trusted. */
export function readCheckpoint(note: string): Checkpoint | null {
  const end = note.lastIndexOf('\n\n')
  return end === -1 ? null : parseCheckpointText(note.slice(0, end + 1))
}

function parseCheckpointText(text: string): Checkpoint | null {
  const [origin, sizeText, rootText] = text.split('\n')
  if (origin === undefined || sizeText === undefined || rootText === undefined || origin === '') return null
  const size = Number(sizeText)
  const rootHash = Buffer.from(rootText, 'base64')
  if (!/^(0|[1-9][0-9]*)$/.test(sizeText) || !Number.isSafeInteger(size)) return null
  if (rootHash.length !== 32 || rootHash.toString('base64') !== rootText) return null
  return { origin, size, rootHash }
}
