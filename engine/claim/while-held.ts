import type { Ports } from '../ports.ts'
import type { Held, Queue } from '../store/store.ts'

/** Renews leases while something slow runs. A renewal that fails is no harm: the work is settled under its fence, or not at all. */
export async function whileHeld<Result>(
  ports: Ports,
  queue: Queue,
  held: readonly Held[],
  leaseMs: number,
  slow: () => Promise<Result>,
): Promise<Result> {
  const over = new AbortController()
  const renewing = renewUntil(ports, queue, held, leaseMs, over.signal)
  try {
    return await slow()
  } finally {
    over.abort()
    await renewing
  }
}

async function renewUntil(
  ports: Ports,
  queue: Queue,
  held: readonly Held[],
  leaseMs: number,
  over: AbortSignal,
): Promise<void> {
  for (;;) {
    await ports.clock.sleep(leaseMs / 3, over)
    if (over.aborted) return
    await ports.store.renew(queue, held, ports.clock.now() + leaseMs).catch(() => undefined)
  }
}
