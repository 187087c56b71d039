import type { Instant } from '#core/instant.ts'
import type { Exchange } from '#connectors/kit/http.ts'

/**
 * Answers that are used again for a while. Only an answer is kept, never a refusal or a trouble, and only one that is
 * worth it; however many ask for one at the same time, one request is sent, or one for each payer (connectors/kit/budget.ts).
 * Age is counted from before the first byte was sent.
 */
export interface Remembered<Value, Refusal> {
  /** What is known and fresh, without asking. */
  known(key: string): Value | null
  ask(key: string): Promise<Exchange<Value, Refusal>>
  learn(key: string, value: Value, at: Instant): void
  forget(key: string): void
}

const NOBODY = {}
const nobody = (): object => NOBODY

/** Beyond this everything is forgotten and learned anew: the memory is bounded whatever the vendor lists. */
const MAX_ENTRIES = 100_000

export function createRemembered<Value, Refusal>(
  now: () => Instant,
  freshForMs: number,
  load: (key: string) => Promise<Exchange<Value, Refusal>>,
  isWorthKeeping: (value: Value) => boolean = () => true,
  payer: () => object = nobody,
): Remembered<Value, Refusal> {
  const entries = new Map<
    string,
    { readonly value: Value; readonly at: Instant; readonly exchange: Exchange<Value, Refusal> }
  >()
  const underWay = new Map<string, Map<object, Promise<Exchange<Value, Refusal>>>>()

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

  async function loaded(key: string, by: object): Promise<Exchange<Value, Refusal>> {
    try {
      const exchange = await load(key)
      if (exchange.kind === 'answered') learn(key, exchange.value, exchange.startedAt, exchange)
      else entries.delete(key)
      return exchange
    } finally {
      const others = underWay.get(key)
      others?.delete(by)
      if (others?.size === 0) underWay.delete(key)
    }
  }

  return {
    known: (key) => fresh(key)?.value ?? null,
    ask(key) {
      const entry = fresh(key)
      if (entry !== null) return Promise.resolve(entry.exchange)
      const by = payer()
      const requests = underWay.get(key) ?? new Map<object, Promise<Exchange<Value, Refusal>>>()
      underWay.set(key, requests)
      const request = requests.get(by) ?? loaded(key, by)
      requests.set(by, request)
      return request
    },
    learn,
    forget: (key) => void entries.delete(key),
  }
}
