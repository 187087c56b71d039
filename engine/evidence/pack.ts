import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Instant } from '#core/instant.ts'
import { isoOf } from '#core/instant.ts'
import { canonicalJson } from './canonical-json.ts'
import { readCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { newFile } from './file-appender.ts'
import type { FileAppender } from './file-appender.ts'
import { appendLeaves, EMPTY_FRONTIER, rootOf } from './merkle-tree.ts'
import type { SealedRecord } from './seal.ts'

/** What a pack is made of. */
export interface PackContents {
  /** All records that the checkpoint covers, in the order of the log, from index 0. */
  readonly records: AsyncIterable<SealedRecord> | Iterable<SealedRecord>
  /** The signed note of the newest checkpoint. */
  readonly checkpoint: string
  readonly writtenAt: Instant
  /** Name and version of the program, e.g. `tenure 0.1.0`. */
  readonly writtenBy: string
}

export interface WrittenPack {
  readonly folder: string
  readonly records: number
  /**
   * Whether the stored leaf hashes give the root that the checkpoint signs. If not, somebody has changed the database
   * behind our back: the pack is written all the same, because it is evidence of that too.
   */
  readonly rootAgrees: boolean
}

/**
 * Writes an evidence pack, a folder that can be checked without us (docs/evidence.md says what each file holds):
 *
 *     manifest.json   records.jsonl   checkpoint   names.jsonl   tree/0 … tree/<height>
 *
 * Everything streams: memory does not grow with the log. The folder appears whole, under its name, or not at all; a
 * folder of that name that already holds something is left alone, and its presence is a fault.
 */
export async function writePack(folder: string, contents: PackContents): Promise<WrittenPack> {
  const checkpoint = readCheckpoint(contents.checkpoint)
  if (checkpoint === null) throw new Error('a pack is written for a checkpoint, and this is none')
  await mkdir(dirname(folder), { recursive: true })
  await expectFree(folder)
  const part = `${folder}.part-${randomBytes(6).toString('hex')}`
  await mkdir(join(part, 'tree'), { recursive: true, mode: 0o750 })
  try {
    const rootHash = await writeLog(part, contents.records, checkpoint)
    await writeFile(join(part, 'checkpoint'), contents.checkpoint, { flush: true })
    await writeFile(join(part, 'manifest.json'), manifestText(contents, checkpoint), { flush: true })
    await syncFolder(join(part, 'tree'))
    await syncFolder(part)
    await rename(part, folder)
    await syncFolder(dirname(folder))
    return { folder, records: checkpoint.size, rootAgrees: Buffer.compare(rootHash, checkpoint.rootHash) === 0 }
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
}

async function writeLog(part: string, records: PackContents['records'], checkpoint: Checkpoint): Promise<Uint8Array> {
  const recordLines = await newFile(join(part, 'records.jsonl'))
  const nameLines = await newFile(join(part, 'names.jsonl'))
  const levels: FileAppender[] = []
  try {
    let frontier = EMPTY_FRONTIER
    for await (const sealed of records) {
      if (sealed.index !== frontier.size) throw new Error(`record ${sealed.index} came in place ${frontier.size}`)
      await recordLines.append(Buffer.from(recordLine(sealed), 'utf8'))
      await nameLines.append(Buffer.from(nameLine(sealed), 'utf8'))
      const finished: (readonly [level: number, hash: Uint8Array])[] = []
      frontier = appendLeaves(frontier, [sealed.leafHash], (level, hash) => finished.push([level, hash]))
      for (const [level, hash] of finished) {
        levels[level] ??= await newFile(join(part, 'tree', String(level)))
        await levels[level].append(hash)
      }
    }
    if (frontier.size !== checkpoint.size) {
      throw new Error(`${frontier.size} records came for a checkpoint of ${checkpoint.size}`)
    }
    for (const file of [recordLines, nameLines, ...levels]) await file.finish()
    return rootOf(frontier)
  } catch (error) {
    await Promise.allSettled([recordLines, nameLines, ...levels].map((file) => file.abandon()))
    throw error
  }
}

function recordLine({ index, nonce, record, personal }: SealedRecord): string {
  return `${canonicalJson({
    index,
    nonce: hexOf(nonce),
    record,
    personal: personal && { salt: hexOf(personal.salt), fields: personal.fields },
  })}\n`
}

/** Trusted for nothing. It lets the checker say the name of a record that is missing from the pack. */
function nameLine({ leafHash, record }: SealedRecord): string {
  return `${canonicalJson({ leaf: hexOf(leafHash), name: `${record.stream}@${record.version}` })}\n`
}

function manifestText(contents: PackContents, checkpoint: Checkpoint): string {
  const manifest = {
    what: 'Tenure evidence pack',
    format: 1,
    origin: checkpoint.origin,
    records: checkpoint.size,
    rootHash: Buffer.from(checkpoint.rootHash).toString('base64'),
    writtenAt: isoOf(contents.writtenAt),
    writtenBy: contents.writtenBy,
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/** Said at the start: `rename` would refuse as well, but only after hours of writing. */
async function expectFree(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (entries.length > 0) throw new Error(`${folder} is there already and is not empty`)
}

/** A name is on the disk only when the folder that holds it is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
