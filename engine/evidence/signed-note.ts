import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/**
 * Notes signed with Ed25519, as C2SP `signed-note` says: a text, an empty line, and a line for each signature. The
 * encodings of the keys are those of Go's `sumdb/note`, so other tools of the field can read both.
 */
export interface SigningKey {
  readonly name: string
  readonly privateKey: KeyObject
  /** The public half, as it is handed to auditors: `<name>+<key id>+<base64 of type and key>`. */
  readonly verifierKey: string
}

/** A public key that signatures are checked with. */
export interface VerifierKey {
  readonly name: string
  readonly keyId: string
  readonly publicKey: KeyObject
}

/** The signature type of plain Ed25519 in C2SP `signed-note`. */
const ED25519 = 0x01
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const PRIVATE_PREFIX = 'PRIVATE+KEY+'

export function newSigningKey(name: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  return signingKey(name, privateKey)
}

/** The one-line form in which a private key is kept: `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`. */
export function signingKeyText(key: SigningKey): string {
  const seed = key.privateKey.export({ format: 'jwk' }).d
  if (seed === undefined) throw new Error('the signing key is not Ed25519')
  const [, keyId] = key.verifierKey.split('+')
  return `${PRIVATE_PREFIX}${key.name}+${keyId}+${typed(Buffer.from(seed, 'base64url')).toString('base64')}`
}

/** The reverse of `signingKeyText`. What is wrong is said without a word of the key itself. */
export function parseSigningKey(text: string): SigningKey {
  if (!text.startsWith(PRIVATE_PREFIX)) throw new Error('not a signing key')
  const { name, keyId, keyBytes } = parseKeyText(text.slice(PRIVATE_PREFIX.length))
  // PKCS #8 of Ed25519 is a fixed head before the seed (RFC 8410, section 7).
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), keyBytes])
  const key = signingKey(name, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  if (key.verifierKey.split('+')[1] !== keyId) throw new Error('the signing key does not belong to its key id')
  return key
}

export function parseVerifierKey(text: string): VerifierKey {
  const { name, keyId, keyBytes } = parseKeyText(text)
  if (keyIdOf(name, keyBytes) !== keyId) throw new Error('the verifier key does not belong to its key id')
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: keyBytes.toString('base64url') },
    format: 'jwk',
  })
  return { name, keyId, publicKey }
}

/** The text with one signature. The text ends with a line feed and has no other control character. */
export function signNote(text: string, key: SigningKey): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (!text.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(text) || !text.isWellFormed()) {
    throw new Error('a note ends with a line feed and holds no other control character')
  }
  const signature = sign(null, Buffer.from(text, 'utf8'), key.privateKey)
  const [, keyId] = key.verifierKey.split('+')
  const line = Buffer.concat([Buffer.from(keyId ?? '', 'hex'), signature]).toString('base64')
  return `${text}\n\u2014 ${key.name} ${line}\n`
}

/** The text of a note that this key has signed; null when it has not, or when what it signed was another text. */
export function openNote(note: string, key: VerifierKey): string | null {
  const end = note.lastIndexOf('\n\n')
  if (end === -1 || !note.endsWith('\n')) return null
  const text = note.slice(0, end + 1)
  let signed = false
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line)
    if (match === null) return null
    const bytes = Buffer.from(match[2] ?? '', 'base64')
    // Signatures of keys that we do not know are passed over, as the standard asks.
    if (match[1] !== key.name || bytes.subarray(0, 4).toString('hex') !== key.keyId) continue
    const signature = bytes.subarray(4)
    if (signature.length !== SIGNATURE_BYTES) return null
    if (!verify(null, Buffer.from(text, 'utf8'), key.publicKey, signature)) return null
    signed = true
  }
  return signed ? text : null
}

function signingKey(name: string, privateKey: KeyObject): SigningKey {
  // White space or a plus would make two readings of one key line possible.
  if (!/^[^\s+]+$/u.test(name)) throw new Error(`not a key name: ${JSON.stringify(name)}`)
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (x === undefined) throw new Error('the signing key is not Ed25519')
  const publicBytes = Buffer.from(x, 'base64url')
  const verifierKey = `${name}+${keyIdOf(name, publicBytes)}+${typed(publicBytes).toString('base64')}`
  return { name, privateKey, verifierKey }
}

/** The first four bytes of SHA-256(name || 0x0A || type || public key), in hex. */
function keyIdOf(name: string, publicBytes: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed(publicBytes)]), 'hex').slice(0, 8)
}

function typed(keyBytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(ED25519), keyBytes])
}

/** `<name>+<key id>+<base64 of type and key>`; the base64 may hold a plus itself. */
function parseKeyText(text: string): { name: string; keyId: string; keyBytes: Buffer } {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(text)
  const bytes = Buffer.from(match?.[3] ?? '', 'base64')
  if (match === null || bytes.length !== 1 + KEY_BYTES || bytes[0] !== ED25519) {
    throw new Error('not an Ed25519 key in the form <name>+<key id>+<base64>')
  }
  return { name: match[1] ?? '', keyId: match[2] ?? '', keyBytes: bytes.subarray(1) }
}
