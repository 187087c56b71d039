import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { command, type Command } from '../conformance-commands.ts'
import { carryOut, lookAround, newStory, remember } from '../conformance-carry-out.ts'
import { postgresSubject } from '../postgres/empty-store-for-tests.ts'
import type { Store } from '../store.ts'
import { memoryStore } from './memory-store.ts'

/*
 * The simulation stands on the twin, so whatever the twin answers PostgreSQL must answer, too. Both are asked the same
 * things at random: each answer is compared, and in the end all that can be seen of either.
 */

const subject = await postgresSubject()
after(() => subject.end())

const FAULT = 'fault'

async function answerOf(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask()
  } catch {
    // What exactly is said differs; that nothing was written shows later.
    return FAULT
  }
}

async function tellBoth(commands: readonly Command[], twin: Store, postgres: Store, count: (what: string) => void) {
  const story = newStory()
  for (const each of commands) {
    const theirs = await answerOf(() => carryOut(each, postgres, story))
    const ours = await answerOf(() => carryOut(each, twin, story))
    assert.deepEqual(ours, theirs, `the twin against PostgreSQL: ${JSON.stringify(each)}`)
    count(typeof ours === 'string' ? `${each.kind}: ${ours}` : each.kind)
    remember(each, ours, story)
  }
  assert.deepEqual(await lookAround(twin), await lookAround(postgres))
}

test('the twin in memory and PostgreSQL answer alike, whatever they are asked [I12, I27, I31]', async () => {
  const counted = new Map<string, number>()
  const count = (what: string) => void counted.set(what, (counted.get(what) ?? 0) + 1)
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 60 }), async (commands) => {
      const { store } = await subject.open()
      await tellBoth(commands, memoryStore(), store, count)
    }),
    // To shrink a failure takes minutes here: give `seed` and `path` of the message, without `endOnFailure`, to do so.
    { numRuns: 30, endOnFailure: true },
  )
  for (const what of ['commit: committed', 'commit: conflict', 'commit: lease lost', 'commit: fault']) {
    assert.ok((counted.get(what) ?? 0) > 0, `${what} was never seen: ${JSON.stringify([...counted])}`)
  }
})
