import assert from 'node:assert/strict'
import { SECOND_MS } from '#core/instant.ts'
import type { Spending } from './allowance.ts'
import { stage, type Replica, type Stage } from './vendor-for-tests.ts'

/** Asks for so many calls as a lane does, and makes those that are granted; how many were answered. */
export async function batch(
  on: Stage,
  replica: Replica,
  calls: number,
  of: 'change' | 'read' = 'change',
): Promise<number> {
  const spending = await (of === 'change' ? replica.change : replica.read).open(calls)
  if (spending.kind === 'wait') return 0
  return paid(on, replica, spending, calls, of)
}

export async function paid(
  on: Stage,
  replica: Replica,
  spending: Spending,
  calls: number,
  of: 'change' | 'read' = 'change',
) {
  const made = Array.from({ length: Math.min(calls, spending.calls) }, () => spending.pays(() => replica.call(of)))
  await on.finish()
  await spending.close(calls >= spending.calls)
  return (await Promise.all(made)).filter(({ kind }) => kind === 'answered').length
}

/** Batches until nothing is granted any more; how many calls were answered. */
export async function all(on: Stage, replica: Replica, calls: number): Promise<number> {
  let answered = 0
  for (;;) {
    const more = await batch(on, replica, calls)
    if (more === 0) return answered
    answered += more
  }
}

export async function waitOf(replica: Replica, calls = 1): Promise<number> {
  const opened = await replica.change.open(calls)
  assert.equal(opened.kind, 'wait')
  return opened.kind === 'wait' ? opened.until : 0
}

/** Two replicas at work: each holds its share of the places, and the first call of the window is answered. */
export async function twoAtWork(
  limit: number,
): Promise<{ readonly on: Stage; readonly one: Replica; readonly other: Replica }> {
  const on = stage(limit)
  const [one, other] = [on.replica(), on.replica()]
  await batch(on, one, 1)
  await waitOf(other)
  await on.pass(2 * SECOND_MS)
  assert.equal(await batch(on, one, 1), 1)
  assert.equal(await batch(on, other, 1), 1)
  return { on, one, other }
}
