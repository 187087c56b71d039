import type { Instant } from '#core/instant.ts'
import type { Held } from '../store.ts'
import { Line } from './line.ts'
import { Table } from './table.ts'
import type { Transaction } from './transaction.ts'

/** One piece of work, as every queue keeps it. */
export interface WorkRow {
  readonly id: string
  readonly seq: number
  readonly dueAt: Instant | null
  readonly leaseUntil: Instant | null
  readonly fence: number
  readonly attempts: number
  readonly note: string | null
}

export const NOT_CLAIMED_YET = { leaseUntil: null, fence: 0, attempts: 0, note: null } as const

export type ClaimedRow<Row> = Row & { readonly dueAt: Instant; readonly leaseUntil: Instant }

/**
 * Rows that wait to be worked: those that are due and free stand in lines, those that are leased in a line of their own,
 * by the end of their lease. A row is put in line when somebody looks, not when it changes, so that a transaction that is
 * taken back leaves no trace in any line.
 */
export class WorkQueue<Row extends WorkRow> {
  readonly table: Table<Row>
  private touched = new Set<string>()
  private readonly leased: Line<Row>
  private readonly lineOf: (row: Row) => Line<Row>
  private readonly placeOf: (row: Row) => string
  private readonly waitingAt: (place: string) => Row | undefined

  /**
   * `lineOf`: where a free row waits. `places`: where rows that wait for each other stand one behind the other, so that
   * only the first of a place can be claimed; without it, nobody waits for anybody.
   */
  constructor(transaction: Transaction, lineOf: (row: Row) => Line<Row>, places?: Places<Row>) {
    this.table = new Table<Row>(transaction, (before, after) => {
      const row = after ?? before
      if (row === undefined) return
      if (before === undefined) places?.added(row)
      this.touched.add(this.placeOf(row))
    })
    this.lineOf = lineOf
    this.leased = new Line<Row>((row) => row.leaseUntil ?? 0, this.isCurrent)
    this.placeOf = places ? (row) => places.placeOf(row) : (row) => row.id
    this.waitingAt = places ? (place) => places.first(place, this.table.rows) : (id) => this.table.get(id)
  }

  readonly isCurrent = (row: Row): boolean => this.table.get(row.id) === row

  /** Claims the first rows of these lines that are due by then, in their common order. */
  claim(lines: readonly Line<Row>[], limit: number, dueBy: Instant, leaseUntil: Instant): readonly ClaimedRow<Row>[] {
    this.bringLinesUpToDate()
    const claimed: ClaimedRow<Row>[] = []
    while (claimed.length < limit) {
      const line = foremost(lines)
      const row = line?.first()
      if (line === undefined || row === undefined || row.dueAt === null || row.dueAt > dueBy) break
      line.dropFirst()
      const taken = { ...row, dueAt: row.dueAt, leaseUntil, fence: row.fence + 1, attempts: row.attempts + 1 }
      this.table.put(taken)
      claimed.push(taken)
    }
    return claimed
  }

  /**
   * Leases that ran out are given up in passing by whoever claims. As in PostgreSQL, where both are one statement, such
   * work is free for the next claim and not yet for this one: so this comes after the claim.
   */
  giveUpLeases(now: Instant): void {
    for (let row = this.leased.first(); row?.leaseUntil != null && row.leaseUntil <= now; row = this.leased.first()) {
      this.leased.dropFirst()
      this.table.put({ ...row, leaseUntil: null })
    }
  }

  renew(held: readonly Held[], until: Instant): ReadonlySet<string> {
    const renewed = new Set<string>()
    for (const { id, fence } of held) {
      const row = this.table.get(id)
      if (row === undefined || row.fence !== fence || row.leaseUntil === null) continue
      this.table.put({ ...row, leaseUntil: until })
      renewed.add(id)
    }
    return renewed
  }

  /** When the first row of these lines comes due, or the first lease runs out. */
  nextDue(lines: readonly Line<Row>[]): Instant | null {
    this.bringLinesUpToDate()
    const free = foremost(lines)?.first()?.dueAt ?? null
    const leased = this.leased.first()?.leaseUntil ?? null
    if (free === null || leased === null) return free ?? leased
    return Math.min(free, leased)
  }

  bringLinesUpToDate(): void {
    for (const place of this.touched) {
      const row = this.waitingAt(place)
      if (row === undefined) continue
      if (row.leaseUntil !== null) this.leased.add(row)
      else if (row.dueAt !== null) this.lineOf(row).add(row)
    }
    this.touched.clear()
  }
}

function foremost<Row extends WorkRow>(lines: readonly Line<Row>[]): Line<Row> | undefined {
  let best: Line<Row> | undefined
  let row: Row | undefined
  for (const line of lines) {
    const first = line.first()
    if (first === undefined || (row !== undefined && !line.isBefore(first, row))) continue
    best = line
    row = first
  }
  return best
}

/** Rows that wait for each other. */
interface Places<Row> {
  placeOf(row: Row): string
  added(row: Row): void
  /** The oldest row of a place that is there still. */
  first(place: string, rows: ReadonlyMap<string, Row>): Row | undefined
}
