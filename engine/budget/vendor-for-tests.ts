import { z } from 'zod'
import { MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import type { JsonObject } from '#core/event.ts'
import { URGENCY, type Urgency } from '#core/identity-action/urgency.ts'
import type { CallOf, Limits } from '#connectors/kit/budget.ts'
import { createHttpCore, noCredentials, type Exchange, type HttpCore } from '#connectors/kit/http.ts'
import { NetworkFault, type HttpAnswer } from '#connectors/kit/io.ts'
import type { Clock } from '../store/clock.ts'
import type { Allowance } from './allowance.ts'
import { createBudgets, type Budgets } from './budgets.ts'

/*
 * A vendor that counts, and replicas that call it through the real HTTP core and the real budget, over one row. Time and the
 * network stand still until a test moves them: a call is sent, arrives and is answered when the test says so.
 */

export const WINDOW_MS = MINUTE_MS
export const CALLS_AT_ONCE = 6

/** How the vendor speaks of the end of its window. */
export type Headers = 'honest' | 'no reset' | 'reset in the past' | 'reset an hour off' | 'no limits'

export interface Vendor {
  readonly limit: number
  headers: Headers
  /** Not null: what it answers instead of working. */
  ill: HttpAnswer | 'silence' | null
  /** Calls of ours that it refused, and of each window: how many it counted in all, and how many of ours. */
  readonly refused: HttpAnswer[]
  readonly windows: { readonly startedAt: Instant; used: number; ours: number }[]
  /** Another client of the same bucket. */
  compete(calls: number): void
}

export interface UnderWay {
  readonly replica: Replica
  readonly sentAt: Instant
  arrive(): void
  /** Its answer comes back, or never does. */
  answer(how?: 'lost'): void
  readonly hasArrived: boolean
}

export interface Replica {
  readonly name: string
  readonly budgets: Budgets
  readonly change: Allowance
  readonly read: Allowance
  call(of?: CallOf): Promise<Exchange<null, unknown>>
  alive: boolean
}

export interface Stage {
  readonly clock: Clock
  readonly vendor: Vendor
  readonly underWay: UnderWay[]
  readonly said: string[]
  /** The row as it stands, and how often it was written. */
  row(): { readonly version: number; readonly state: JsonObject } | null
  replica(): Replica
  pass(ms: number): Promise<void>
  /** Everything that is under way arrives and is answered, again and again, until nothing is. */
  finish(): Promise<void>
  quiet(): Promise<void>
}

export const START: Instant = Date.parse('2026-03-04T09:00:00.250Z')

export function stage(limit: number, limits: Partial<Limits> = {}): Stage {
  let now = START
  let row: { version: number; state: JsonObject } | null = null
  const sleepers = new Set<{ readonly at: Instant; readonly wake: () => void }>()
  const underWay: UnderWay[] = []
  const said: string[] = []
  let replicas = 0

  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(sleeper)
          resolve()
        }
        const sleeper = { at: now + ms, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake)
      }),
  }

  const vendor: Vendor = {
    limit,
    headers: 'honest',
    ill: null,
    refused: [],
    windows: [],
    compete: (calls) => void (windowNow().used += calls),
  }

  function windowNow(): Vendor['windows'][number] {
    const last = vendor.windows.at(-1)
    if (last && now < last.startedAt + WINDOW_MS) return last
    const fresh = { startedAt: now, used: 0, ours: 0 }
    vendor.windows.push(fresh)
    return fresh
  }

  function serve(): HttpAnswer | 'silence' {
    if (vendor.ill !== null) return vendor.ill
    const date = { date: new Date(now).toUTCString() }
    if (vendor.headers === 'no limits') return { status: 204, headers: date, body: '' }
    const window = windowNow()
    const allowed = window.used < limit
    if (allowed) window.used += 1
    window.ours += 1
    const endsAt = window.startedAt + WINDOW_MS
    const answer: HttpAnswer = {
      status: allowed ? 204 : 429,
      headers: {
        ...date,
        'x-rate-limit-limit': String(limit),
        'x-rate-limit-remaining': String(Math.max(0, limit - window.used)),
        ...resetOf(vendor.headers, endsAt),
      },
      body: '',
    }
    if (!allowed) vendor.refused.push(answer)
    return answer
  }

  function replica(): Replica {
    replicas += 1
    const name = `rep_${replicas}`
    const store = {
      budget: async () => row,
      saveBudget: async (_: string, expected: number, state: JsonObject) => {
        if ((row?.version ?? 0) !== expected) return false
        row = { version: expected + 1, state: JSON.parse(JSON.stringify(state)) as JsonObject }
        return true
      },
    }
    // Nobody wakes up in a process that has died.
    const ownClock: Clock = {
      now: clock.now,
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal)
        if (!one.alive) await new Promise(() => undefined)
      },
    }
    const budgets = createBudgets({
      store,
      clock: ownClock,
      ids: { next: () => name, bytes: (length) => Buffer.alloc(length) },
      log: (level, message) => void said.push(`${level}: ${message}`),
      leaseMs: 5 * SECOND_MS,
    })
    const budget = budgets.of('vendor', {
      buckets: [{ name: 'all', windowMs: WINDOW_MS, limit: null }],
      change: 'all',
      read: 'all',
      callsAtOnce: CALLS_AT_ONCE,
      ...limits,
    })
    const core: HttpCore<unknown> = createHttpCore(
      {
        now: clock.now,
        sleep: (ms) => clock.sleep(ms),
        newId: () => 'id',
        fetch: () => new Promise<HttpAnswer>((resolve, reject) => send(one, resolve, reject)),
      },
      {
        origin: 'https://vendor.example',
        credentials: noCredentials,
        refusal: z.object({ error: z.string() }),
        maxInFlight: 1_000,
        retryDelaysMs: [],
        paid: {
          budget,
          bucketOf: () => 'all',
          callOf: ({ method }) => (method === 'GET' ? 'read' : 'change'),
          isAboutCallsAtOnce: (headers) => headers['x-rate-limit-limit'] === '0',
        },
      },
    )
    const allowance = (call: CallOf, urgency: Urgency): Allowance => budgets.allowance('vendor', { call, urgency })
    const one: Replica = {
      name,
      budgets,
      change: allowance('change', URGENCY.grant),
      read: allowance('read', URGENCY['read-back']),
      call: (of = 'read') => core.tell({ method: of === 'read' ? 'GET' : 'PUT', url: 'https://vendor.example/x' }),
      alive: true,
    }
    return one
  }

  function send(by: Replica, resolve: (answer: HttpAnswer) => void, reject: (fault: Error) => void): void {
    let answer: HttpAnswer | 'silence' | null = null
    const call: UnderWay = {
      replica: by,
      sentAt: now,
      get hasArrived() {
        return answer !== null
      },
      arrive: () => void (answer ??= serve()),
      answer(how) {
        this.arrive()
        underWay.splice(underWay.indexOf(call), 1)
        if (how === 'lost' || answer === 'silence') reject(new NetworkFault('no answer'))
        else if (answer !== null) resolve(answer)
      },
    }
    underWay.push(call)
  }

  const quiet = async (): Promise<void> => {
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    clock,
    vendor,
    underWay,
    said,
    row: () => row,
    replica,
    quiet,
    async pass(ms) {
      const until = now + ms
      for (;;) {
        await quiet()
        const next = [...sleepers].sort((a, b) => a.at - b.at).find((each) => each.at <= until)
        if (!next) break
        now = Math.max(now, next.at)
        next.wake()
      }
      now = until
      await quiet()
    },
    async finish() {
      await quiet()
      while (underWay.length > 0) {
        for (const call of underWay.slice()) call.answer()
        await quiet()
      }
    },
  }
}

/** RFC 9110 dates are whole seconds, and so is the reset. */
function resetOf(headers: Headers, endsAt: Instant): Readonly<Record<string, string>> {
  const reset = (at: Instant) => ({ 'x-rate-limit-reset': String(Math.ceil(at / SECOND_MS)) })
  switch (headers) {
    case 'honest':
      return reset(endsAt)
    case 'reset in the past':
      return reset(endsAt - 2 * WINDOW_MS)
    case 'reset an hour off':
      return reset(endsAt + 60 * MINUTE_MS)
    case 'no reset':
    case 'no limits':
      return {}
  }
}
