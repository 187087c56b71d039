import type { Identified } from './table.ts'

/** Rows by the keys they carry. */
export class KeyIndex<Row extends Identified> {
  private readonly byKey = new Map<string, Map<string, Row>>()
  private readonly keysOf: (row: Row) => readonly string[]

  constructor(keysOf: (row: Row) => readonly string[]) {
    this.keysOf = keysOf
  }

  readonly changed = (before: Row | undefined, after: Row | undefined): void => {
    if (before !== undefined) for (const key of this.keysOf(before)) this.byKey.get(key)?.delete(before.id)
    if (after === undefined) return
    for (const key of this.keysOf(after)) {
      const carriers = this.byKey.get(key) ?? new Map<string, Row>()
      this.byKey.set(key, carriers.set(after.id, after))
    }
  }

  carriers(key: string): readonly Row[] {
    return [...(this.byKey.get(key)?.values() ?? [])]
  }
}
