import type { Checkpoint } from './checkpoint.ts'
import { findCulprits } from './find-culprits.ts'
import { newFindings } from './finding.ts'
import type { Finding, Findings } from './finding.ts'
import { count, newCounts } from './follow/counts.ts'
import type { Counts } from './follow/counts.ts'
import { newFollower } from './follow/follow.ts'
import type { OpenChange } from './follow/follow.ts'
import { checkManifest, checkOwnCheckpoint } from './own-words.ts'
import type { PackSource } from './pack-source.ts'
import { newRootCheck } from './root-check.ts'
import { sealedLines } from './sealed-lines.ts'
import type { SealedLine } from './sealed-lines.ts'
import { newVersionCheck } from './stream-versions.ts'
import { trustedHeads } from './trusted-heads.ts'
import type { Trust } from './trusted-heads.ts'

export interface Verdict extends Counts {
  readonly verified: boolean
  readonly records: number
  /** Records whose personal fields were erased: as it should be, where somebody asked for it. */
  readonly erased: number
  /** The checkpoint that the pack was held against; null when none could be trusted. */
  readonly checkpoint: { readonly origin: string; readonly size: number } | null
  /** Changes that were still under way at the checkpoint. */
  readonly open: readonly OpenChange[]
  /** What is wrong, the first thousand; `findingsInAll` counts the rest too. */
  readonly findings: readonly Finding[]
  readonly findingsInAll: number
}

/**
 * Checks a pack, believing nothing in it. Everything is derived again from the records: their canonical form, their
 * commitments, the tree, the root, and then the life of every identity change. One pass over the records when all is
 * well; a second one, to name the culprits, when it is not.
 */
export async function verifyPack(source: PackSource, trust: Trust): Promise<Verdict> {
  // Three lists: a cascade of broken links or of shifted places must not crowd out the record that was tampered with.
  const sealFindings = newFindings()
  const placeFindings = newFindings()
  const linkFindings = newFindings()
  const counts = newCounts()
  const heads = await trustedHeads(trust, sealFindings)
  const [newest] = heads
  if (newest === undefined) return verdict(counts, 0, 0, null, [], [sealFindings])

  await checkManifest(source, newest, sealFindings)
  await checkOwnCheckpoint(source, newest, sealFindings)
  if ((await source.size('records.jsonl')) === null) {
    sealFindings.add('file missing', null, null, 'the pack has no records.jsonl')
    return verdict(counts, 0, 0, newest, [], [sealFindings])
  }

  const follower = newFollower(linkFindings)
  const checkVersion = newVersionCheck(linkFindings)
  const tree = await newRootCheck(heads)
  let records = 0
  let erased = 0
  for await (const batch of sealedLines(source)) {
    await tree.take(batch)
    for (const line of batch) {
      records++
      if (line.kind !== 'read') continue
      if (line.personal === 'erased') erased++
      checkPersonal(line, sealFindings)
      checkPlace(line, placeFindings)
      checkVersion(line.record, line.index)
      follower.follow(line.record, line.name, line.index)
      count(counts, line.record)
    }
  }
  const open = follower.finish()
  const agrees = tree.agrees(newest) && records === newest.size
  if (!agrees) await nameCulprits(source, newest, sealFindings)
  for (const { size } of tree.disagreeing()) {
    sealFindings.add(
      'checkpoints disagree',
      null,
      null,
      `the signed head of size ${size} is not a beginning of this log`,
    )
  }
  // Beside a missing line every later place is shifted, and says nothing.
  const lists = agrees ? [sealFindings, placeFindings, linkFindings] : [sealFindings, linkFindings]
  return verdict(counts, records, erased, newest, open, lists)
}

async function nameCulprits(source: PackSource, head: Checkpoint, findings: Findings): Promise<void> {
  const before = findings.total()
  const compared = await findCulprits(source, head, findings)
  if (compared && findings.total() > before) return
  const said = compared
    ? 'the records do not give the signed root'
    : 'neither the records nor the tree in the pack give the signed root: which record was changed cannot be told'
  findings.add('root differs', null, null, said)
}

function checkPersonal({ personal, name, index }: SealedLine & { kind: 'read' }, findings: Findings): void {
  if (personal === 'changed') {
    findings.add('personal fields differ', name, index, 'the personal fields do not give the digest in the record')
  } else if (personal === 'unexpected') {
    findings.add('personal fields differ', name, index, 'the record has no personal fields, and the pack has some')
  }
}

function checkPlace({ index, name, position }: SealedLine & { kind: 'read' }, findings: Findings): void {
  if (index !== position) findings.add('index differs', name, position, `line ${position + 1} says that it is ${index}`)
}

function verdict(
  counts: Counts,
  records: number,
  erased: number,
  head: Checkpoint | null,
  open: readonly OpenChange[],
  lists: readonly Findings[],
): Verdict {
  const findings = lists.flatMap((list) => list.list)
  const findingsInAll = lists.reduce((sum, list) => sum + list.total(), 0)
  const checkpoint = head && { origin: head.origin, size: head.size }
  return { verified: findingsInAll === 0, records, erased, ...counts, checkpoint, open, findings, findingsInAll }
}
