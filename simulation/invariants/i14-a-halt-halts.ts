import type { Instant } from '#core/instant.ts'
import { oracleOf } from '../oracle/oracle.ts'
import { membershipInWords, timeOf } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/** A look at the orders may be a quarter of a second old, and what was looked at is told by the next commit. */
const IN_FORCE_AFTER_MS = 350

/** `all`, and each provider by its name. */
const SCOPES = new Set(['halt/all', 'halt/okta'])

/** What was on its way when the order was committed is finished. That it is recorded is said by those who ask for the record. */
export const aHaltHalts: Invariant = {
  id: 'I14',
  says: 'After a halt was committed no write of its scope starts, until it is lifted; an order may exempt removals.',
  check({ run }) {
    const orders: {
      readonly scope: string
      readonly from: Instant
      until: Instant
      readonly exceptRemovals: boolean
    }[] = []
    for (const { at, streams } of run.history.commits) {
      for (const { stream, types, state } of streams) {
        if (!SCOPES.has(stream) || types.length === 0) continue
        for (const each of orders) if (each.scope === stream) each.until = Math.min(each.until, at)
        const halted = state['halted'] as { readonly exceptRemovals: boolean } | null
        if (halted) orders.push({ scope: stream, from: at, until: Infinity, exceptRemovals: halted.exceptRemovals })
      }
    }
    if (orders.length === 0) return null
    return oracleOf(run).calls.writes.flatMap(({ op, group, user, call: { sentAt } }) => {
      const order = orders.find(
        ({ from, until, exceptRemovals }) =>
          from + IN_FORCE_AFTER_MS < sentAt && sentAt < until && !(op === 'remove' && exceptRemovals),
      )
      if (order === undefined) return []
      const what = `${op} of ${membershipInWords(group, user)} was sent at ${timeOf(sentAt)}, although ${order.scope} was ordered at ${timeOf(order.from)}`
      return [{ at: sentAt, what }]
    })
  },
}
