import { test } from 'node:test'
import { COMPANY } from '../company.ts'
import { decisionsOf } from './decisions.ts'
import { nobodyDecidesTheirOwn } from './i15-nobody-decides-their-own.ts'
import { breaks, cannotTell, holds, runOf, withEvents, withNothing, withTickets } from './real-run-for-tests.ts'

const facts = await runOf()
const byPerson = decisionsOf(facts).find((each) => each.event.by.kind === 'person' && each.type === 'RequestApproved')
const { event, submitted, ticket, approval } = byPerson ?? {}

test('a run in which others approve, and a rule does, holds; without a decision nothing can be told [I15]', async () => {
  await holds(nobodyDecidesTheirOwn, facts)
  await cannotTell(nobodyDecidesTheirOwn, withNothing(facts))
})

test('whoever asked is on record as the one who approved [I15]', async () => {
  const by = { kind: 'person', id: submitted?.requesterId ?? '', door: 'jira' } as const
  const changed = withEvents(facts, (each) => (each === event ? { ...each, by } : each))
  await breaks(nobodyDecidesTheirOwn, changed, /is said to be of per_\w+, and was answered by per_/)
})

test('the person who gets it answered, on the ticket and on record [I15]', async () => {
  const own = COMPANY.people.find((each) => each.id === submitted?.beneficiaryId)
  const by = { kind: 'person', id: own?.id ?? '', door: 'jira' } as const
  const answers = [{ account: own?.jiraAccountId ?? '', decision: 'approved' as const }]
  const changed = withTickets(
    withEvents(facts, (each) => (each === event ? { ...each, by } : each)),
    (each) => (each === ticket ? { ...each, approvals: each.approvals.map((one) => ({ ...one, answers })) } : each),
  )
  await breaks(nobodyDecidesTheirOwn, changed, /who asked for it or gets it/)
})

test('the account that answered is a second one of whoever asked [I15]', async () => {
  const account = approval?.answers.find((each) => each.decision === 'approved')?.account ?? ''
  const link = [...facts.product.links.values()].find((each) => each.account === account)
  const links = new Map(facts.product.links)
  if (link) links.set('alias', { ...link, personId: submitted?.requesterId ?? '' })
  await breaks(nobodyDecidesTheirOwn, { ...facts, product: { ...facts.product, links } }, /who asked for it or gets it/)
})

test('a status is no approval: the record names one that nobody gave [I15]', async () => {
  const pending = withTickets(facts, (each) =>
    each === ticket ? { ...each, approvals: each.approvals.map((one) => ({ ...one, decision: 'pending' })) } : each,
  )
  await breaks(nobodyDecidesTheirOwn, pending, /names an approval that was pending then/)
  const none = withTickets(facts, (each) => (each === ticket ? { ...each, approvals: [] } : each))
  await breaks(nobodyDecidesTheirOwn, none, /names an approval that no ticket has/)
})

test('the engine decides nothing [I15]', async () => {
  const changed = withEvents(facts, (each) => (each === event ? { ...each, by: { kind: 'engine' } } : each))
  await breaks(nobodyDecidesTheirOwn, changed, /"engine", which cannot decide/)
})
