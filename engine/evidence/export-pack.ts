import { recordOf } from '#core/evidence-record/record.ts'
import type { Ports } from '../ports.ts'
import { writePack, type WrittenPack } from './pack.ts'
import type { SealedRecord } from './seal.ts'

const PAGE = 2_000

export interface ExportedPack extends WrittenPack {
  /** The signed note that the pack was written for. The log goes on meanwhile, and the newest one may be another by now. */
  readonly checkpoint: string
}

/** Writes everything that the newest checkpoint covers into a folder that anybody can check without us; null when nothing is sealed yet. */
export async function exportPack(ports: Ports, folder: string, writtenBy: string): Promise<ExportedPack | null> {
  const checkpoint = await ports.store.newestCheckpoint()
  if (!checkpoint) return null
  const records = sealedRecords(ports, checkpoint.size)
  const { note } = checkpoint
  const written = await writePack(folder, { records, checkpoint: note, writtenAt: ports.clock.now(), writtenBy })
  return { ...written, checkpoint: note }
}

async function* sealedRecords(ports: Ports, size: number): AsyncGenerator<SealedRecord> {
  for (let from = 0; from < size; from += PAGE) {
    for (const sealed of await ports.store.sealed(from, Math.min(PAGE, size - from))) {
      const { event } = sealed
      yield {
        index: sealed.index,
        nonce: event.nonce,
        record: recordOf({ ...event, personal: null }, event.personal),
        personal: event.personalFields && event.salt ? { fields: event.personalFields, salt: event.salt } : null,
        leafHash: sealed.leafHash,
      }
    }
  }
}
