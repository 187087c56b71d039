import type { JsonObject } from '#core/event.ts'
import type { SealedEvent, Sealing, StoredCheckpoint, StoredEvent } from '../store.ts'
import { storedJson } from './stored-json.ts'
import type { Transaction } from './transaction.ts'

export interface CheckpointRow extends StoredCheckpoint {
  readonly frontier: JsonObject
}

/**
 * All events in the order of their position, and the log over them. Transactions follow one upon the other in here, so
 * what is sealed is always a beginning of all events, and the index of a leaf is the place of its event.
 */
export class EventLog {
  readonly events: StoredEvent[] = []
  readonly checkpoints: CheckpointRow[] = []
  private readonly places = new Map<string, number>()
  private readonly leafHashes: Buffer[] = []
  /** Of events that are not sealed yet, by their position: the leaf as it was known when they were decided. */
  private readonly knownLeaves = new Map<number, Buffer>()
  private positionsDrawn = 0
  private readonly transaction: Transaction

  constructor(transaction: Transaction) {
    this.transaction = transaction
  }

  get sealedCount(): number {
    return this.leafHashes.length
  }

  add(event: Omit<StoredEvent, 'position'>, leafHash?: Buffer): void {
    const name = nameOf(event.stream, event.version)
    // A position that was given back is not drawn again.
    this.positionsDrawn += 1
    const position = this.positionsDrawn
    if (leafHash) this.knownLeaves.set(position, leafHash)
    this.places.set(name, this.events.length)
    this.events.push(Object.freeze({ position, ...event }))
    this.transaction.wrote(() => {
      this.events.pop()
      this.knownLeaves.delete(position)
      this.places.delete(name)
    })
  }

  at(stream: string, version: number): StoredEvent | null {
    return this.events[this.places.get(nameOf(stream, version)) ?? -1] ?? null
  }

  seal(limit: number, sealing: Sealing): number {
    const size = this.sealedCount
    const events = this.events.slice(size, size + limit)
    if (events.length === 0) return 0
    const hashes = events.map((event) => this.knownLeaves.get(event.position) ?? Buffer.from(sealing.leafHash(event)))
    const grown = sealing.grow(this.checkpoints.at(-1)?.frontier ?? null, size, hashes)
    const rootHash = Buffer.from(grown.rootHash)
    const frontier = storedJson(grown.frontier)
    this.leafHashes.push(...hashes)
    for (const { position } of events) this.knownLeaves.delete(position)
    this.checkpoints.push({ size: size + events.length, rootHash, note: grown.note, at: sealing.at, frontier })
    return events.length
  }

  sealed(fromIndex: number, limit: number): readonly SealedEvent[] {
    const first = Math.max(fromIndex, 0)
    return this.leafHashes.slice(first, Math.max(fromIndex + limit, first)).flatMap((leafHash, place) => {
      const event = this.events[first + place]
      return event ? [{ index: first + place, leafHash, event }] : []
    })
  }

  /** The personal fields that were there; null when there were none. */
  erasePersonal(stream: string, version: number): JsonObject | null {
    const event = this.at(stream, version)
    if (event === null || event.personalFields === null) return null
    const place = this.places.get(nameOf(stream, version)) ?? -1
    this.events[place] = Object.freeze({ ...event, personalFields: null, salt: null })
    return event.personalFields
  }
}

function nameOf(stream: string, version: number): string {
  return `${stream}@${version}`
}
