import type { Mutant } from './mutant.ts'

const MEMBERSHIP = 'core/identity-action/membership.ts'
const GRANT = 'core/grant/grant.ts'
const REQUEST = 'core/request/request.ts'

/** Mistakes in the rules themselves. */
export const OF_CORE: readonly Mutant[] = [
  {
    name: 'remove on any expiry',
    file: MEMBERSHIP,
    find: 'if (otherReasons.length > 0) {',
    replace: 'if (otherReasons.length > 0 && leftAsFound) {',
    incident: 'TEAM #279',
    faults: [],
  },
  {
    name: 'a leftover is kept as if another hand had given it',
    file: MEMBERSHIP,
    find: "return state.desired === 'removed' && state.present === false",
    replace: "return state.desired === 'removed'",
    incident: 'Teleport #65831',
    faults: [22],
  },
  {
    name: 'a refused removal is forgotten',
    file: MEMBERSHIP,
    find: "if (event.data.because !== 'superseded')",
    replace: `if (event.data.because === 'rejected' && state.desired === 'removed')
        return { ...state, change: null, desired: 'not ours', ending: [] }
      if (event.data.because !== 'superseded')`,
    incident: 'Vault: a lease is deleted although it was not revoked outside',
    faults: [22],
  },
  {
    name: 'the state before the change is taken for its effect',
    file: MEMBERSHIP,
    find: 'return since !== null && startedAt - Date.parse(since) < longestMs',
    replace: 'return false',
    incident: 'terraform-provider-azuread #283',
    faults: [1, 2, 13],
  },
  {
    name: 'a failed call is taken for done',
    file: MEMBERSHIP,
    find: 'if (readAt < since) return accepted()',
    replace: "if (change.answered?.kind === 'unavailable') return accepted(proven(change, told, state))",
    incident: null,
    faults: [1, 6],
  },
  {
    name: 'an adopted membership is removed though no window began',
    file: MEMBERSHIP,
    find: 'const leftAsFound = state.reasons.some((each) => each.adopted) && !command.windowBegan',
    replace: 'const leftAsFound = false',
    incident: 'terraform-provider-okta #1094',
    faults: [22],
  },
  {
    name: 'the receipt is not kept',
    file: MEMBERSHIP,
    find: 'at: isoOf(outcome.at), receipt',
    replace: 'at: isoOf(outcome.at), receipt: null',
    incident: null,
    faults: [],
  },
  {
    name: 'a new change begins beside an open one',
    file: MEMBERSHIP,
    find: 'return state.change ? planBeside(state.change, command, state) : plan(command, state)',
    replace: 'return plan(command, state)',
    incident: null,
    faults: [1, 2],
  },
  {
    name: 'a refused removal is looked at again only after an hour',
    file: 'core/identity-action/patience.ts',
    find: 'blockedRemovalMs: 30_000,',
    replace: 'blockedRemovalMs: 3_600_000,',
    incident: null,
    faults: [22],
  },
  {
    name: 'the window lasts an hour longer',
    file: GRANT,
    find: 'const endsAt = opened.hours === null ? null :',
    replace: 'const endsAt = opened.hours === null ? null : isoOf(HOUR_MS + readAt + opened.hours * HOUR_MS) ||',
    incident: null,
    faults: [],
  },
  {
    name: 'the window counts from the approval',
    file: GRANT,
    find: 'const endsAt = opened.hours === null ? null :',
    replace: `const approvedAt = Date.parse(opened.completeBy) - Math.min(2, opened.hours ?? 2) * HOUR_MS
  const endsAt = opened.hours === null ? null : isoOf(approvedAt + opened.hours * HOUR_MS) ||`,
    incident: null,
    faults: [1, 26],
  },
  {
    name: 'whoever asks may approve',
    file: 'core/approval-rule/assess.ts',
    find: "if (id === facts.requesterId || id === facts.beneficiary.id) return 'own request'",
    replace: '',
    incident: 'Teleport #7663',
    faults: [],
  },
  {
    name: 'an edited ticket is approved for what it said before',
    file: REQUEST,
    find: 'if (!formEdited && askHash === submitted.askHash) return accepted()',
    replace: 'return accepted()',
    incident: null,
    faults: [],
  },
  {
    name: 'an order exempts whatever it likes',
    file: 'core/halt/halt.ts',
    find: "return [everything, provider].every(({ halted }) => halted === null || (halted.exceptRemovals && change === 'remove'))",
    replace: 'return [everything, provider].every(({ halted }) => halted === null || halted.exceptRemovals)',
    incident: null,
    faults: [],
  },
  {
    name: 'read-back skipped: any read proves what the vendor said was done',
    file: MEMBERSHIP,
    find: 'if (readAt < since) return accepted()',
    replace: "if (change.answered?.kind === 'changed') return accepted(proven(change, told, state))",
    incident: null,
    faults: [7],
  },
]
