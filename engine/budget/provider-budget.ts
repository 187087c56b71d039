import { URGENCY } from '#core/identity-action/urgency.ts'
import type { Instant } from '#core/instant.ts'
import type { Budget, CallOf, Hold, Told } from '#connectors/kit/budget.ts'
import type { Gate } from '#connectors/kit/gate.ts'
import { answered, reserve, withOut, type BucketState } from './bucket.ts'
import { isHeld, PROBE_EVERY_MS, WELL, withNews, type BreakerState } from './breaker.ts'
import { bucketOf, withBucket, type BudgetState } from './budget.ts'
import { HealthNews } from './health-news.ts'
import { HeldPlaces } from './held-places.ts'
import { Ledger } from './ledger.ts'
import { Purse, purseHere } from './purse.ts'
import { sayHowItIs } from './say-how-it-is.ts'
import { SharedRow } from './shared-row.ts'
import type { BudgetParts, Got, Want } from './want.ts'

/** So long the answer to the call that opens a window is waited for, before another one goes. */
export const OPENING_MS = 2_000
/** When the row cannot be had, nobody knows what may go, and for a moment nothing does. */
const UNKNOWN_MS = 1_000
/**
 * What only keeps us informed lets changes be the first to find out whether the provider is well. It comes up by the clock, and
 * so would be the first after every start: where processes die young no end of access would ever have its turn.
 */
const COURTESY_MS = 2_000
/** Each round is one word of the row or one answer; nobody needs this many. */
const MOST_ROUNDS = 10_000

/** One provider's budget in one process: the shared row, what this process has taken of it, and what it has seen since. */
export class ProviderBudget implements Budget {
  readonly parts: BudgetParts
  readonly row: SharedRow
  private readonly ledgers: ReadonlyMap<string, Ledger>
  private readonly own: Purse
  private readonly places: HeldPlaces
  private readonly news = new HealthNews()
  private breaker: BreakerState = WELL
  /** Since when this process has known that the provider is down. */
  private knownDownAt: Instant | null = null
  private isTelling = false

  constructor(parts: BudgetParts) {
    this.parts = parts
    this.ledgers = new Map(parts.limits.buckets.map((each) => [each.name, new Ledger(each)]))
    this.row = new SharedRow(parts.store, parts.provider)
    this.own = new Purse({ provider: parts.provider, urgency: parts.urgency, block: 1, comesAgain: false })
    const renew = (): Promise<void> => this.tell((state, now) => this.withPlaces(state, now))
    this.places = new HeldPlaces({ ...parts, callsAtOnce: parts.limits.callsAtOnce, renew })
  }

  get gate(): Gate {
    return this.places.gate
  }

  ledger(name: string): Ledger {
    const ledger = this.ledgers.get(name)
    if (!ledger) throw new Error(`${this.parts.provider} declares no bucket "${name}"`)
    return ledger
  }

  payer(): Purse {
    const here = purseHere()
    return here?.provider === this.parts.provider ? here : this.own
  }

  take(name: string, of: CallOf): Hold | null | Promise<Hold | null> {
    const purse = this.payer()
    const ledger = this.ledger(name)
    return this.lets(purse, ledger, of) ? null : this.ask({ purse, ledger, of, calls: purse.block })
  }

  told(name: string, of: CallOf, told: Told | null): void {
    const ledger = this.ledger(name)
    this.places.ended(told)
    const wasOpening = ledger.openingUntil !== null
    ledger.told(told)
    let isEased = wasOpening && ledger.openingUntil === null
    if (told !== null) {
      this.news.note(of, told)
      // While all is well nobody has to hear that it is.
      if (told.health === 'ill' || this.breaker !== WELL) {
        isEased = this.judge(this.row.known) || isEased
        this.tellTheTurn()
      }
    }
    if (isEased) this.parts.eased()
  }

  /** Who works a batch tells when it ends. After a call that belongs to none nobody would: the others would go on asking. */
  private tellTheTurn(): void {
    const isTold =
      (this.row.known?.breaker.down ?? null) === null ? this.breaker.down === null : this.breaker.down !== null
    if (isTold || this.isTelling || purseHere()?.comesAgain === true) return
    this.isTelling = true
    void this.tell((state) => state)
      .catch((fault: unknown) =>
        this.parts.log('warning', `the budget of ${this.parts.provider} was not told: ${String(fault)}`),
      )
      .finally(() => (this.isTelling = false))
  }

  /** Whether such calls have to wait for the provider to be well, as far as this process knows. */
  isDown(of: CallOf): boolean {
    return isHeld(this.breaker, of)
  }

  /** Whether calls may go without anybody having to be asked. */
  isFree(ledger: Ledger, of: CallOf): boolean {
    const isKnownWell = this.row.known?.breaker.down === null
    return ledger.isFree && isKnownWell && !this.isDown(of) && !this.places.mustRenew(this.parts.clock.now())
  }

