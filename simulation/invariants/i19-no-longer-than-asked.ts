import { HOUR_MS } from '#core/instant.ts'
import { COMPANY } from '../company.ts'
import { askedIn, formsOf } from '../oracle/form.ts'
import { decisionInWords, decisionsOf, type Decision } from './decisions.ts'
import type { Invariant, Violation } from './invariant.ts'
import { streamsOf } from './streams.ts'

/**
 * By the ticket and by the catalog, not by what the product made of them. (That a contract may end earlier is not known
 * to anything yet: no feed of people tells one.)
 */
export const noLongerThanAsked: Invariant = {
  id: 'I19',
  says: 'A window is no longer than the ticket asked for, and no longer than the catalog lets anybody have the role.',
  check(facts) {
    const byGrant = new Map(decisionsOf(facts).map((each) => [each.requestId.replace('req_', 'grt_'), each]))
    let started = 0
    const broken: Violation[] = []
    for (const { stream, events } of streamsOf(facts.product, 'grant')) {
      const decision = byGrant.get(stream.slice('grant/'.length))
      for (const { type, data, at } of events) {
        if (type !== 'WindowStarted') continue
        started += 1
        const flaw = decision === undefined ? 'nobody decided' : flawOf(decision, lengthMs(data))
        if (flaw !== null) broken.push({ at, what: `the window of ${decision?.ticket?.key ?? stream} ${flaw}` })
      }
    }
    return started === 0 ? null : broken
  },
}

/** Infinity: without an end. */
function lengthMs({ startsAt, endsAt }: Readonly<Record<string, unknown>>): number {
  return endsAt === null ? Infinity : Date.parse(String(endsAt)) - Date.parse(String(startsAt))
}

function flawOf(decision: Decision, ms: number): string | null {
  const { ticket, submitted, submittedAt, approval } = decision
  if (ticket === null) return `is of ${decisionInWords(decision)}, which no ticket has`
  const at = approval?.completedAt ?? submittedAt
  const asked = formsOf(ticket)
    .filter((each) => each.from <= at)
    .map(askedIn)
    .findLast((each) => each?.role.id === submitted.roleId)
  const askedMs = asked === undefined || asked === null ? 0 : (asked.hours ?? Infinity) * HOUR_MS
  if (ms > askedMs) return `lasts ${ms / HOUR_MS} h, and ${askedMs / HOUR_MS} h were asked for`
  const role = COMPANY.catalog.roles.find((each) => each.id === submitted.roleId)
  const { maximumHours = 0, noEnd = false } = role?.durations ?? {}
  const mostMs = ms === Infinity && noEnd ? Infinity : (maximumHours ?? Infinity) * HOUR_MS
  return ms > mostMs
    ? `lasts ${ms / HOUR_MS} h, and nobody may have ${submitted.roleId} for more than ${mostMs / HOUR_MS} h`
    : null
}
