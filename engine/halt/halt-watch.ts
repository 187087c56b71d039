import { ALL, haltStream, mayWrite, RUNNING, type HaltState } from '#core/halt/halt.ts'
import type { OpenChange } from '#core/identity-action/membership.ts'
import type { Instant } from '#core/instant.ts'
import type { Ports } from '../ports.ts'

/*
 * How a replica knows of the emergency stop (docs/decisions/0010-a-halt-is-in-force-after-350-ms.md).
 *
 * To read the orders before every call would cost as much as all the rest of a change. So they are read every 50 ms while
 * calls wait to be sent, and `mayStart` is asked directly before each call. It says no when an order forbids the call, and
 * also when what is known was read longer than 250 ms ago. So:
 *
 *     a call starts at t  =>  a reading that began at t - 250 ms or later found no order against it
 *
 * and 250 ms after an order was committed no call that it forbids starts any more, in whatever replica, however slow the
 * database or the process has become meanwhile: who cannot know sends nothing. Only lengths of time are compared, each on
 * one clock, so it does not matter how far the clocks of two machines are apart. Between that answer and the call nothing
 * is waited for. Against a machine that is frozen at that very place nothing helps; its call counts as on its way.
 */

/** What was read longer ago is not known any more. */
export const KNOWN_FOR_MS = 250

const LOOK_EVERY_MS = 50

/** What was not known when a call's turn came is waited for so long. */
const PATIENCE_MS = 1_000

/** A call that the vendor refused for a moment is sent again within a second or so, and `mayStart` is asked again. */
const SENT_AGAIN_WITHIN_MS = 2_000

/** Which changes of a provider may be written now. */
export type Writable = (change: OpenChange['do']) => boolean

export interface HaltWatch {
  /** Which changes of a provider the orders leave. Null: that is not known, because reading them took too long. */
  look(provider: string): Promise<Writable | null>
  /**
   * Sends the calls of a batch, and keeps reading the orders meanwhile. `mayStart` is to be asked for the call at a place of
   * the batch directly before it is sent. Calls whose turn came when nobody knew what is halted are sent in a further
   * round; so `send` is handed the places that it is about, and answers one result for each.
   */
  whileSending<Result>(
    provider: string,
    calls: readonly Pick<OpenChange, 'do'>[],
    send: Send<Result>,
  ): Promise<readonly (Result | undefined)[]>
}

interface Batch {
  /** Places whose turn has not come yet. */
  unasked: Set<number>
  askedAt: Instant
}

/** One in each replica: the batches of all lanes share what it reads. */
export function watchHalts(ports: Ports): HaltWatch {
  const { clock, store } = ports
  const scopes = new Set([ALL])
  const batches = new Set<Batch>()
  let known: ReadonlyMap<string, HaltState> = new Map()
  let readAt: Instant | null = null
  let looking: AbortController | null = null

  async function read(): Promise<void> {
    const startedAt = clock.now()
    const asked = [...scopes]
    const found = await store.load(asked.map(haltStream))
    // Two readings may overtake each other; only the younger counts.
    if (readAt !== null && startedAt < readAt) return
    known = new Map(asked.map((scope) => [scope, stateIn(found.get(haltStream(scope)))]))
    readAt = startedAt
  }

  /** What was read a moment ago will do while nothing is halted. An order that was found may be lifted by now. */
  async function readUnlessFresh(): Promise<void> {
    const isComplete = [...scopes].every((scope) => known.has(scope))
    const isFresh = isComplete && ageMs() <= LOOK_EVERY_MS
    if (isFresh && [...known.values()].every(({ halted }) => halted === null)) return
    // A reading that is old when it comes is tried again, now and then in vain.
    for (let tries = 0; tries < 3; tries += 1) {
      await read()
      if (ageMs() <= KNOWN_FOR_MS / 2) return
    }
  }

  function ageMs(): number {
    return readAt === null ? Infinity : clock.now() - readAt
  }

  function writable(provider: string): Writable | null {
    const [everything, own] = [known.get(ALL), known.get(provider)]
    if (ageMs() > KNOWN_FOR_MS || !everything || !own) return null
    return (change) => mayWrite(change, everything, own)
  }

  async function becomesKnown(provider: string): Promise<boolean> {
    startLooking()
    for (let waitedMs = 0; writable(provider) === null && waitedMs < PATIENCE_MS; waitedMs += LOOK_EVERY_MS) {
      await clock.sleep(LOOK_EVERY_MS)
    }
    return writable(provider) !== null
  }

  function areAsking(): boolean {
    return [...batches].some((each) => each.unasked.size > 0 || clock.now() - each.askedAt < SENT_AGAIN_WITHIN_MS)
  }

  async function keepLooking(over: AbortSignal): Promise<void> {
    while (!over.aborted && areAsking()) {
      await clock.sleep(LOOK_EVERY_MS, over)
      // No answer: what is known grows old, and soon nothing is sent.
      if (!over.aborted) await read().catch(() => undefined)
    }
    if (!over.aborted) looking = null
  }

  function startLooking(): void {
    if (looking) return
    looking = new AbortController()
    void keepLooking(looking.signal)
  }

  /** Waits for nothing: a reading that hangs must not keep answers from being recorded. */
  function stopLooking(): void {
    looking?.abort('over')
    looking = null
  }

  return {
    async look(provider) {
      scopes.add(provider)
      await readUnlessFresh()
      return writable(provider)
    },
    async whileSending<Result>(provider: string, calls: readonly Pick<OpenChange, 'do'>[], send: Send<Result>) {
      let left = [...calls.keys()]
      const batch: Batch = { unasked: new Set(left), askedAt: clock.now() }
      const allowed = new Set<number>()
      const results: (Result | undefined)[] = calls.map(() => undefined)
      batches.add(batch)
      try {
        await readUnlessFresh().catch(() => undefined)
        do {
          startLooking()
          const unknown = new Set<number>()
          const places = left
          const answers = await send(places, (place) => {
            batch.unasked.delete(place)
            batch.askedAt = clock.now()
            const may = writable(provider)
            if (may === null) unknown.add(place)
            const call = calls[place]
            const starts = call !== undefined && may !== null && may(call.do)
            if (starts) allowed.add(place)
            return starts
          })
          for (const [index, place] of places.entries()) results[place] = answers[index]
          // What was sent once is not sent again here, whatever came of it.
          left = places.filter((place) => unknown.has(place) && !allowed.has(place))
          batch.unasked = new Set(left)
        } while (left.length > 0 && (await becomesKnown(provider)))
        return results
      } finally {
        batches.delete(batch)
        if (batches.size === 0) stopLooking()
      }
    },
  }
}

type Send<Result> = (places: readonly number[], mayStart: (place: number) => boolean) => Promise<readonly Result[]>

function stateIn(stored: { readonly state: unknown } | undefined): HaltState {
  return (stored?.state as HaltState | undefined) ?? RUNNING
}
