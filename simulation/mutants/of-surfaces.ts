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
]