  /** Reads the row. True when it has moved on since this process last saw it. */
  async hasMoved(): Promise<boolean> {
    const before = this.row.version
    await this.change((state) => ({ state, holdsAnyway: false, kept: () => undefined }))
    return this.row.version !== before
  }

  /** Whether the others have to hear at once how the provider is. */
  isHealthNews(): boolean {
    const known = this.row.known?.breaker
    return known !== undefined && withNews(known, this.news, this.parts.clock.now()) !== known
  }

  request({ purse, ledger, of, calls }: Want): Promise<Got> {
    const { replica, leaseMs, limits } = this.parts
    return this.change<Got>((before, now) => {
      const refuse = (state: BudgetState, because: Hold['because'], until: Instant) =>
        ({ state, holdsAnyway: false, kept: (): Got => ({ kind: 'held back', because, until }) }) as const
      const isProbe = isHeld(before.breaker, of) && purse.probes === 0
      const mayProbeAt = isProbe ? this.mayProbeAt(before.breaker, purse, now) : now
      if (now < mayProbeAt) return refuse(before, 'on hold', mayProbeAt)
      const leased = this.places.mustRenew(now) ? this.withPlaces(before, now) : before
      if (leased.callsAtOnce.holders[replica]?.places === 0)
        return refuse(leased, 'rate limit', now + Math.ceil(leaseMs / 3))
      const asked = purse.has(ledger, now)
        ? null
        : reserve(ledger.bucket, bucketOf(leased, ledger.bucket, limits, now), {
            now,
            replica,
            calls: isProbe ? 1 : calls,
            urgency: purse.urgency,
            mayOpen: now >= (ledger.openingUntil ?? 0),
            comesAgain: purse.comesAgain,
          })
      const reserved = asked === null ? leased : withBucket(leased, ledger.bucket.name, asked.state)
      if (asked?.why === 'opening') return { state: reserved, holdsAnyway: false, kept: () => ({ kind: 'opening' }) }
      if (asked?.granted === 0) return refuse(reserved, 'rate limit', asked.until ?? now)
      const state = isProbe
        ? { ...reserved, breaker: { ...reserved.breaker, probeAt: now + PROBE_EVERY_MS } }
        : reserved
      const kept = (): Got => {
        const granted = asked?.granted ?? 0
        if (asked !== null && !ledger.isFree) {
          if (asked.state.left === null) ledger.openingUntil = now + OPENING_MS
          ledger.reserved(granted)
          purse.put(ledger, granted)
        }
        if (isProbe) purse.probes = 1
        return { kind: 'granted', calls: granted }
      }
      return { state, holdsAnyway: true, kept }
    })
  }

  private mayProbeAt({ probeAt }: BreakerState, { urgency }: Purse, now: Instant): Instant {
    this.knownDownAt ??= now
    return urgency < URGENCY.review ? probeAt : Math.max(probeAt, this.knownDownAt) + COURTESY_MS
  }

  /** Tells the row what is known here, and makes `more` of it. */
  async tell(more: (state: BudgetState, now: Instant) => BudgetState): Promise<void> {
    await this.change((state, now) => ({ state: more(state, now), holdsAnyway: true, kept: () => undefined }))
  }

  /** Whether the others know less than is known here, or believe that more is reserved than is. */
  hasToReport(): boolean {
    const now = this.parts.clock.now()
    const known = this.row.known?.buckets
    return [...this.ledgers.values()].some(
      (ledger) =>
        !ledger.isFree &&
        (ledger.answers.length > 0 ||
          ledger.outstanding(now) !== (known?.[ledger.bucket.name]?.out[this.parts.replica] ?? 0)),
    )
  }

  private lets(purse: Purse, ledger: Ledger, of: CallOf): boolean {
    const now = this.parts.clock.now()
    const isHeldNow = this.isDown(of)
    if (!this.places.areHeld(now) || (isHeldNow && purse.probes === 0)) return false
    if (!ledger.isFree) {
      if (!purse.has(ledger, now)) return false
      purse.spend(ledger)
      ledger.spent()
    } else ledger.underWay += 1
    if (isHeldNow) purse.probes -= 1
    this.places.began()
    return true
  }

