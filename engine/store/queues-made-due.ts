import type { Commit, Queue } from './store.ts'

/** Whom a commit wakes: sleepers of these queues have to look when to wake up next. */
export function queuesMadeDue({
  appends,
  setTimers: timers = [],
  outbox = [],
  settle: settlements = [],
}: Commit): readonly Queue[] {
  const again = (queue: Queue): boolean =>
    settlements.some((each) => each.queue === queue && each.dueAt !== null && !each.keepLease)
  return [
    ...(timers.length > 0 || again('timer') ? (['timer'] as const) : []),
    ...(again('inbox') ? (['inbox'] as const) : []),
    ...(outbox.length > 0 || settlements.some((each) => each.queue === 'outbox') ? (['outbox'] as const) : []),
    // What is held is due for whoever finds it when the lease runs out, so somebody has to know when that is.
    ...(appends.some((each) => each.look || isHalt(each.stream)) || isAgain(settlements)
      ? (['membership'] as const)
      : []),
  ]
}

/** What has waited for an emergency stop to be lifted is due with the order that lifts it. */
function isHalt(stream: string): boolean {
  return stream.startsWith('halt/')
}

function isAgain(settlements: NonNullable<Commit['settle']>): boolean {
  return settlements.some((each) => each.queue === 'membership' && each.dueAt !== null)
}
