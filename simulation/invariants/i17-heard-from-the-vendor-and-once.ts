import { hash } from 'node:crypto'
import { clocksOf } from '../oracle/clocks.ts'
import type { Posted } from '../world/history.ts'
import type { Invariant, Violation } from './invariant.ts'

/** The door believed it: it kept it, knew it already, or stumbled only when it wanted to keep it. */
const BELIEVED = new Set(['received', 'already received', 'failed'])

/** Whoever else knows the address may post this. A replay is genuine by its bytes, and has to be known by them. */
const NOT_THE_VENDORS = new Set<Posted['kind']>(['forged', 'of another site'])

/** The process that opened it was killed before it could say anything. */
const SILENCE = 'no answer'

/** What a poll calls its items: `poll:<ticket>:<since>`. */
const OF_A_POLL = /^poll:([^:]+):/

export const heardFromTheVendorAndOnce: Invariant = {
  id: 'I17',
  says: 'What was forged or signed for another site is refused, what comes again is kept once, and the inbox holds nothing that nobody sent.',
  check({ run, product }) {
    const { webhooks } = run.history
    if (webhooks.length === 0) return null
    const broken: Violation[] = []
    const sent = new Map<string, Posted>()
    const times = new Map<string, number>()
    for (const posted of webhooks) {
      const { at, kind, verdict, body } = posted
      if (NOT_THE_VENDORS.has(kind)) {
        if (BELIEVED.has(verdict)) broken.push({ at, what: `a webhook that was ${kind} came to "${verdict}"` })
        continue
      }
      if (!BELIEVED.has(verdict) && verdict !== SILENCE)
        broken.push({ at, what: `a genuine webhook was refused: ${verdict}` })
      const id = `jira:${hash('sha256', body)}`
      if ((sent.get(id)?.at ?? Infinity) > at) sent.set(id, posted)
      if (verdict !== 'received') continue
      times.set(id, (times.get(id) ?? 0) + 1)
      if (times.get(id) === 2) broken.push({ at, what: 'the same webhook was kept a second time' })
      if (!product.inbox.has(id)) broken.push({ at, what: 'a webhook was said to be kept, and is not in the inbox' })
    }
    const tickets = new Set(run.jira.tickets().map((each) => each.key))
    const offAt = clocksOf(run)
    for (const { id, source, about, receivedAt } of product.inbox.values()) {
      const posted = sent.get(id)
      const isExplained =
        source === 'poll'
          ? OF_A_POLL.exec(id)?.[1] === about && tickets.has(about)
          : posted !== undefined &&
            posted.at <= receivedAt - offAt(posted.at).behindMs &&
            posted.body.includes(`"key":"${about}"`)
      if (!isExplained)
        broken.push({ at: receivedAt, what: `the inbox holds "${source}" about ${about}, which nobody sent` })
    }
    return broken
  },
}
