import type { Mutant } from './mutant.ts'

const OKTA = 'connectors/okta/membership.ts'

/** Mistakes in how vendors are spoken to. */
export const OF_CONNECTORS: readonly Mutant[] = [
  {
    name: 'every answer in the two hundreds means done',
    file: OKTA,
    find: 'return answer.status === 204 ?',
    replace: 'return answer.status >= 200 ?',
    incident: null,
    faults: [7],
  },
  {
    name: 'a list that lost its only row says that no rule holds the member',
    file: 'connectors/okta/member-source.ts',
    find: "=== 'yes') ? 'unknown' : 'direct'",
    replace: "=== 'yes') ? 'direct' : 'direct'",
    incident: null,
    faults: [10, 12],
  },
  {
    name: 'the signature of a webhook is not checked',
    file: 'connectors/jira/webhook.ts',
    find: "if (!isSignedBy(secret, rawBody, signature)) return refused('signature wrong')",
    replace: '',
    incident: null,
    faults: [32],
  },
]
