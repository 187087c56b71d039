import { fork, type ChildProcess } from 'node:child_process'
import type { Violation } from '../invariants/invariant.ts'

/** What one schedule came to, in few enough words to be sent from one process to another. */
export interface SeedResult {
  readonly seed: number
  readonly traceHash: string
  readonly violations: readonly (Violation & { readonly id: string })[]
  readonly checked: readonly string[]
  /** How often each kind of fault befell something in each state of a life: `number kind` -> state -> count. */
  readonly fired: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly calls: number
  readonly events: number
  readonly simulatedMs: number
  readonly cpuMs: number
}

export interface Order {
  readonly seeds: readonly number[]
  readonly only: readonly number[] | null
}

/** Seeds handed out one after the other, so that a slow one delays nobody. */
export async function* runSeeds(options: {
  readonly seeds: readonly number[]
  readonly only: readonly number[] | null
  readonly processes: number
  readonly stopAtFailure: boolean
}): AsyncGenerator<SeedResult> {
  const waiting = [...options.seeds]
  const results: SeedResult[] = []
  let wake: () => void = () => undefined
  let failure: Error | null = null
  let running = 0
  const workers: ChildProcess[] = []

  const next = (worker: ChildProcess): void => {
    const seeds = waiting.splice(0, 4)
    if (seeds.length > 0) worker.send({ seeds, only: options.only } satisfies Order)
    else worker.disconnect()
  }
  for (let count = 0; count < Math.min(options.processes, waiting.length); count += 1) {
    const worker = fork(new URL('./worker.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    workers.push(worker)
    running += 1
    worker.on('message', (message: SeedResult | 'done') => {
      if (message === 'done') next(worker)
      else results.push(message)
      wake()
    })
    worker.on('exit', (code) => {
      running -= 1
      if (code !== 0) failure = new Error(`a process of the simulation ended with code ${String(code)}`)
      wake()
    })
    next(worker)
  }

  try {
    for (;;) {
      for (let result = results.shift(); result !== undefined; result = results.shift()) {
        yield result
        if (options.stopAtFailure && result.violations.length > 0) return
      }
      if (failure) throw failure as Error
      if (running === 0) return
      await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    for (const worker of workers) worker.kill()
  }
}
