import { exactAsk } from '#core/request/ask-hash.ts'
import { canonicalHash } from '#engine/evidence/canonical-hash.ts'
import type { Facts } from '../facts.ts'
import { askedIn, formsOf, isOfForm, type Form } from '../oracle/form.ts'
import { decisionInWords, decisionsOf, type Decision } from './decisions.ts'
import { timeOf } from './in-words.ts'
import type { Invariant, Violation } from './invariant.ts'
import { streamsOf } from './streams.ts'

/**
 * A yes is to what the ticket said when it was given, and that is what was submitted: nobody edited it in between, not
 * even back again. A rule's yes is to what was submitted in the same moment. What is then given is what was asked, by
 * the hash of the exact ask.
 */
export const whatWasSeenIsWhatCounts: Invariant = {
  id: 'I18',
  says: 'An approval counts for the ask that was seen and no other: no edit lies between, and what is given is what the hash stands for.',
  check(facts) {
    const approved = decisionsOf(facts).filter((each) => each.type === 'RequestApproved')
    if (approved.length === 0) return null
    const grants = grantsOf(facts)
    return approved.flatMap((each): readonly Violation[] => {
      const flaw = flawOfForm(each) ?? flawOfHash(each) ?? flawOfGrant(each, grants.get(each.requestId))
      return flaw === null ? [] : [{ at: each.at, what: `${decisionInWords(each)} ${flaw}` }]
    })
  },
}

function flawOfForm({ ticket, approval, submitted, submittedAt, event }: Decision): string | null {
  if (ticket === null) return 'is of a ticket that does not exist'
  const forms = formsOf(ticket)
  const isThat = (form: Form): boolean => {
    const asked = askedIn(form)
    return asked?.role.id === submitted.roleId && asked.hours === submitted.hours
  }
  if (!forms.some((each) => each.from <= submittedAt && isThat(each)))
    return `is for ${submitted.roleId}, and the ticket never asked for that before it was submitted`
  const answeredAt = approval?.completedAt ?? null
  if (event.by.kind !== 'person' || answeredAt === null) return null
  if (!forms.some((each) => each.from <= answeredAt && answeredAt < each.until && isThat(each)))
    return `is for ${submitted.roleId}, and the ticket asked for something else when it was answered at ${timeOf(answeredAt)}`
  // One entry of the desk's history is several of ours, as `10045.1`.
  const seen = submitted.seen.lastChangeId?.split('.')[0]
  const since = ticket.history.findIndex((each) => each.id === seen) + 1
  const edit = ticket.history.slice(since).find((each) => each.at <= answeredAt && each.items.some(isOfForm))
  return edit === undefined
    ? null
    : `counts although the ticket was edited at ${timeOf(edit.at)}, after it was submitted`
}

function flawOfHash({ event, submitted }: Decision): string | null {
  const { beneficiaryId, roleId, groups, hours, askHash } = submitted
  if (event.data['askHash'] !== askHash) return 'is for another hash than what was submitted'
  return canonicalHash(exactAsk({ beneficiaryId, roleId, groups, hours })) === askHash
    ? null
    : 'is for a hash that does not stand for what was submitted'
}

interface Opened {
  readonly requestId: string
  readonly personId: string
  readonly roleId: string
  readonly groups: readonly unknown[]
  readonly hours: number | null
}

function grantsOf({ product }: Facts): ReadonlyMap<string, Opened> {
  return new Map(
    streamsOf(product, 'grant').flatMap(({ events }) => {
      const opened = events.find((each) => each.type === 'GrantOpened')?.data as unknown as Opened | undefined
      return opened === undefined ? [] : [[opened.requestId, opened] as const]
    }),
  )
}

function flawOfGrant({ submitted }: Decision, opened: Opened | undefined): string | null {
  if (opened === undefined) return 'opened no grant'
  const { beneficiaryId, roleId, groups, hours } = submitted
  const isTheSame =
    opened.personId === beneficiaryId &&
    opened.roleId === roleId &&
    opened.hours === hours &&
    JSON.stringify(opened.groups) === JSON.stringify(groups)
  return isTheSame ? null : 'opened a grant of something else than was asked'
}
