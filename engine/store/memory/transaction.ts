/**
 * All that `work` writes, or nothing. Whatever is written meanwhile says here how to take it back; the last is taken back
 * first. Nothing else can happen in between, because nothing in here waits.
 */
export class Transaction {
  private undo: (() => void)[] | null = null

  /** Work that fails answers why; a fault is thrown on. Both leave everything as it was. */
  run<Failure>(work: () => Failure | null): Failure | null {
    this.undo = []
    try {
      const failure = work()
      if (failure !== null) this.takeBack()
      return failure
    } catch (fault) {
      this.takeBack()
      throw fault
    } finally {
      this.undo = null
    }
  }

  /** Outside of a transaction nothing is kept: what is done is done. */
  wrote(undo: () => void): void {
    this.undo?.push(undo)
  }

  private takeBack(): void {
    for (const undo of this.undo?.toReversed() ?? []) undo()
  }
}
