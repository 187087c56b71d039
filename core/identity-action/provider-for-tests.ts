import type { Instant } from '../instant.ts'
import type { OpenChange } from './membership.ts'

/** A tiny provider: one membership, what it was when, and which of our changes made it so. */
export class Provider {
  private readonly history: { readonly from: Instant; readonly present: boolean }[]
  private readonly coming: { readonly at: Instant; readonly changeId: string; readonly present: boolean }[] = []
  /** Every change that had an effect. */
  readonly effects: { readonly changeId: string; readonly do: OpenChange['do']; readonly at: Instant }[] = []

  constructor(present: boolean, from: Instant) {
    this.history = [{ from, present }]
  }

  /** The membership as it was then; a copy that lags behind tells of an earlier moment. */
  presentAt(moment: Instant): boolean {
    const then = this.history.findLast((each) => each.from <= moment) ?? this.history[0]
    return then?.present ?? false
  }

  /** It works in order: what was accepted before becomes effective first. */
  change(changeId: string, what: OpenChange['do'], now: Instant): 'changed' | 'unchanged' {
    for (const each of this.coming.splice(0)) this.apply(each.changeId, each.present ? 'add' : 'remove', now)
    return this.apply(changeId, what, now)
  }

  private apply(changeId: string, what: OpenChange['do'], now: Instant): 'changed' | 'unchanged' {
    const present = what === 'add'
    if (this.presentAt(now) === present) return 'unchanged'
    this.history.push({ from: now, present })
    this.effects.push({ changeId, do: what, at: now })
    return 'changed'
  }

  /** Taken, and effective later. */
  accept(changeId: string, what: OpenChange['do'], at: Instant): void {
    this.coming.push({ at, changeId, present: what === 'add' })
  }

  /** Whether something that was accepted is not effective yet. */
  get isBusy(): boolean {
    return this.coming.length > 0
  }

  /** Time passes: what was accepted becomes effective. */
  passUntil(now: Instant): void {
    for (const each of this.coming.filter(({ at }) => at <= now)) {
      this.coming.splice(this.coming.indexOf(each), 1)
      this.apply(each.changeId, each.present ? 'add' : 'remove', each.at)
    }
  }
}
