import { isoOf } from '#core/instant.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import { canonicalJson } from '#verify/canonical-json.ts'
import type { InvariantInTime, Violation } from './invariant.ts'
import { linesOf, packOf } from './pack-on-disk.ts'

/** In one schedule of so many (pack-on-disk.ts). The file of windows is no evidence, and has tests of its own. */
export const theExportIsWhole: InvariantInTime = {
  id: 'I28',
  says: 'An export holds every record of the log up to its head, in their order, word for word, and no other.',
  async check(facts) {
    const pack = await packOf(facts)
    if (pack === null) return null
    const at = facts.run.start + facts.run.schedule.endMs
    if (pack.kind === 'not written') return [{ at, what: `the evidence could not be exported: ${pack.because}` }]
    const lines = linesOf(pack.files)
    const size = facts.product.checkpoints.at(-1)?.size ?? 0
    const broken: Violation[] = []
    if (lines.length !== size) broken.push({ at, what: `the export holds ${lines.length} of ${size} records` })
    const wrong = lines.findIndex((line, index) => line !== lineOf(facts.product.events[index], index))
    if (wrong !== -1) {
      const { stream = 'nothing', version = 0 } = facts.product.events[wrong] ?? {}
      broken.push({ at, what: `line ${wrong + 1} of the export is not ${stream}@${version} as it is in the log` })
    }
    return broken
  },
}

/** As docs/evidence.md says. */
function lineOf(event: StoredEvent | undefined, index: number): string | null {
  if (event === undefined) return null
  const { stream, version, type, by, data, personal, personalFields, salt, nonce } = event
  const record = { v: 1, stream, version, type, at: isoOf(event.at), by, data, personal }
  const kept = personalFields && salt ? { salt: salt.toString('hex'), fields: personalFields } : null
  return canonicalJson({ index, nonce: nonce.toString('hex'), record, personal: kept })
}
