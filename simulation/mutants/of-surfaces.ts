import type { Mutant } from './mutant.ts'

const LOOK = 'surfaces/jira/look-at-ticket.ts'

/** Mistakes at the door to Jira. */
export const OF_SURFACES: readonly Mutant[] = [
  {
    name: 'a status is taken for an approval',
    file: LOOK,
    find: "const approval = own.findLast((each) => each.decision !== 'pending')",
    replace: `const yes = <Of extends object>(of: Of) => ({ ...of, decision: 'approved' as const })
  const approval =
    own.findLast((each) => each.decision !== 'pending') ??
    (issue.status === 'approved' ? own.map((each) => ({ ...yes(each), answers: each.answers.map(yes) })).at(-1) : undefined)`,
    incident: null,
    faults: [],
  },
  {
    name: 'a replayed webhook counts twice',
    file: 'surfaces/jira/accept-webhook.ts',
    find: 'id: `jira:${verdict.bodyDigest}`,',
    replace: 'id: `jira:${verdict.deliveryId}`,',
    incident: null,
    faults: [33],
  },
  {
    name: 'what Jira did not take is not said again',
    file: 'surfaces/jira/tell-ticket.ts',
    find: "if (outcome.kind === 'unavailable') return { kind: 'try again', why: outcome.said, afterMs: outcome.retryAfterMs }",
    replace: "if (outcome.kind === 'unavailable') return { kind: 'done' }",
    incident: null,
    faults: [1, 48],
  },
  {
    name: 'a revocation is nobody’s',
    file: LOOK,
    find: "const byId = by.kind === 'person' ? by.personId : null",
    replace: 'const byId = null',
    incident: null,
    faults: [],
  },
  {
    name: 'the history of a ticket is not read',
    file: LOOK,
    find: "return issue.history.slice(since).some((each) => each.what.kind === 'edited')",
    replace: "return issue.history.slice(since + 1).some((each) => each.what.kind === 'edited')",
    incident: null,
    faults: [],
  },
  {
    name: 'what no webhook told is never looked for',
    file: 'surfaces/jira/poll-tickets.ts',
    find: 'for (const key of reading.value) {',
    replace: 'for (const key of reading.value.slice(0, 0)) {',
    incident: null,
    faults: [28],
  },
]
