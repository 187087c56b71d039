import type { Findings } from './finding.ts'
import type { EvidenceRecord } from './record.ts'

/** Checks, record by record, that each stream counts 1, 2, 3 … without a gap and without a repetition. */
export type CheckVersion = (record: EvidenceRecord, index: number) => void

export function newVersionCheck(findings: Findings): CheckVersion {
  const lastVersions = new Map<string, number>()
  return ({ stream, version }, index) => {
    const last = lastVersions.get(stream) ?? 0
    if (version === last + 1) {
      lastVersions.set(stream, version)
    } else if (version <= last) {
      findings.add('version repeated', `${stream}@${version}`, index, `version ${version} comes after version ${last}`)
    } else {
      const missing = `${stream}@${last + 1}`
      findings.add('version missing', missing, index, `version ${version} comes after version ${last} of ${stream}`)
      lastVersions.set(stream, version)
    }
  }
}
