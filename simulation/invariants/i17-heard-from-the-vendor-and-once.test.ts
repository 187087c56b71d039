import { test } from 'node:test'
import type { Facts } from '../facts.ts'
import type { Posted } from '../world/history.ts'
import { heardFromTheVendorAndOnce } from './i17-heard-from-the-vendor-and-once.ts'
import { breaks, cannotTell, holds, runOf, withHistory, withNothing } from './real-run-for-tests.ts'

const facts = await runOf(81, [32, 33, 34])
const { webhooks } = facts.run.history

/** The first of its kind, with another verdict. */
function withVerdict(kind: Posted['kind'], verdict: string): Facts {
  const first = webhooks.find((each) => each.kind === kind)
  return withHistory(facts, { webhooks: webhooks.map((each) => (each === first ? { ...each, verdict } : each)) })
}

test('forged, replayed and foreign webhooks in one run: it holds; where none is posted, nothing can be told [I17]', async () => {
  await holds(heardFromTheVendorAndOnce, facts)
  await cannotTell(heardFromTheVendorAndOnce, withNothing(facts))
})

test('a forged webhook, or one of another site, that is believed [I17]', async () => {
  await breaks(heardFromTheVendorAndOnce, withVerdict('forged', 'received'), /was forged came to "received"/)
  await breaks(
    heardFromTheVendorAndOnce,
    withVerdict('of another site', 'failed'),
    /was of another site came to "failed"/,
  )
})

test('a replay that is kept as something new [I17]', () =>
  breaks(heardFromTheVendorAndOnce, withVerdict('replayed', 'received'), /the same webhook was kept a second time/))

test('a genuine webhook that is sent away [I17]', () =>
  breaks(heardFromTheVendorAndOnce, withVerdict('genuine', 'signature wrong'), /a genuine webhook was refused/))

test('an item of the inbox that nobody sent [I17]', async () => {
  const inbox = new Map(facts.product.inbox)
  const [first] = inbox.values()
  if (first) inbox.set('jira:00', { ...first, id: 'jira:00', source: 'jira webhook' })
  await breaks(heardFromTheVendorAndOnce, { ...facts, product: { ...facts.product, inbox } }, /which nobody sent/)
})

test('an item of the inbox about another ticket than the webhook [I17]', async () => {
  const inbox = new Map([...facts.product.inbox].map(([id, row]) => [id, { ...row, about: 'ACCESS-77' }]))
  await breaks(
    heardFromTheVendorAndOnce,
    { ...facts, product: { ...facts.product, inbox } },
    /about ACCESS-77, which nobody sent/,
  )
})

test('a webhook that was said to be kept, and is nowhere [I17]', () =>
  breaks(
    heardFromTheVendorAndOnce,
    { ...facts, product: { ...facts.product, inbox: new Map() } },
    /said to be kept, and is not in the inbox/,
  ))
