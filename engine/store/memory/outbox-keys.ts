import type { OutboxRow } from './tables.ts'

/** Messages of one key go out in order: only the oldest open one of a key can be claimed. */
export class OutboxKeys {
  private readonly waiting = new Map<string, string[]>()

  placeOf({ key }: OutboxRow): string {
    return key
  }

  /** Numbers only grow, so the newest stands behind all others. What comes back after a transaction that failed stood here before. */
  added({ id, key }: OutboxRow): void {
    const ids = this.waiting.get(key)
    if (ids === undefined) this.waiting.set(key, [id])
    else if (Number(ids.at(-1)) < Number(id)) ids.push(id)
  }

  first(key: string, rows: ReadonlyMap<string, OutboxRow>): OutboxRow | undefined {
    const ids = this.waiting.get(key) ?? []
    const place = ids.findIndex((id) => rows.has(id))
    if (place < 0) {
      this.waiting.delete(key)
      return undefined
    }
    ids.splice(0, place)
    return rows.get(ids[0] ?? '')
  }
}
