import { bytesOf, hexOf, joined } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { sha256 } from './digest.ts'
import type { PackSource } from './pack-source.ts'
import type { Fields } from './record.ts'

/*
 * Builds packs for tests, by itself: it shares with the checker only bytes and SHA-256, and writes canonical JSON, the
 * tree and the note in the plainest way that the standards allow.
 */

export interface Entry {
  readonly stream: string
  readonly type: string
  readonly at: string
  readonly by: Fields
  readonly data: Fields
  readonly personal?: Fields
}

export interface TestPack {
  readonly files: Map<string, Bytes>
  readonly checkpoint: string
  readonly key: string
  /** Name of the record at each place. */
  readonly names: readonly string[]
  readonly leafHashes: readonly Bytes[]
}

export interface LogKey {
  readonly origin: string
  readonly privateKey: Key
  readonly publicKey: Key
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

export async function newLogKey(origin = 'tenure.local/test'): Promise<LogKey> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('a pair was asked for')
  return { origin, privateKey: pair.privateKey, publicKey: pair.publicKey }
}

/** A pack of these entries in this order, well made and signed. Versions are counted, so leaving out an entry leaves no gap. */
export async function packOf(entries: readonly Entry[], logKey?: LogKey): Promise<TestPack> {
  const key = logKey ?? (await newLogKey())
  const versions = new Map<string, number>()
  const lines: string[] = []
  const names: string[] = []
  const leafHashes: Bytes[] = []
  for (const [index, entry] of entries.entries()) {
    const version = (versions.get(entry.stream) ?? 0) + 1
    versions.set(entry.stream, version)
    const { line, leafHash } = await lineOf(entry, version, index)
    lines.push(line)
    names.push(`${entry.stream}@${version}`)
    leafHashes.push(leafHash)
  }
  const files = new Map<string, Bytes>()
  files.set('records.jsonl', bytesOf(lines.map((line) => `${line}\n`).join('')))
  const stored = names.map((name, i) => `{"leaf":"${hexOf(leafHashes[i] ?? new Uint8Array())}","name":"${name}"}\n`)
  files.set('names.jsonl', bytesOf(stored.join('')))
  await storeTree(files, leafHashes)
  const head = { size: entries.length, root: await rootOf(leafHashes) }
  const checkpoint = await signHead(key, head)
  files.set('checkpoint', bytesOf(checkpoint))
  const manifest = { format: 1, origin: key.origin, records: head.size, rootHash: base64(head.root) }
  files.set('manifest.json', bytesOf(JSON.stringify(manifest)))
  return { files, checkpoint, key: await verifierKeyOf(key), names, leafHashes }
}

/** One line of records.jsonl and its leaf hash. */
export async function lineOf(entry: Entry, version: number, index: number): Promise<{ line: string; leafHash: Bytes }> {
  const { stream, type, at, by, data } = entry
  const salt = new Uint8Array(16).fill(index + 1)
  const nonce = new Uint8Array(16).fill(255 - (index % 200))
  const fields = entry.personal
  const personal = fields && hexOf(await sha256(joined(salt, bytesOf(canonical(fields)))))
  const record = { v: 1, stream, version, type, at, by, data, personal: personal ?? null }
  const commitment = hexOf(await sha256(joined(nonce, bytesOf(canonical(record)))))
  const leaf = canonical({ v: 1, type, at, commitment })
  const line = canonical({
    index,
    nonce: hexOf(nonce),
    record,
    personal: fields ? { salt: hexOf(salt), fields } : null,
  })
  return { line, leafHash: await sha256(joined(Uint8Array.of(0), bytesOf(leaf))) }
}

export function sourceOf(files: ReadonlyMap<string, Bytes>): PackSource {
  return {
    size: (name) => Promise.resolve(files.get(name)?.length ?? null),
    read: (name, from, length) => Promise.resolve((files.get(name) ?? new Uint8Array()).slice(from, from + length)),
  }
}

/** The root of RFC 6962, as section 2.1 defines it. */
export async function rootOf(leafHashes: readonly Bytes[]): Promise<Bytes> {
  const [only] = leafHashes
  if (only === undefined) return sha256(new Uint8Array(0))
  if (leafHashes.length === 1) return only
  const split = 2 ** (Math.ceil(Math.log2(leafHashes.length)) - 1)
  return nodeOf(await rootOf(leafHashes.slice(0, split)), await rootOf(leafHashes.slice(split)))
}

/** Writes every level of complete subtrees. */
export async function storeTree(files: Map<string, Bytes>, leafHashes: readonly Bytes[]): Promise<void> {
  let row = leafHashes
  for (let level = 0; row.length > 0; level++) {
    files.set(`tree/${level}`, joined(...row))
    const next: Bytes[] = []
    for (let i = 0; i + 1 < row.length; i += 2) next.push(await nodeOf(row[i] ?? NONE, row[i + 1] ?? NONE))
    row = next
  }
}

export async function signHead(key: LogKey, head: { readonly size: number; readonly root: Bytes }): Promise<string> {
  return signText(key, `${key.origin}\n${head.size}\n${base64(head.root)}\n`)
}

export async function signText(key: LogKey, text: string): Promise<string> {
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key.privateKey, bytesOf(text)))
  const line = base64(joined((await keyIdOf(key)).keyId, signature))
  return `${text}\n\u2014 ${key.origin} ${line}\n`
}

export async function verifierKeyOf(key: LogKey): Promise<string> {
  const { keyId, typed } = await keyIdOf(key)
  return `${key.origin}+${hexOf(keyId)}+${base64(typed)}`
}

const NONE = new Uint8Array(0)

async function keyIdOf(key: LogKey): Promise<{ keyId: Bytes; typed: Bytes }> {
  const typed = joined(Uint8Array.of(1), new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey)))
  const keyId = (await sha256(joined(bytesOf(`${key.origin}\n`), typed))).slice(0, 4)
  return { keyId, typed }
}

async function nodeOf(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(joined(Uint8Array.of(1), left, right))
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** Enough of RFC 8785 for the plain values of tests: keys in order, and JSON.stringify for the rest. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
