import { hexOf } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { FindingCode, Findings } from './finding.ts'
import { newLeafFinder } from './leaf-finder.ts'
import { MOST_TOLD, newLineUp } from './line-up.ts'
import type { Disorder } from './line-up.ts'
import type { PackSource } from './pack-source.ts'
import { sealedLines } from './sealed-lines.ts'
import type { SealedLine } from './sealed-lines.ts'
import { signedLeaves } from './signed-leaves.ts'
import type { SignedLeaves } from './signed-leaves.ts'
import { storedNames } from './stored-names.ts'

/**
 * The records do not give the signed root: says which of them were changed, dropped, doubled, moved or added. Reads
 * the records a second time and lays them beside the leaves that the signed root vouches for. Answers whether there
 * were such leaves: when the tree of the pack was rewritten up to its root, nothing is left to compare with.
 */
export async function findCulprits(source: PackSource, checkpoint: Checkpoint, findings: Findings): Promise<boolean> {
  const signed = await signedLeaves(source, checkpoint)
  if (signed === null) return false
  const { disorder, lines } = await lineUp(source, signed)
  const culprits = culpritsOf(disorder, lines, signed).toSorted((a, b) => a.index - b.index)
  const names = await namesAt(source, signed, culprits)
  for (const { code, index, line, said } of culprits) {
    // The pack's list beside a signed hash says what stood there; the line itself may have been given another name.
    const name = names.get(index) ?? line?.name ?? null
    const renamed = line?.name != null && name !== line.name ? `; the line calls itself ${line.name}` : ''
    findings.add(code, name, index, said + renamed)
  }
  return true
}

interface Culprit {
  readonly code: FindingCode
  readonly index: number
  readonly line: SealedLine | null
  readonly said: string
}

type LinesByPosition = ReadonlyMap<number, SealedLine>

async function lineUp(
  source: PackSource,
  signed: SignedLeaves,
): Promise<{ disorder: Disorder; lines: LinesByPosition }> {
  const find = newLeafFinder(signed)
  const order = newLineUp(signed.size)
  const lines = new Map<number, SealedLine>()
  let previous = -1
  for await (const batch of sealedLines(source)) {
    for (const line of batch) {
      const leaf = line.kind === 'read' ? find(line.leafHash) : -1
      order.take(leaf)
      // Whoever is told later does not follow on its predecessor.
      if (leaf !== previous + 1 && lines.size < 2 * MOST_TOLD) lines.set(line.position, line)
      previous = leaf === -1 ? previous + 1 : leaf
    }
  }
  return { disorder: order.end(), lines }
}

function culpritsOf(disorder: Disorder, lines: LinesByPosition, signed: SignedLeaves): Culprit[] {
  const culprits: Culprit[] = []
  const tell = (code: FindingCode, index: number, position: number | null, said: string): void => {
    culprits.push({ code, index, line: position === null ? null : (lines.get(position) ?? null), said })
  }
  for (const { position, leaf } of disorder.misplaced) {
    tell('record misplaced', leaf, position, `stands in line ${position + 1}, and its place in the log is ${leaf}`)
  }
  for (const { position, leaf } of disorder.doubled) {
    tell('record doubled', leaf, position, `line ${position + 1} repeats the record at ${leaf}`)
  }
  for (const { position, leaf } of disorder.changed) {
    const line = lines.get(position)
    if (line?.kind === 'unreadable') tell('record unreadable', leaf, position, line.flaw)
    else if (signed.at(leaf) === null) tell('record suspected', leaf, position, suspicion(signed, leaf))
    else tell('record changed', leaf, position, 'what it says does not give the leaf that is under the signed root')
  }
  for (const position of disorder.added) {
    const line = lines.get(position)
    const flaw = line?.kind === 'unreadable' ? `: ${line.flaw}` : ''
    tell('record added', position, position, `line ${position + 1} is not under the signed root${flaw}`)
  }
  for (const leaf of disorder.missing) {
    tell('record missing', leaf, null, 'a leaf is under the signed root, and no line of the pack gives it')
  }
  return culprits
}

/** The records around this one for which the signed root vouches no more. */
function suspicion(signed: SignedLeaves, leaf: number): string {
  let first = leaf
  let last = leaf
  while (first > 0 && signed.at(first - 1) === null) first--
  while (last + 1 < signed.size && signed.at(last + 1) === null) last++
  return `of the records ${first} to ${last} at least one was changed together with its hashes in the tree`
}

async function namesAt(
  source: PackSource,
  signed: SignedLeaves,
  culprits: readonly Culprit[],
): Promise<ReadonlyMap<number, string>> {
  const wanted = new Set(culprits.filter(({ code }) => code !== 'record added').map(({ index }) => index))
  const names = new Map<number, string>()
  for await (const { position, leaf, name } of storedNames(source)) {
    if (!wanted.has(position)) continue
    const hash = signed.at(position)
    if (hash === null || hexOf(hash) === leaf) names.set(position, name)
  }
  return names
}
