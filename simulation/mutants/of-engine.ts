import type { Mutant } from './mutant.ts'

const READ = 'engine/reconcile/read-memberships.ts'
const WRITE = 'engine/reconcile/write-memberships.ts'
const WORKERS = 'engine/workers/workers.ts'

/** Mistakes in what carries the rules out. */
export const OF_ENGINE: readonly Mutant[] = [
  {
    name: 'give up after six attempts',
    file: 'engine/reconcile/no-answer.ts',
    find: 'if (paid.isDown())',
    replace: `if (attempts >= 6) return { dueAt: null, progress: false }
  if (paid.isDown())`,
    incident: 'Vault gives up after 6',
    faults: [1],
  },
  {
    name: 'give up after five retries',
    file: WORKERS,
    find: "if (worked.kind === 'done') return turn.settle(",
    replace: "if (worked.kind === 'done' || claim.attempts >= 5) return turn.settle(",
    incident: 'TEAM gives up after 5 retries',
    faults: [48],
  },
  {
    name: 'what is found is imported as a reason',
    file: READ,
    find: 'const after = subject.state',
    replace: `const [last] = before.ending
  if (present && last) {
    const { grantId, requestId, privileged } = last
    subject.decide({ kind: 'add reason', grantId, requestId, account: before.account ?? '', heldBefore: true, privileged })
  }
  const after = subject.state`,
    incident: 'discord/access #119',
    faults: [1, 13],
  },
  {
    name: 'no answer is taken for absence',
    file: READ,
    find: "if (reading.kind === 'unreadable') return unseen(reading.said, reading.retryAfterMs)",
    replace:
      "if (reading.kind === 'unreadable') return { kind: 'seen', present: false, startedAt: 4e12, endsAt: null }",
    incident: 'GLPI #984',
    faults: [1, 6],
  },
  {
    name: 'the end of a window sets no timer',
    file: 'engine/reconcile/tell-grants.ts',
    find: 'if (grant.endsAt !== null) {',
    replace: 'if (grant.endsAt === grant.startsAt) {',
    incident: null,
    faults: [],
  },
  {
    name: 'an intent leaves no work behind',
    file: WRITE,
    find: "if (change) turn.hold({ ...own, dueAt: claim.leaseUntil, work: 'read', progress: false })",
    replace: "if (change) turn.hold({ ...own, dueAt: null, work: 'read', progress: false })",
    incident: null,
    faults: [43],
  },
  {
    name: 'a conflict is taken for a commit',
    file: 'engine/handle/turn.ts',
    find: "if (outcome === 'committed') return result",
    replace: "if (outcome !== 'lease lost') return result",
    incident: null,
    faults: [45],
  },
  {
    name: 'the answer is not recorded',
    file: 'engine/handle/turn.ts',
    find: 'append.events.push(',
    replace: "if (event.type !== 'ChangeAnswered') append.events.push(",
    incident: null,
    faults: [],
  },
  {
    name: 'the other groups of a refused role are left',
    file: WRITE,
    find: 'await endReasons(turn, grantId, grant)',
    replace: '',
    incident: 'discord/access: the failure of a group is only logged',
    faults: [16, 22],
  },
  {
    name: 'the breaker never opens',
    file: 'engine/budget/breaker.ts',
    find: 'export const BAD_IN_A_ROW = 5',
    replace: 'export const BAD_IN_A_ROW = 5_000_000',
    incident: null,
    faults: [26],
  },
  {
    name: 'a sick provider is probed every second',
    file: 'engine/budget/breaker.ts',
    find: 'export const PROBE_EVERY_MS: number = 30 * SECOND_MS',
    replace: 'export const PROBE_EVERY_MS: number = SECOND_MS',
    incident: null,
    faults: [26],
  },
  {
    name: 'a look at a group raises nothing after the first',
    file: 'engine/drift/look-at-group.ts',
    find: "return each.open === null ? assessment.kind === 'found' : isNewsOf(each.open, assessment)",
    replace: "return each.open === null ? assessment.kind === 'found' && isFirstLook : isNewsOf(each.open, assessment)",
    incident: null,
  },
  {
    name: 'a finding is never settled',
    file: 'engine/drift/look-at-group.ts',
    find: "  return assessment.kind === 'agreed'\n",
    replace: '  return false\n',
    incident: null,
  },
  {
    name: 'a change that waited long is sent though nobody wants it any more',
    file: WRITE,
    find: 'return waiting.length === 0 ? null : notWantedAnyMore(ports, waiting)',
    replace: 'return null',
    incident: null,
    faults: [6, 25],
  },
]
