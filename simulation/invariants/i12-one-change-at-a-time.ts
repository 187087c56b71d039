import { memberships } from './streams.ts'
import type { Invariant } from './invariant.ts'

const ENDS = new Set(['ChangeProven', 'ChangeAbandoned'])

export const oneChangeAtATime: Invariant = {
  id: 'I12',
  says: 'A membership has at most one open change at any instant.',
  check: ({ product }) =>
    memberships(product).flatMap(({ stream, events }) => {
      let open: string | null = null
      return events.flatMap(({ type, data, at }) => {
        if (ENDS.has(type)) open = null
        if (type !== 'ChangeIntended') return []
        const before = open
        open = String(data['changeId'])
        return before === null ? [] : [{ at, what: `${stream} began ${open} while ${before} was open` }]
      })
    }),
}
