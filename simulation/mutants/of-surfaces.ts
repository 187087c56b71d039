import type { Mutant } from './mutant.ts'

const LOOK = 'surfaces/jira/look-at-ticket.ts'

/** Mistakes at the door to Jira. */
export const OF_SURFACES: readonly Mutant[] = [
  {
    name: 'a replayed webhook counts twice',
    file: 'surfaces/jira/accept-webhook.ts',
    find: 'id: `jira:${verdict.bodyDigest}`,',
    replace: 'id: `jira:${verdict.deliveryId}`,',
    incident: null,
    faults: [33],
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
    name: 'a status is taken for an approval',
    file: LOOK,
    find: 'const asked = own.length > 0',
    replace: `const [somebody] = (request.submitted?.findings ?? []).flatMap((each) => (each.state === 'waiting' ? each.on : []))
    if (issue.status === 'approved' && somebody) {
      const answer = { decision: 'approved', deciderId: somebody.personId } as const
      return answerApproval(ports, requestId, {
        answer: { ...answer, approval: { desk: 'jira', id: 'status', completedAt: null } },
        now,
        door: 'jira',
      })
    }
    const asked = own.length > 0`,
    incident: null,
    faults: [1, 25],
  },
]
