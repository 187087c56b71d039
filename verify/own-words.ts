import { equal, fromBase64 } from './bytes.ts'
import { readCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Findings } from './finding.ts'
import { readText } from './pack-source.ts'
import type { PackSource } from './pack-source.ts'
import { isFields } from './record.ts'

/*
 * What a pack says of itself proves nothing, and is compared all the same: a pack that contradicts the checkpoint it is
 * handed over with has been put together wrongly, or by somebody with a purpose.
 */

const FORMAT = 1

export async function checkManifest(source: PackSource, head: Checkpoint, findings: Findings): Promise<void> {
  const text = await readText(source, 'manifest.json')
  if (text === null) return findings.add('file missing', null, null, 'the pack has no readable manifest.json')
  const manifest = parsed(text)
  const differs = (said: string): void => findings.add('manifest differs', null, null, said)
  if (!isFields(manifest)) return differs('manifest.json is not a JSON object')
  if (manifest['format'] !== FORMAT) return differs(`the pack is not of format ${FORMAT}, which this program knows`)
  if (manifest['origin'] !== head.origin) return differs('the manifest names another log than the checkpoint')
  if (manifest['records'] !== head.size) return differs('the manifest counts other records than the checkpoint')
  const root = typeof manifest['rootHash'] === 'string' ? fromBase64(manifest['rootHash']) : null
  if (root === null || !equal(root, head.root)) differs('the manifest names another root than the checkpoint')
}

/** The pack's own copy may carry more signatures than ours, and must speak of the same head. */
export async function checkOwnCheckpoint(source: PackSource, head: Checkpoint, findings: Findings): Promise<void> {
  const note = await readText(source, 'checkpoint')
  if (note === null) return findings.add('file missing', null, null, 'the pack has no readable checkpoint')
  const own = readCheckpoint(note)
  const same = own !== null && own.origin === head.origin && own.size === head.size && equal(own.root, head.root)
  if (!same) findings.add('pack checkpoint differs', null, null, 'the checkpoint in the pack is not the trusted one')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
