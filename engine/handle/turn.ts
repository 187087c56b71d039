import type { Event, JsonObject, Refusal } from '#core/event.ts'
import { OVERDUE_AFTER_MS } from '#core/grant/overdue.ts'
import type { Instant } from '#core/instant.ts'
import { workOf, type MembershipState } from '#core/identity-action/membership.ts'
import { nextLookAt, urgencyOf } from '#core/identity-action/when-to-look.ts'
import type { Actor } from '#core/trigger/actor.ts'
import { leafHashIfCanonical, NONCE_BYTES, personalDigest, SALT_BYTES } from '../evidence/seal.ts'
import { announcementOf } from '../outbox/announcement.ts'
import type { Ports } from '../ports.ts'
import type {
  Append,
  Commit,
  NewEvent,
  NewLink,
  OutboxMessage,
  Settlement,
  StoredStream,
  Timer,
} from '../store/store.ts'
import { storable } from './storable-text.ts'
import { CATALOG, type StreamKind } from './stream-kinds.ts'

/*
 * A turn is one trigger, handled: load the streams that it is about, let the core decide, and record events, state,
 * evidence, timers and messages in one transaction. When somebody else moved one of the streams meanwhile, nothing was
 * written, and the whole turn is taken again from what is true now.
 */

/** How often a turn is taken again before somebody is told that two turns keep undoing each other. */
const MOST_TRIES = 50

/** Takes a turn. `lease lost`: the work that it settles was taken over by somebody else, and nothing was written. */
export async function takeTurn<Result>(
  ports: Ports,
  by: Actor,
  work: (turn: Turn) => Promise<Result> | Result,
): Promise<Result | 'lease lost'> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const turn = new Turn(ports, by, tries === 0)
    const result = await work(turn)
    const outcome = await turn.commit()
    if (outcome === 'committed') return result
    if (outcome === 'lease lost') return outcome
  }
  throw new Error(`a turn met a conflict ${MOST_TRIES} times in a row`)
}

/** One stream within a turn: its state as decided so far, and the way to decide on. */
export interface Subject<State, Command> {
  readonly stream: string
  readonly state: State
  /** Null when accepted; the events, if any, are kept for the end of the turn. `by` overrides who did it. */
  decide(command: Command, by?: Actor): Refusal | null
}

/** Streams of what administrators decided; everything else that a turn reads, it also writes. */
const DECISIONS = /^(catalog$|approval-rule\/|group\/)/

interface Opened {
  readonly append: { expected: number; events: NewEvent[] }
  state: unknown
  readonly keys: (state: never) => readonly string[]
  readonly subject: Subject<unknown, unknown>
}

export class Turn {
  readonly now: Instant
  readonly overdueAfterMs: number
  private readonly ports: Ports
  private readonly by: Actor
  private readonly opened = new Map<string, Opened>()
  private readonly loaded = new Map<string, StoredStream | undefined>()
  private readonly messages: OutboxMessage[] = []
  private readonly timers: Timer[] = []
  private readonly cancelled: string[] = []
  private readonly settlements: Settlement[] = []
  private decided = 0
  private newCatalog: Commit['catalog']
  private readonly newLinks: NewLink[] = []

  /** What a claim brought along is good for the first try only: after a conflict the truth is loaded. */
  readonly isFirstTry: boolean

  constructor(ports: Ports, by: Actor, isFirstTry: boolean) {
    this.isFirstTry = isFirstTry
    this.ports = ports
    this.by = by
    this.now = ports.clock.now()
    this.overdueAfterMs = ports.overdueAfterMs ?? OVERDUE_AFTER_MS
  }

  /** Loads many streams at once, for those who are about to open them. */
  async load(streams: readonly string[]): Promise<void> {
    const missing = [...new Set(streams)].filter((name) => !this.loaded.has(name))
    if (missing.length === 0) return
    const found = await this.ports.store.load(missing)
    for (const name of missing) this.loaded.set(name, found.get(name))
  }

  /** As `load`, for those who know already, from a claim or an earlier turn, what would be loaded. */
  async loadKnown(known: readonly (readonly [stream: string, stored: StoredStream])[]): Promise<void> {
    if (!this.isFirstTry) return this.load(known.map(([stream]) => stream))
    for (const [stream, stored] of known) this.loaded.set(stream, stored)
  }

  /** How an opened stream stands when this turn is committed. */
  stored(stream: string): StoredStream {
    const opened = this.opened.get(stream)
    if (!opened) throw new Error(`${stream} is not opened in this turn`)
    const { expected, events } = opened.append
    return { version: expected + events.length, state: opened.state as JsonObject }
  }

  async open<State, Command, E extends Event<string, unknown>>(
    kind: StreamKind<State, Command, E>,
    stream: string,
  ): Promise<Subject<State, Command>> {
    await this.load([stream])
    return this.openLoaded(kind, stream)
  }

  /** As `open`, for a stream that was loaded or is known. */
  openLoaded<State, Command, E extends Event<string, unknown>>(
    kind: StreamKind<State, Command, E>,
    stream: string,
  ): Subject<State, Command> {
    const before = this.opened.get(stream)
    if (before) return before.subject as Subject<State, Command>
    const stored = this.loaded.get(stream)
    const append = { expected: stored?.version ?? 0, events: [] as NewEvent[] }
    const decide = (command: Command, by?: Actor): Refusal | null => {
      const decision = kind.decide(command, opened.state as State)
      if (decision.kind === 'refused') return decision.refusal
      for (const decided of decision.events) {
        // What is kept is what the state is made of: both are the same to the letter, whatever somebody wrote.
        const event = storableEvent(decided as Event) as E
        const message = announcementOf(stream, append.expected + append.events.length + 1, event as Event, opened.state)
        if (message) this.messages.push(message)
        const at = { stream, version: append.expected + append.events.length + 1 }
        append.events.push(this.recorded(at, event as Event, event.by ?? by ?? this.by))
        opened.state = kind.evolve(opened.state as State, event, this.now)
      }
      return null
    }
    const opened: Opened = {
      append,
      state: (stored?.state as State | undefined) ?? kind.none,
      keys: kind.keys,
      subject: {
        stream,
        get state() {
          return opened.state
        },
        decide: decide as Subject<unknown, unknown>['decide'],
      },
    }
    this.opened.set(stream, opened)
    return opened.subject as Subject<State, Command>
  }

