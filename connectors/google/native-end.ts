import type { Outcome } from '#core/identity-action/outcome.ts'
import type { NativeEnd } from '#connectors/kit/connector.ts'
import type { Ends } from './ends.ts'
import { rejected } from './outcome.ts'
import type { Writable } from './writable.ts'

/** Moves, sets and clears the ends of members who are there; who is not is looked up first, and never added. */
export function createNativeEnd(ends: Ends, writable: Writable): NativeEnd {
  return {
    async setEnds(changes, mayStart = () => true) {
      const outcomes: Outcome[] = []
      const todos = changes.map((change, place) => ({
        change,
        settle: (outcome: Outcome): void => void (outcomes[place] = outcome),
        mayStart: () => mayStart(place),
      }))
      const allowed = await writable(todos)
      await Promise.all(
        allowed.map(async ({ change, settle, mayStart }) => settle(await ends.update(change, mayStart))),
      )
      return outcomes.map(withoutEnd)
    },
  }
}

/** A group whose members are not ours to write has members whom Google does not end for us either. */
function withoutEnd(outcome: Outcome): Outcome {
  const isManaged = outcome.kind === 'rejected' && outcome.because === 'group is managed by the vendor'
  return isManaged ? rejected('no native end', outcome.said) : outcome
}
