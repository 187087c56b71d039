import type { Instant } from '#core/instant.ts'
import type { Ports } from '../ports.ts'
import type { Claimed, Held, Queue } from '../store/store.ts'

/** Leave this much of a lease unused: what begins later could end after somebody else has taken over. */
const MARGIN_MS = 250

/** While some of it has not begun, it is asked so often whether that is wanted still: as old as the knowledge of a halt may be, less the way (docs/decisions/0010). */
const LOOK_EVERY_MS = 200

type Leased = Held & Pick<Claimed, 'leaseUntil'>

/**
 * Renews leases while something slow runs, and tells it whether a piece of work is ours still. A renewal that fails is no
 * harm: the work is settled under its fence, or not at all. Meanwhile `unwanted` is asked which of it nobody wants any more: that
 * is ours to settle, and no longer ours to begin. Null: all of it has begun, and nobody has to look.
 */
export async function whileHeld<Result>(
  ports: Ports,
  queue: Queue,
  leased: readonly Leased[],
  leaseMs: number,
  slow: (isOurs: (id: string) => boolean) => Promise<Result>,
  unwanted: () => Promise<ReadonlySet<string>> | null = () => null,
): Promise<Result> {
  const over = new AbortController()
  const until = new Map(leased.map((each) => [each.id, each.leaseUntil]))
  // A clock that stands still in a story cannot run a lease out; one that was stopped with its process can.
  const isOurs = (id: string): boolean => ports.clock.now() < (until.get(id) ?? 0) - Math.min(MARGIN_MS, leaseMs / 4)
  const renewing = renewUntil(ports, queue, leased, leaseMs, until, over.signal, unwanted)
  try {
    return await slow(isOurs)
  } finally {
    over.abort('over')
    await renewing
  }
}

async function renewUntil(
  ports: Ports,
  queue: Queue,
  held: readonly Held[],
  leaseMs: number,
  until: Map<string, Instant>,
  over: AbortSignal,
  unwanted: () => Promise<ReadonlySet<string>> | null,
): Promise<void> {
  const { clock, store } = ports
  let renewAt = clock.now() + leaseMs / 3
  let mayLook = true
  for (;;) {
    await clock.sleep(Math.max(0, Math.min(renewAt - clock.now(), mayLook ? LOOK_EVERY_MS : Infinity)), over)
    if (over.aborted) return
    const looking = unwanted()
    mayLook = looking !== null
    if (clock.now() >= renewAt) {
      const end = clock.now() + leaseMs
      const renewed = await store.renew(queue, held, end).catch(() => null)
      // No answer: the old end holds. An answer without it: somebody else has it.
      if (renewed) for (const { id } of held) until.set(id, renewed.has(id) && until.get(id) !== 0 ? end : 0)
      renewAt = end - leaseMs + leaseMs / 3
    }
    for (const id of (await looking?.catch(() => NOTHING)) ?? NOTHING) until.set(id, 0)
  }
}

const NOTHING: ReadonlySet<string> = new Set()
