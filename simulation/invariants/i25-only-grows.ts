import { hash } from 'node:crypto'
import { isoOf } from '#core/instant.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import { canonicalJson } from '#verify/canonical-json.ts'
import { verifyPack, type Verdict } from '#verify/verify-pack.ts'
import type { Facts } from '../facts.ts'
import { SIGNING_KEY } from '../world/site.ts'
import { timeOf } from './in-words.ts'
import type { InvariantInTime, Violation } from './invariant.ts'
import { isExported, linesOf, packOf, RECORDS, sourceOf, withLines, type PackFiles } from './pack-on-disk.ts'

/**
 * Roots are computed from the leaves as they were sealed, and leaves from their events, by this page's own few lines: in
 * each run some of the leaves, and all of them where a pack is written. That pack has to pass the auditor's check under
 * every head that was ever signed, and must not pass it once it was touched.
 */
export const onlyGrows: InvariantInTime = {
  id: 'I25',
  says: 'Every head that was ever signed is that of the first events of the log; a pack passes, and not with one byte, one record or the order changed.',
  async check(facts) {
    if (facts.product.checkpoints.length === 0) return null
    return [...headsThatDiffer(facts, await leavesOf(facts)), ...(await packsThatPass(facts))]
  },
}

async function leavesOf({ product, store }: Facts): Promise<readonly Buffer[]> {
  const sealed = await store.sealed(0, product.events.length)
  return sealed.map((each) => each.leafHash)
}

/** Of so many leaves one is computed anew: which, says the seed. */
const LEAVES_APART = 8

function* headsThatDiffer({ run, product }: Facts, leaves: readonly Buffer[]): Iterable<Violation> {
  const { seed } = run.schedule
  const apart = isExported(seed) ? 1 : LEAVES_APART
  const peaks: Peak[] = []
  let size = 0
  for (const { size: headSize, rootHash, note, at } of product.checkpoints) {
    const [, saidSize, saidRoot] = note.split('\n')
    if (saidSize !== String(headSize) || saidRoot !== rootHash.toString('base64'))
      yield { at, what: `the signed note of the head of ${headSize} leaves says something else` }
    if (headSize < size) yield { at, what: `a head of ${headSize} leaves came after one of ${size}` }
    for (; size < headSize; size += 1) {
      const [event, leaf] = [product.events[size], leaves[size]]
      if (event === undefined || leaf === undefined) {
        yield { at, what: `a head of ${headSize} leaves was signed, and there are ${size} events` }
        return
      }
      if (size % apart === seed % apart && !leafHashOf(event).equals(leaf))
        yield { at, what: `${event.stream}@${event.version} is not what was sealed in its place` }
      grow(peaks, leaf)
    }
    if (!rootOf(peaks).equals(rootHash))
      yield {
        at,
        what: `the head of ${headSize} leaves, signed ${timeOf(at)}, is not that of the first events of the log`,
      }
  }
}

function leafHashOf({ stream, version, type, at: instant, by, data, personal, nonce }: StoredEvent): Buffer {
  const at = isoOf(instant)
  const record = canonicalJson({ v: 1, stream, version, type, at, by, data, personal }) ?? ''
  const commitment = hash('sha256', joined(nonce, record), 'hex')
  // Canonical by its making: the keys are in their order, and there is no white space.
  const leaf = `{"at":"${at}","commitment":"${commitment}","type":${JSON.stringify(type)},"v":1}`
  return hash('sha256', joined(LEAF, leaf), 'buffer')
}

const LEAF = Buffer.of(0)

function joined(head: Uint8Array, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + Buffer.byteLength(text))
  bytes.set(head)
  bytes.write(text, head.length)
  return bytes
}

/** The root of a whole subtree of 2^height leaves. */
interface Peak {
  readonly height: number
  readonly root: Buffer
}

function grow(peaks: Peak[], leaf: Buffer): void {
  let peak: Peak = { height: 0, root: leaf }
  for (let last = peaks.at(-1); last?.height === peak.height; last = peaks.at(-1)) {
    peaks.pop()
    peak = { height: peak.height + 1, root: nodeOf(last.root, peak.root) }
  }
  peaks.push(peak)
}

function rootOf(peaks: readonly Peak[]): Buffer {
  return peaks.map((each) => each.root).reduceRight((right, left) => nodeOf(left, right))
}

const node = Buffer.alloc(65, 1)

function nodeOf(left: Buffer, right: Buffer): Buffer {
  node.set(left, 1)
  node.set(right, 33)
  return hash('sha256', node, 'buffer')
}

async function packsThatPass(facts: Facts): Promise<readonly Violation[]> {
  const pack = await packOf(facts)
  if (pack?.kind !== 'written') return []
  const { files, rootAgrees } = pack
  const checkpoints = facts.product.checkpoints.map((each) => each.note)
  const check = (some: PackFiles): Promise<Verdict> =>
    verifyPack(sourceOf(some), { checkpoints, key: SIGNING_KEY.verifierKey })
  const at = facts.run.start + facts.run.schedule.endMs
  const broken: Violation[] = []
  const whole = await check(files)
  if (!rootAgrees) broken.push({ at, what: 'the export says that its records do not give the signed root' })
  for (const { code, record, said } of whole.findings) broken.push({ at, what: `the pack: ${code} ${record}, ${said}` })
  for (const [what, touched] of touchedOnes(files, facts.run.schedule.seed)) {
    const { verified, findings } = await check(touched)
    if (verified || findings.length === 0) broken.push({ at, what: `the pack passes with ${what}` })
  }
  return broken
}

function* touchedOnes(files: PackFiles, seed: number): Iterable<readonly [what: string, files: PackFiles]> {
  const bytes = Uint8Array.from(files.get(RECORDS) ?? [])
  const byte = (seed * 7_919) % bytes.length
  bytes[byte] = (bytes[byte] ?? 0) ^ 1
  yield [`byte ${byte} changed`, new Map([...files, [RECORDS, bytes]])]
  const lines = linesOf(files)
  const place = (seed * 104_729) % (lines.length - 1)
  yield [`record ${place} left out`, withLines(files, lines.toSpliced(place, 1))]
  const [first = '', second = ''] = lines.slice(place, place + 2)
  yield [`records ${place} and ${place + 1} swapped`, withLines(files, lines.toSpliced(place, 2, second, first))]
}
