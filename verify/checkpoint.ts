import { bytesOf, equal, fromBase64, hexOf, joined } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { sha256 } from './digest.ts'
import { HASH_BYTES } from './merkle-tree.ts'

/** The head of a log: the first three lines of a C2SP `tlog-checkpoint`. */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Bytes
}

/** The key of a log, from its one-line form `<name>+<key id>+<base64 of type and key>` (C2SP `signed-note`). */
export interface VerifierKey {
  readonly name: string
  readonly keyId: Bytes
  readonly publicKey: Bytes
}

export type Opened =
  | { readonly kind: 'trusted'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'not understood' }
  | { readonly kind: 'not signed by the key' }
  | { readonly kind: 'of another log'; readonly origin: string }

const ED25519 = 0x01
const MAX_SIGNATURES = 100

/** Null when the text is no Ed25519 key, or its id is not the id of its name and key. */
export async function parseVerifierKey(text: string): Promise<VerifierKey | null> {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text)
  const typedKey = fromBase64(match?.[3] ?? '')
  const name = match?.[1]
  if (name === undefined || typedKey === null || typedKey.length !== 33 || typedKey[0] !== ED25519) return null
  const keyId = (await sha256(joined(bytesOf(`${name}\n`), typedKey))).slice(0, 4)
  return hexOf(keyId) === match?.[2] ? { name, keyId, publicKey: typedKey.slice(1) } : null
}

/** The checkpoint in a note, trusted only when this key signed it and it speaks of the log that the key names. */
export async function openCheckpoint(note: string, key: VerifierKey): Promise<Opened> {
  const parts = splitNote(note)
  const checkpoint = parts && parseCheckpoint(parts.text)
  if (parts === null || checkpoint === null) return { kind: 'not understood' }
  if (!(await signedBy(key, parts))) return { kind: 'not signed by the key' }
  if (checkpoint.origin !== key.name) return { kind: 'of another log', origin: checkpoint.origin }
  return { kind: 'trusted', checkpoint }
}

/** What a note says, whoever signed it. */
export function readCheckpoint(note: string): Checkpoint | null {
  const parts = splitNote(note)
  return parts && parseCheckpoint(parts.text)
}

interface NoteParts {
  readonly text: string
  readonly signatures: readonly { readonly name: string; readonly bytes: Bytes }[]
}

function splitNote(note: string): NoteParts | null {
  const end = note.lastIndexOf('\n\n')
  if (end === -1 || !note.endsWith('\n') || hasControlCharacter(note)) return null
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) return null
  const signatures: { name: string; bytes: Bytes }[] = []
  for (const line of lines) {
    const match = /^\u2014 ([^\s+]+) (\S+)$/u.exec(line)
    const bytes = fromBase64(match?.[2] ?? '')
    if (match?.[1] === undefined || bytes === null || bytes.length < 5) return null
    signatures.push({ name: match[1], bytes })
  }
  return { text: note.slice(0, end + 1), signatures }
}

/** Signatures of other keys are passed over; one of this key that does not hold spoils the note. */
async function signedBy(key: VerifierKey, parts: NoteParts): Promise<boolean> {
  const ours = parts.signatures.filter(({ name, bytes }) => name === key.name && equal(bytes.slice(0, 4), key.keyId))
  if (ours.length === 0) return false
  const publicKey = await crypto.subtle.importKey('raw', key.publicKey, 'Ed25519', false, ['verify'])
  const text = bytesOf(parts.text)
  for (const { bytes } of ours) {
    if (!(await crypto.subtle.verify('Ed25519', publicKey, bytes.slice(4), text))) return false
  }
  return true
}

function parseCheckpoint(text: string): Checkpoint | null {
  const [origin, sizeText, rootText] = text.split('\n')
  if (!origin || sizeText === undefined || rootText === undefined) return null
  const size = Number(sizeText)
  const root = fromBase64(rootText)
  if (!/^(0|[1-9][0-9]*)$/.test(sizeText) || !Number.isSafeInteger(size)) return null
  return root?.length === HASH_BYTES ? { origin, size, root } : null
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 && code !== 0x0a) return true
  }
  return false
}