  /** The account of a person with a provider. Somebody without one was refused long before, so its absence is a fault. */
  async accountOf(personId: string, provider: string): Promise<string> {
    const found = (await this.ports.store.people([personId])).find((each) => each.provider === provider)
    if (!found) throw new Error(`${personId} has no account with ${provider}`)
    return found.account
  }

  /** Whether a provider can end a membership by itself, as it is connected now. */
  endsByItself(provider: string): boolean {
    return this.ports.provider(provider)?.nativeEnd !== undefined
  }

  /**
   * Whether this version of the catalog is still in force; then the turn holds only if it is so at its end too, with the
   * rules and the claims of groups that it has read.
   */
  async requireCatalog(version: number): Promise<boolean> {
    const { state } = await this.open(CATALOG, 'catalog')
    return state.version === version
  }

  newId(prefix: string): string {
    return this.ports.ids.next(prefix)
  }

  setTimer(timer: Timer): void {
    this.timers.push(timer)
  }

  cancelTimer(id: string): void {
    this.cancelled.push(id)
  }

  /** Ends a claim together with what the turn records: all of it, or nothing. */
  settle(settlement: Settlement): void {
    this.settlements.push(settlement)
  }

  /** Requires that a claim is still ours, and keeps it. */
  hold(settlement: Omit<Settlement, 'keepLease'>): void {
    this.settlements.push({ ...settlement, keepLease: true })
  }

  /** Keeps a link together with the events that are its evidence. */
  link(link: NewLink): void {
    this.newLinks.push(link)
  }

  publish(catalog: Commit['catalog']): void {
    this.newCatalog = catalog
  }

  async commit(): Promise<'committed' | 'conflict' | 'lease lost'> {
    const settled = new Set(this.settlements.map((each) => each.id))
    const appends = [...this.opened].filter(([, { append }]) => append.events.length > 0)
    if (appends.length + this.timers.length + this.cancelled.length + this.settlements.length === 0) return 'committed'
    return this.ports.store.commit({
      now: this.now,
      appends: appends.map(([stream, opened]) => this.appendOf(stream, opened, settled.has(stream))),
      setTimers: this.timers,
      cancelTimers: this.cancelled,
      settle: this.settlements.map((each) => this.atVersion(each)),
      outbox: this.messages,
      requires: this.required(),
      ...(this.newCatalog ? { catalog: this.newCatalog } : {}),
      ...(this.newLinks.length > 0 ? { links: this.newLinks } : {}),
    })
  }

  /** A membership that is settled without an event was decided upon all the same: if it moved on meanwhile, decide again. */
  private atVersion(settlement: Settlement): Settlement {
    const opened = settlement.queue === 'membership' ? this.opened.get(settlement.id) : undefined
    if (!opened) return settlement
    const { work } = settlement
    const urgency = work ? { urgency: urgencyOf(opened.state as MembershipState, work) } : {}
    return { ...settlement, version: opened.append.expected, ...urgency }
  }

  /** Decisions that were read and not written: what they said must still be so when the turn is recorded. */
  private required(): Commit['requires'] {
    return [...this.opened].flatMap(([stream, { append }]) =>
      append.events.length === 0 && append.expected > 0 && DECISIONS.test(stream)
        ? [{ stream, version: append.expected }]
        : [],
    )
  }

  private appendOf(stream: string, opened: Opened, settledHere: boolean): Append {
    const { expected, events } = opened.append
    const keys = (opened.keys as (state: unknown) => readonly string[])(opened.state)
    const append = { stream, expected, events, state: opened.state as JsonObject, keys }
    if (!stream.startsWith('membership/') || settledHere) return append
    const state = opened.state as MembershipState
    const work = workOf(state)
    return {
      ...append,
      look:
        work === null ? null : { work, dueAt: nextLookAt(state, this.now, 0, null), urgency: urgencyOf(state, work) },
    }
  }

  private withDigest(fields: JsonObject): NonNullable<NewEvent['personal']> {
    const salt = this.ports.ids.bytes(SALT_BYTES)
    return { salt, fields, digest: personalDigest({ salt, fields }) }
  }

  private recorded(where: { readonly stream: string; readonly version: number }, event: Event, by: Actor): NewEvent {
    const { ids } = this.ports
    const nonce = ids.bytes(NONCE_BYTES)
    const { data } = event
    const place = this.decided
    this.decided += 1
    const personal = event.personal ? this.withDigest(event.personal) : null
    const told = { ...where, type: event.type, at: this.now, by, data, nonce, personal: personal?.digest ?? null }
    const leafHash = leafHashIfCanonical(told)
    return { type: event.type, place, by, data, nonce, personal, ...(leafHash ? { leafHash } : {}) }
  }
}

function storableEvent(event: Event): Event {
  const data = storable(event.data)
  const personal = event.personal && storable(event.personal)
  if (data === event.data && personal === event.personal) return event
  return { ...event, data, ...(personal ? { personal } : {}) }
}
