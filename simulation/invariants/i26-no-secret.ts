import type { Facts } from '../facts.ts'
import type { InvariantInTime, Violation } from './invariant.ts'
import { packOf } from './pack-on-disk.ts'

/**
 * What none of our secrets can be written without: the word in each of them (world/site.ts), the same in base64 at each of
 * its three places, as in a header "Basic …"; the beginning of each token of the directory's; a private key in its usual form.
 */
const SIGNS = ['canary', 'Y2FuYXJ5', 'NhbmFye', 'jYW5hcn', 'standin-', 'PRIVATE KEY', 'Bearer ']

/** Everything that the product wrote or said, by where it was found. */
export const noSecret: InvariantInTime = {
  id: 'I26',
  says: 'No secret of ours is in an event, a state, a row of work, a line of the log, an address, a ticket or an export.',
  async check(facts) {
    const broken: Violation[] = []
    for (const [where, texts] of placesOf(facts)) {
      const text = texts.join('\n')
      for (const sign of SIGNS) if (text.includes(sign)) broken.push(foundIn(facts, where, texts, sign))
    }
    const pack = await packOf(facts)
    if (pack?.kind !== 'written') return broken
    for (const [name, bytes] of pack.files) {
      const text = Buffer.from(bytes).toString('latin1')
      for (const sign of SIGNS) if (text.includes(sign)) broken.push(foundIn(facts, `the pack's ${name}`, [text], sign))
    }
    return broken
  },
}

function foundIn({ run }: Facts, where: string, texts: readonly string[], sign: string): Violation {
  const text = texts.find((each) => each.includes(sign)) ?? ''
  const from = Math.max(0, text.indexOf(sign) - 20)
  return { at: run.start, what: `${where} holds a secret: …${text.slice(from, from + 60)}…` }
}

function placesOf({ run, product }: Facts): readonly (readonly [where: string, texts: readonly string[]])[] {
  const { streams, memberships, timers, inbox, outbox, links, budgets } = product
  const rows = [streams, memberships, timers, inbox, outbox, links, budgets].flatMap((each) => [...each.values()])
  const { log, notices, calls } = run.history
  return [
    ['an event', textsIn(product.events)],
    ['a row', textsIn(rows)],
    ['the log', [...textsIn(log), ...notices]],
    ['the address of a call', calls.map((each) => each.path)],
    ['a ticket', textsIn(run.jira.tickets())],
  ]
}

function textsIn(value: unknown, found: string[] = []): readonly string[] {
  if (typeof value === 'string') found.push(value)
  else if (ArrayBuffer.isView(value)) return found
  else if (typeof value === 'object' && value !== null)
    for (const key in value) textsIn((value as Readonly<Record<string, unknown>>)[key], found)
  return found
}
