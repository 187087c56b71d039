import { openCheckpoint, parseVerifierKey } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Findings } from './finding.ts'

/** What is trusted, and comes from outside the pack. */
export interface Trust {
  /** Signed checkpoints of the log. The largest must cover the pack; older ones show that nothing was rewritten since. */
  readonly checkpoints: readonly string[]
  /** The log's verifier key, `<name>+<key id>+<base64>`. */
  readonly key: string
}

/** The heads that the key has signed, the largest first. None when any of them cannot be trusted. */
export async function trustedHeads({ checkpoints, key }: Trust, findings: Findings): Promise<readonly Checkpoint[]> {
  const verifierKey = await parseVerifierKey(key)
  if (verifierKey === null) {
    findings.add('checkpoint not signed by the key', null, null, 'the verifier key is not understood')
    return []
  }
  const heads: Checkpoint[] = []
  for (const note of checkpoints) {
    const opened = await openCheckpoint(note, verifierKey)
    switch (opened.kind) {
      case 'trusted':
        heads.push(opened.checkpoint)
        break
      case 'not understood':
        findings.add('checkpoint not understood', null, null, 'the checkpoint is not a signed note of a log')
        break
      case 'not signed by the key':
        findings.add('checkpoint not signed by the key', null, null, `${verifierKey.name} did not sign this checkpoint`)
        break
      case 'of another log':
        findings.add('checkpoint of another log', null, null, `the checkpoint is of ${opened.origin}`)
    }
  }
  if (checkpoints.length === 0) findings.add('checkpoint not understood', null, null, 'no checkpoint was given')
  if (findings.total() > 0) return []
  return heads.toSorted((a, b) => b.size - a.size)
}
