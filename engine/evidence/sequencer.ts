import type { JsonObject } from '#core/event.ts'
import type { Ports } from '../ports.ts'
import type { Sealing } from '../store/store.ts'
import type { Job } from '../workers/workers.ts'
import { signCheckpoint } from './checkpoint.ts'
import { appendLeaves, EMPTY_FRONTIER, rootOf, type Frontier } from './merkle-tree.ts'
import { leafHashOfEvent } from './seal.ts'
import type { SigningKey } from './signed-note.ts'

const SEALED_AT_ONCE = 5_000

/**
 * Turns committed events into leaves of the log and signs a checkpoint; any number of replicas may run it, one works. It
 * seals in portions, at most one each `everyMs`: a checkpoint for every handful of records would cost more than it says.
 */
export function sequencerJob(ports: Ports, key: SigningKey, everyMs: number): Job {
  let sealedAt: number | null = null
  return {
    name: 'sequencer',
    lanes: 1,
    queue: null,
    restMs: Math.max(everyMs, 25),
    async step() {
      const now = ports.clock.now()
      if (sealedAt !== null && now - sealedAt < everyMs) return 0
      const sealed = await ports.store.seal(SEALED_AT_ONCE, sealingWith(key, now))
      if (sealed > 0 && sealed < SEALED_AT_ONCE) sealedAt = now
      return sealed
    },
  }
}

export function sealingWith(key: SigningKey, at: number): Sealing {
  return {
    at,
    leafHash: leafHashOfEvent,
    grow(frontier, size, leafHashes) {
      const before = frontier === null ? EMPTY_FRONTIER : frontierFrom(frontier, size)
      const after = appendLeaves(before, leafHashes)
      const rootHash = Buffer.from(rootOf(after))
      return { frontier: frontierJson(after), rootHash, note: signCheckpoint({ size: after.size, rootHash }, key) }
    },
  }
}

function frontierJson(frontier: Frontier): JsonObject {
  return { peaks: frontier.peaks.map((peak) => Buffer.from(peak).toString('hex')) }
}

function frontierFrom(json: JsonObject, size: number): Frontier {
  return { size, peaks: (json['peaks'] as readonly string[]).map((peak) => Buffer.from(peak, 'hex')) }
}
