import { test } from 'node:test'
import type { Facts } from '../facts.ts'
import { CANARIES } from '../world/site.ts'
import { noSecret } from './i26-no-secret.ts'
import { breaks, firstOf, holds, runOf, withData, withHistory, withTickets } from './real-run-for-tests.ts'

const facts = await runOf()
const [secret = ''] = CANARIES

test('a run in which nothing of ours is told holds, its export too [I26]', () => holds(noSecret, facts))

test('a secret in an event, or in a row of work [I26]', async () => {
  const said = withData(facts, 'ChangeAnswered', (data) => ({ ...data, said: { in: [`a ${secret}`] } }))
  await breaks(noSecret, said, /an event holds a secret/)
  const inbox = new Map([...facts.product.inbox].map(([id, row]) => [id, { ...row, note: `Basic ${secret}` }]))
  await breaks(noSecret, { ...facts, product: { ...facts.product, inbox } }, /a row holds a secret/)
})

test('a secret in a line of the log, as it is or in base64 [I26]', async () => {
  const logging = (message: string): Facts =>
    withHistory(facts, { log: [{ at: 0, level: 'info', replica: 'r1', message }] })
  await breaks(noSecret, logging(`asked with ${secret}`), /the log holds a secret/)
  for (const before of ['', 'a', 'ab'])
    await breaks(noSecret, logging(Buffer.from(`${before}:${secret}`).toString('base64')), /the log holds a secret/)
  await breaks(noSecret, logging('-----BEGIN PRIVATE KEY-----'), /the log holds a secret/)
})

test('a secret in an address, or on a ticket [I26]', async () => {
  const calls = facts.run.history.calls.map((each) => ({ ...each, path: `${each.path}?token=${secret}` }))
  await breaks(noSecret, withHistory(facts, { calls }), /the address of a call holds a secret/)
  await breaks(
    noSecret,
    withTickets(facts, (each) => ({ ...each, summary: `${each.summary} ${secret}` })),
    /a ticket holds a secret/,
  )
})

test('a secret in an export [I26]', async () => {
  const { store } = facts
  const submitted = firstOf(facts, 'RequestSubmitted')
  const sealed = async (from: number, limit: number) =>
    (await store.sealed(from, limit)).map((each) =>
      each.event.stream === submitted.stream && each.event.version === 1
        ? { ...each, event: { ...each.event, personalFields: { reason: secret } } }
        : each,
    )
  await breaks(noSecret, { ...facts, store: { ...store, sealed } }, /the pack's records.jsonl holds a secret/)
})
