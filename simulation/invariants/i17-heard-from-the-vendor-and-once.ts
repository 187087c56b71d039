import { hash } from 'node:crypto'
import { HOUR_MS } from '#core/instant.ts'
import { clocksOf } from '../oracle/clocks.ts'
import type { Posted } from '../world/history.ts'
import type { Invariant, Violation } from './invariant.ts'

/** The door believed it: it kept it, knew it already, or stumbled only when it wanted to keep it. */
const BELIEVED = new Set(['received', 'already received', 'failed'])

/** Nothing of the kind is posted by whoever else knows the address. A replay is genuine by its bytes, and so known. */
const NOT_THE_VENDORS = new Set<Posted['kind']>(['forged', 'of another site'])

/** A commit may have been carried out, and its answer lost, or the process killed before it could say so. */
const MAY_BE_KEPT = new Set([...BELIEVED, 'no answer'])

/** What a poll says of itself: `poll:<ticket>:<since>`. */
const POLL = /^poll:([^:]+):/

export const heardFromTheVendorAndOnce: Invariant = {
  id: 'I17',
  says: 'What was forged or signed by another site is refused, what comes again is kept once, and nothing is in the inbox that nobody sent.',
  check({ run, product }) {
    const { webhooks } = run.history
    if (webhooks.length === 0) return null
    const broken: Violation[] = []
    const kept = new Map<string, number>()
    const sent = new Map<string, number>()
    for (const { at, kind, verdict, body } of webhooks) {
      if (NOT_THE_VENDORS.has(kind)) {
        if (BELIEVED.has(verdict)) broken.push({ at, what: `a webhook that was ${kind} came to "${verdict}"` })
        continue
      }
      if (!MAY_BE_KEPT.has(verdict)) broken.push({ at, what: `a genuine webhook was refused: ${verdict}` })
      const id = `jira:${hash('sha256', body)}`
      sent.set(id, Math.min(sent.get(id) ?? Infinity, at))
      if (verdict === 'received') kept.set(id, (kept.get(id) ?? 0) + 1)
    }
    for (const [id, times] of kept) {
      const at = sent.get(id) ?? run.start
      if (times > 1) broken.push({ at, what: `one webhook was kept ${times} times` })
      if (!product.inbox.has(id)) broken.push({ at, what: 'a webhook was said to be received, and is not in the inbox' })
    }
    const tickets = new Set(run.jira.tickets().map((each) => each.key))
    const offAt = clocksOf(run)
    for (const { id, source, about, receivedAt } of product.inbox.values()) {
      const from = sent.get(id)
      // `receivedAt` is what the clock of the process showed.
      const isExplained =
        source === 'poll'
          ? POLL.exec(id)?.[1] === about && tickets.has(about)
          : from !== undefined && from <= receivedAt - offAt(receivedAt).behindMs + HOUR_MS * 0
      if (!isExplained) broken.push({ at: receivedAt, what: `the inbox holds ${source} about ${about}, which nobody sent` })
    }
    return broken
  },
}
