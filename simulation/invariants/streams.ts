import type { Contents } from '#engine/store/memory/contents.ts'
import type { StoredEvent } from '#engine/store/store.ts'

export interface Stream {
  readonly stream: string
  readonly events: readonly StoredEvent[]
}

const cache = new WeakMap<Contents, ReadonlyMap<string, readonly StoredEvent[]>>()

/** The events of each stream of one kind, in their order. */
export function streamsOf(product: Contents, kind: string): readonly Stream[] {
  let all = cache.get(product)
  if (all === undefined) {
    all = Map.groupBy(product.events, (each) => each.stream)
    cache.set(product, all)
  }
  const found: Stream[] = []
  for (const [stream, events] of all) if (stream.startsWith(`${kind}/`)) found.push({ stream, events })
  return found
}

export function memberships(product: Contents): readonly Stream[] {
  return streamsOf(product, 'membership')
}
