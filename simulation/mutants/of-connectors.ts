import type { Mutant } from './mutant.ts'

const OKTA = 'connectors/okta/membership.ts'

/** Mistakes in how vendors are spoken to. */
export const OF_CONNECTORS: readonly Mutant[] = [
  {
    name: 'what a rule gives is removed',
    file: OKTA,
    find: "const stop = what === 'remove' ? await reasonNotToRemove(group.id, account) : null",
    replace: 'const stop = null',
    incident: 'Okta: whom an API removes from a rule’s group is excluded from the rule for ever',
    faults: [19],
  },
  {
    name: 'an empty list is believed',
    file: OKTA,
    find: "const blind = answer.value.length === 0 ? await whyBlind(sight, 'groups') : null",
    replace: 'const blind = null',
    incident: 'OPNsense #10128',
    faults: [22],
  },
  {
    name: 'every answer in the two hundreds means done',
    file: OKTA,
    find: 'return answer.status === 204 ? changed(answer.headers, io.now()) : notOktas(answer.status)',
    replace: 'return changed(answer.headers, io.now())',
    incident: null,
    faults: [7],
  },
  {
    name: 'not found is believed without a second look',
    file: 'connectors/okta/sight.ts',
    find: "if (reading.kind !== 'absent') return reading",
    replace: 'return reading',
    incident: null,
    faults: [22],
  },
  {
    name: 'whatever is refused is absent',
    file: 'connectors/okta/outcome.ts',
    find: "if (isNotFound(answer)) return { kind: 'absent', startedAt: answer.startedAt, said: saidBy(answer) }",
    replace: "return { kind: 'absent', startedAt: answer.startedAt, said: saidBy(answer) }",
    incident: null,
    faults: [22],
  },
  {
    name: 'a list ends where its pages end',
    file: 'connectors/okta/client.ts',
    find: 'while (next !== null) {',
    replace: 'while (next === undefined) {',
    incident: 'NEXT #271',
    faults: [],
  },
  {
    name: 'the signature of a webhook is not checked',
    file: 'connectors/jira/webhook.ts',
    find: "if (!isSignedBy(secret, rawBody, signature)) return refused('signature wrong')",
    replace: '',
    incident: null,
    faults: [32],
  },
  {
    name: 'a message is said again after every lost answer',
    file: 'connectors/jira/comment.ts',
    find: 'if (said.value !== null) return unchanged(io.now(), `comment ${said.value}`)',
    replace: '',
    incident: null,
    faults: [2],
  },
]
