import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportPack } from '#engine/evidence/export-pack.ts'
import type { PackSource } from '#verify/pack-source.ts'
import type { Facts } from '../facts.ts'

/** A pack, as its files lay on the disk. `because`: there is none, and why. */
export type PackOnDisk =
  | { readonly kind: 'written'; readonly files: PackFiles; readonly rootAgrees: boolean }
  | { readonly kind: 'not written'; readonly because: string }

export type PackFiles = ReadonlyMap<string, Uint8Array>

/** Writing takes longer than a whole run: one schedule in so many has its evidence exported. */
const EXPORTED_EVERY = 50

export function isExported(seed: number): boolean {
  return seed % EXPORTED_EVERY === 0
}

const kept = new WeakMap<Facts, Promise<PackOnDisk | null>>()

/** Exports what is sealed, by the product's own export; null when this schedule is not one of those, or nothing is sealed. */
export function packOf(facts: Facts): Promise<PackOnDisk | null> {
  if (!isExported(facts.run.schedule.seed)) return Promise.resolve(null)
  let pack = kept.get(facts)
  if (pack === undefined) kept.set(facts, (pack = write(facts)))
  return pack
}

async function write({ run, store }: Facts): Promise<PackOnDisk | null> {
  const parent = await mkdtemp(join(tmpdir(), 'tenure-simulation-'))
  const folder = join(parent, 'pack')
  const end = run.start + run.schedule.endMs
  const ports = {
    store,
    clock: { now: () => end, sleep: () => Promise.resolve() },
    ids: { next: (prefix: string) => prefix, bytes: (length: number) => Buffer.alloc(length) },
    provider: () => undefined,
    log: () => undefined,
  }
  try {
    const written = await exportPack(ports, folder, 'tenure simulation')
    if (written === null) return null
    return { kind: 'written', files: await filesIn(folder), rootAgrees: written.rootAgrees }
  } catch (fault) {
    return { kind: 'not written', because: String(fault) }
  } finally {
    await rm(parent, { recursive: true })
  }
}

async function filesIn(folder: string): Promise<PackFiles> {
  const files = new Map<string, Uint8Array>()
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(path.slice(folder.length + 1), await readFile(path))
  }
  return files
}

/** The files as the checker takes them. */
export function sourceOf(files: PackFiles): PackSource {
  return {
    size: (name) => Promise.resolve(files.get(name)?.length ?? null),
    read: (name, from, length) => Promise.resolve(new Uint8Array(files.get(name)?.subarray(from, from + length) ?? [])),
  }
}

export const RECORDS = 'records.jsonl'

/** The lines of the records, without their ends. */
export function linesOf(files: PackFiles): readonly string[] {
  const text = new TextDecoder().decode(files.get(RECORDS))
  return text.split('\n').slice(0, -1)
}

export function withLines(files: PackFiles, lines: readonly string[]): PackFiles {
  return new Map([...files, [RECORDS, new TextEncoder().encode(lines.map((each) => `${each}\n`).join(''))]])
}
