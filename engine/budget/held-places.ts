import type { Instant } from '#core/instant.ts'
import type { Told } from '#connectors/kit/budget.ts'
import { createGate, type Gate } from '#connectors/kit/gate.ts'
import type { Clock } from '../store/clock.ts'
import { leasePlaces, tooManyAtOnce, type CallsAtOnceState, type Places } from './calls-at-once.ts'

export interface HeldPlacesParts {
  readonly replica: string
  readonly callsAtOnce: number
  readonly leaseMs: number
  readonly clock: Clock
  /** Writes the lease anew. */
  readonly renew: () => Promise<void>
}

/** The places for calls at once that this process holds, and keeps for as long as a call is under way. */
export class HeldPlaces {
  readonly gate: Gate = createGate(1)
  private readonly parts: HeldPlacesParts
  private held: Places = { places: 0, until: 0 }
  private underWay = 0
  private tooMany: Told | null = null
  private idle: AbortController | null = null

  constructor(parts: HeldPlacesParts) {
    this.parts = parts
  }

  areHeld(now: Instant): boolean {
    return this.held.places > 0 && now < this.held.until
  }

  mustRenew(now: Instant): boolean {
    return this.tooMany !== null || this.held.places === 0 || now >= this.held.until - (this.parts.leaseMs * 2) / 3
  }

  began(): void {
    this.underWay += 1
    if (this.underWay === 1) this.keep()
  }

  ended(told: Told | null): void {
    this.underWay -= 1
    if (this.underWay === 0) this.idle?.abort('idle')
    if (told?.refused === 'calls at once') this.tooMany = told
  }

  /** What was refused since for being too many at once. `forget` when the row knows. */
  reported(state: CallsAtOnceState): { readonly state: CallsAtOnceState; forget(): void } {
    const { tooMany } = this
    if (tooMany === null) return { state, forget: () => undefined }
    const forget = (): void => {
      if (this.tooMany === tooMany) this.tooMany = null
    }
    return { state: tooManyAtOnce(state, tooMany.sentAt, tooMany.at, this.parts.callsAtOnce), forget }
  }

  renewed(state: CallsAtOnceState, now: Instant): CallsAtOnceState {
    const { replica, callsAtOnce, leaseMs } = this.parts
    return leasePlaces(state, { replica, underWay: this.underWay, callsAtOnce, leaseMs }, now)
  }

  agree(state: CallsAtOnceState): void {
    const held = state.holders[this.parts.replica]
    if (held === undefined) return
    this.held = held
    this.gate.resize(Math.max(1, held.places))
  }

  /** However long the vendor takes. */
  private keep(): void {
    const over = new AbortController()
    const { clock, leaseMs, renew } = this.parts
    const keep = async (): Promise<void> => {
      for (;;) {
        await clock.sleep(leaseMs / 3, over.signal)
        if (over.signal.aborted) return
        // No answer: the lease ends, and nothing more goes until there is a new one.
        await renew().catch(() => undefined)
      }
    }
    void keep()
    this.idle = over
  }
}
