import type { Transaction } from './transaction.ts'

export interface Identified {
  readonly id: string
}

/** Rows by their id. A row never changes: another takes its place, so whoever looks on holds what was true. */
export class Table<Row extends Identified> {
  private readonly byId = new Map<string, Row>()
  private readonly transaction: Transaction
  private readonly changed: (before: Row | undefined, after: Row | undefined) => void

  /** `changed` keeps an index up to date; it hears of what is taken back, too. */
  constructor(transaction: Transaction, changed: (before: Row | undefined, after: Row | undefined) => void) {
    this.transaction = transaction
    this.changed = changed
  }

  get rows(): ReadonlyMap<string, Row> {
    return this.byId
  }

  get(id: string): Row | undefined {
    return this.byId.get(id)
  }

  put(row: Row): void {
    this.write(row.id, row)
  }

  remove(id: string): void {
    this.write(id, undefined)
  }

  private write(id: string, row: Row | undefined): void {
    const before = this.byId.get(id)
    this.set(id, before, row)
    this.transaction.wrote(() => this.set(id, row, before))
  }

  private set(id: string, before: Row | undefined, after: Row | undefined): void {
    if (after === undefined) this.byId.delete(id)
    else this.byId.set(id, after)
    this.changed(before, after)
  }
}
