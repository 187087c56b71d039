import { test } from 'node:test'
import { JIRA_FIELDS } from '#sandbox/seeds/jira-seed.ts'
import type { HistoryEntry, Ticket } from '#connectors/jira/stand-in/site.ts'
import { decisionsOf } from './decisions.ts'
import { whatWasSeenIsWhatCounts } from './i18-what-was-seen-is-what-counts.ts'
import { breaks, cannotTell, holds, runOf, withData, withNothing, withTickets } from './real-run-for-tests.ts'

const facts = await runOf()
const byPerson = decisionsOf(facts).find((each) => each.event.by.kind === 'person' && each.type === 'RequestApproved')
const { ticket, approval, event } = byPerson ?? {}
const answeredAt = approval?.completedAt ?? 0
const other = ticket?.role === 'dba' ? 'operator' : 'dba'
const isThat = (each: unknown): boolean => each === event

function edit(at: number, fromText: string | null, toText: string | null): HistoryEntry {
  const item = { field: 'Role', fieldId: JIRA_FIELDS.role, custom: true, from: null, fromText, to: null, toText }
  return { id: `edit-${at}`, at, by: '', items: [item] }
}

/** Edits put into the ticket's history; the ticket reads as the last of them says. */
function edited(...edits: readonly HistoryEntry[]) {
  const role = edits.at(-1)?.items[0]?.toText ?? null
  return withTickets(facts, (each): Ticket => {
    if (each.id !== ticket?.id) return each
    return { ...each, role, history: [...each.history, ...edits].sort((a, b) => a.at - b.at) }
  })
}

test('a run in which the tickets stay as they are holds; without an approval nothing can be told [I18]', async () => {
  await holds(whatWasSeenIsWhatCounts, facts)
  await cannotTell(whatWasSeenIsWhatCounts, withNothing(facts))
})

test('the role on the ticket was another one when it was approved [I18]', async () => {
  const role = ticket?.role ?? null
  const changed = edited(edit(answeredAt - 1, role, other), edit(answeredAt + 1, other, role))
  await breaks(whatWasSeenIsWhatCounts, changed, /the ticket asked for something else when it was answered/)
})

test('the ticket was edited and edited back before it was approved [I18]', async () => {
  const role = ticket?.role ?? null
  const changed = edited(edit(answeredAt - 20, role, other), edit(answeredAt - 10, other, role))
  await breaks(whatWasSeenIsWhatCounts, changed, /although the ticket was edited/)
})

test('an edit after the answer takes nothing back [I18]', () =>
  holds(whatWasSeenIsWhatCounts, edited(edit(answeredAt + 1, ticket?.role ?? null, other))))

test('the hash is not that of the ask, or stands for something else [I18]', async () => {
  const wrong = withData(facts, 'RequestApproved', (data) => ({ ...data, askHash: '00' }), isThat)
  await breaks(whatWasSeenIsWhatCounts, wrong, /is for another hash than what was submitted/)
  const longer = withData(facts, 'RequestSubmitted', (data) => ({ ...data, groups: [] }))
  await breaks(whatWasSeenIsWhatCounts, longer, /a hash that does not stand for what was submitted/)
})

test('a grant of more than was asked, or of something that no ticket asked for [I18]', async () => {
  await breaks(
    whatWasSeenIsWhatCounts,
    withData(facts, 'GrantOpened', (data) => ({ ...data, hours: 24 * 7 })),
    /opened a grant of something else than was asked/,
  )
  await breaks(
    whatWasSeenIsWhatCounts,
    withData(facts, 'RequestSubmitted', (data) => ({ ...data, hours: 999 })),
    /the ticket never asked for that/,
  )
})
