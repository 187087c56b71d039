import { test } from 'node:test'
import { fourParts } from './i24-four-parts.ts'
import { breaks, cannotTell, holds, runOf, withData, withEvents, withNothing } from './real-run-for-tests.ts'

const facts = await runOf()

test('every change of a run leads to its four parts; where nothing was changed, nothing can be told [I24]', async () => {
  await holds(fourParts, facts)
  await cannotTell(fourParts, withNothing(facts))
})

test('each link that is missing or wrong is found [I24]', async () => {
  const [submitted, approved] = ['RequestSubmitted', 'RequestApproved']
  const without = (type: string) => withEvents(facts, (each) => (each.type === type ? { ...each, type: 'X' } : each))
  await breaks(fourParts, without(submitted), /no trigger/)
  await breaks(fourParts, without(approved), /no decision/)
  await breaks(fourParts, without('GrantOpened'), /no grant/)
  await breaks(fourParts, without('GrantEnding'), /no ending/)
  await breaks(fourParts, without('ApprovalRulePublished'), /rule version unknown/)
  await breaks(fourParts, without('ChangeIntended'), /no intent/)
  await breaks(fourParts, without('ChangeAnswered'), /no outcome/)
})

test('a proof that contradicts its intent, its answer or the order of time [I24]', async () => {
  const with_ = (field: string, value: string | null) =>
    withData(facts, 'ChangeProven', (data) => ({ ...data, [field]: value }))
  await breaks(fourParts, with_('readAt', '2026-03-04T00:00:00.000Z'), /read before the answer/)
  await breaks(fourParts, with_('receipt', 'req-other'), /outcome differs/)
  await breaks(fourParts, with_('grantId', 'grt_other'), /intent differs/)
})
