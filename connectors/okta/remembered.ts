import type { Instant } from '#core/instant.ts'
import type { Exchange } from '#connectors/kit/http.ts'

/**
 * Answers that are used again for a while. Only an answer is kept, never a refusal or a trouble, and only one that is
 * worth it; however many ask for one at the same time, one request is sent. Age is counted from before the first byte
 * was sent.
 */
export interface Remembered<Value, Refusal> {
  /** What is known and fresh, without asking. */
  known(key: string): Value | null
  ask(key: string): Promise<Exchange<Value, Refusal>>
  learn(key: string, value: Value, at: Instant): void
  forget(key: string): void
}

/** Beyond this everything is forgotten and learned anew: the memory is bounded whatever the vendor lists. */
const MAX_ENTRIES = 100_000

export function createRemembered<Value, Refusal>(
  now: () => Instant,
  freshForMs: number,
  load: (key: string) => Promise<Exchange<Value, Refusal>>,
  isWorthKeeping: (value: Value) => boolean = () => true,
): Remembered<Value, Refusal> {
  const entries = new Map<
    string,
    { readonly value: Value; readonly at: Instant; readonly exchange: Exchange<Value, Refusal> }
  >()
  const underWay = new Map<string, Promise<Exchange<Value, Refusal>>>()

  function fresh(key: string): { readonly value: Value; readonly exchange: Exchange<Value, Refusal> } | null {
    const entry = entries.get(key)
    return entry !== undefined && now() - entry.at < freshForMs ? entry : null
  }

  function learn(key: string, value: Value, at: Instant, exchange?: Exchange<Value, Refusal>): void {
    if (!isWorthKeeping(value)) return
    if (entries.size >= MAX_ENTRIES) entries.clear()
    const learned = exchange ?? { kind: 'answered', status: 200, headers: {}, value, startedAt: at }
    entries.set(key, { value, at, exchange: learned })
  }

  async function loaded(key: string): Promise<Exchange<Value, Refusal>> {
    try {
      const exchange = await load(key)
      if (exchange.kind === 'answered') learn(key, exchange.value, exchange.startedAt, exchange)
      else entries.delete(key)
      return exchange
    } finally {
      underWay.delete(key)
    }
  }

  return {
    known: (key) => fresh(key)?.value ?? null,
    ask(key) {
      const entry = fresh(key)
      if (entry !== null) return Promise.resolve(entry.exchange)
      let request = underWay.get(key)
      if (request === undefined) {
        request = loaded(key)
        underWay.set(key, request)
      }
      return request
    },
    learn,
    forget: (key) => void entries.delete(key),
  }
}