  private async ask(want: Want): Promise<Hold | null> {
    const { purse, ledger, of } = want
    const { clock } = this.parts
    try {
      for (let rounds = 0; !this.lets(purse, ledger, of); rounds += 1) {
        if (rounds === MOST_ROUNDS) throw new Error(`a call found no end in ${rounds} rounds`)
        if (!purse.has(ledger, clock.now()) && purse.holds(ledger)) {
          // The vendor told that others ate what was reserved. Some of ours may be among them: their answers tell.
          if (ledger.underWay > 0) {
            await ledger.news()
            continue
          }
          purse.giveBack(ledger)
        }
        const got = await this.request(want)
        if (got.kind === 'opening') await this.answerOrPatience(ledger)
        if (got.kind !== 'held back') continue
        purse.heldBack += 1
        return { because: got.because, waitMs: Math.max(1, got.until - clock.now()) }
      }
      return null
    } catch (fault) {
      // Once a batch: whoever writes it down next meets the same fault.
      if (purse.heldBack === 0)
        this.parts.log('error', `the budget of ${this.parts.provider} could not be asked: ${String(fault)}`)
      purse.heldBack += 1
      return { because: 'rate limit', waitMs: UNKNOWN_MS }
    }
  }

  /** The call that opens a window may be a slow one. */
  private async answerOrPatience(ledger: Ledger): Promise<void> {
    const over = new AbortController()
    await Promise.race([ledger.news(), this.parts.clock.sleep(OPENING_MS, over.signal)])
    over.abort('over')
  }

  private withPlaces(state: BudgetState, now: Instant): BudgetState {
    return { ...state, callsAtOnce: this.places.renewed(state.callsAtOnce, now) }
  }

  /** The row with all that this process has seen, and what `decide` makes of it. */
  private change<Answer>(
    decide: (
      state: BudgetState,
      now: Instant,
    ) => { readonly state: BudgetState; readonly holdsAnyway: boolean; readonly kept: () => Answer },
  ): Promise<Answer> {
    const { clock, log, provider } = this.parts
    return this.row.change((before) => {
      const now = clock.now()
      const report = this.reported(before, now)
      const { state, holdsAnyway, kept } = decide(report.state, now)
      return {
        state,
        holdsAnyway,
        kept: () => {
          sayHowItIs(log, provider, before.breaker, state.breaker, this.news.trouble, now)
          report.forget()
          this.agree(before, state, report.told)
          return kept()
        },
      }
    })
  }

  private reported(before: BudgetState, now: Instant) {
    const { limits, replica } = this.parts
    const told = new Map<Ledger, number>()
    let state = before
    for (const ledger of this.ledgers.values()) {
      const known = before.buckets[ledger.bucket.name]
      if (ledger.isFree || (known === undefined && ledger.answers.length === 0)) continue
      const current = ledger.answers.reduce(
        (bucket, each) => answered(ledger.bucket, bucket, each),
        known ?? bucketOf(before, ledger.bucket, limits, now),
      )
      told.set(ledger, ledger.answers.length)
      const next = bucketOf(withBucket(state, ledger.bucket.name, current), ledger.bucket, limits, now)
      state = withBucket(state, ledger.bucket.name, withOut(next, replica, ledger.outstanding(now)))
    }
    const { read, change } = this.news
    const seen = { read: { ...read }, change: { ...change } }
    const breaker = withNews(before.breaker, this.news, now)
    const places = this.places.reported(before.callsAtOnce)
    const forget = (): void => {
      this.news.forget(seen)
      places.forget()
    }
    return { state: { ...state, breaker, callsAtOnce: places.state }, told, forget }
  }

  /** The row stands so now: what this process believes follows from it. */
  private agree(before: BudgetState, state: BudgetState, told: ReadonlyMap<Ledger, number>): void {
    for (const ledger of this.ledgers.values()) {
      const bucket = state.buckets[ledger.bucket.name]
      if (bucket) ledger.agree(bucket, told.get(ledger) ?? 0)
    }
    this.places.agree(state.callsAtOnce)
    const isEased = Object.entries(before.buckets).some(([name, bucket]) => isRoomFor(bucket, state.buckets[name]))
    if (this.judge(state) || isEased) this.parts.eased()
  }

  /** How the provider is, by the row and what was seen here since. True when something may go now that could not before. */
  private judge(known: BudgetState | null): boolean {
    const { down } = this.breaker
    const judged = withNews(known?.breaker ?? WELL, this.news, this.parts.clock.now())
    // The very same object while all is well: that is what the quick way looks at.
    this.breaker = judged.down === null && judged.read.bad + judged.change.bad === 0 ? WELL : judged
    if (judged.down === null) this.knownDownAt = null
    return down !== null && (this.breaker.down === null || this.breaker.down.of !== down.of)
  }
}

/** Somebody stood back for a more urgent one who has what it needs by now, or gave back what that one was refused. */
function isRoomFor(before: BucketState, after: BucketState | undefined): boolean {
  if (after === undefined) return false
  return after.starved === null ? before.starved !== null : reservedOf(after) < reservedOf(before)
}

function reservedOf({ out }: BucketState): number {
  return Object.values(out).reduce((sum, calls) => sum + calls, 0)
}
