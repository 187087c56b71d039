import type { Contents } from '#engine/store/memory/contents.ts'
import { personOf } from '../oracle/agreements.ts'
import { decisionInWords, decisionsOf, type Decision } from './decisions.ts'
import type { Invariant, Violation } from './invariant.ts'

/**
 * Told by the approval on the ticket and by the log, which must name the same person. The doors of the simulation are
 * those of Jira; membership of a group gives nobody a say in anything, so no request can make its own approver.
 */
export const nobodyDecidesTheirOwn: Invariant = {
  id: 'I15',
  says: 'Whoever decided, by the approval on the ticket and by the record, neither asked nor gets the access, by any account of theirs.',
  check(facts) {
    const decisions = decisionsOf(facts)
    if (decisions.length === 0) return null
    return decisions.flatMap((each): readonly Violation[] => {
      const what = each.event.by.kind === 'person' ? flawOf(each, facts.product) : flawOfRule(each)
      return what === null ? [] : [{ at: each.at, what: `${decisionInWords(each)} ${what}` }]
    })
  },
}

function flawOf({ event, submitted, ticket, approval, at, type }: Decision, { links }: Contents): string | null {
  const named = event.by.kind === 'person' ? event.by.id : null
  if (ticket === null || approval === null) return 'names an approval that no ticket has'
  const decision = type === 'RequestApproved' ? 'approved' : 'declined'
  if (approval.decision !== decision || (approval.completedAt ?? Infinity) > at)
    return `names an approval that was ${approval.decision} then`
  const accounts = approval.answers.filter((each) => each.decision === decision).map((each) => each.account)
  const deciders = accounts.flatMap((account) => personOf(account)?.id ?? [])
  if (named === null || !deciders.includes(named))
    return `is said to be of ${String(named)}, and was answered by ${deciders.join(' and ') || 'nobody whom we know'}`
  const own = new Set([submitted.requesterId, submitted.beneficiaryId])
  for (const account of [ticket.reporter, ticket.creator]) {
    const id = personOf(account)?.id
    if (id !== undefined) own.add(id)
  }
  // Linked accounts are one person, whatever the company's list says.
  const linked = [...links.values()].filter((each) => each.system === 'jira' && own.has(each.personId))
  const isAlias = accounts.some((account) => linked.some((each) => each.account === account))
  return own.has(named) || isAlias ? `was given by ${named}, who asked for it or gets it` : null
}

/** No person: then a rule did it, and no approval is named. */
function flawOfRule({ event }: Decision): string | null {
  if (event.by.kind === 'rule') return event.data['approval'] === null ? null : 'is by a rule, and names an approval'
  return `was made by "${event.by.kind}", which cannot decide`
}
