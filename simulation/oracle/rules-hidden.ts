import { HOUR_MS, type Instant } from '#core/instant.ts'
import type { Run } from '../world/simulate.ts'

/**
 * Whether the process that sent a removal could know which rules there are: not one list of them that it read within the hour
 * came whole. A list that lacks a row looks like any other, and the one from before is remembered for an hour, in its process.
 */
export function rulesWereHidden({ history }: Run, replica: string, sentAt: Instant): boolean {
  const lists = history.calls.filter(
    ({ vendor, path, ...call }) =>
      vendor === 'okta' &&
      call.replica === replica &&
      path.startsWith('/api/v1/groups/rules') &&
      call.answeredAt !== null &&
      call.answeredAt <= sentAt &&
      call.sentAt > sentAt - HOUR_MS,
  )
  return lists.length > 0 && !lists.some((each) => each.clean && each.status === 200)
}
