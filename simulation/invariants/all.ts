import { nothingStumblesByItself } from './i00-nothing-stumbles-by-itself.ts'
import { goneInTime } from './i01-gone-in-time.ts'
import { neverTooEarly } from './i02-never-too-early.ts'
import { neverUnjustified } from './i03-never-unjustified.ts'
import { neverWhatOthersGave } from './i04-never-what-others-gave.ts'
import { importJustifiesNothing } from './i05-import-justifies-nothing.ts'
import { neverWhatARuleGives } from './i06-never-what-a-rule-gives.ts'
import { noGap } from './i10-no-gap.ts'
import { nothingAfterARevocation } from './i11-nothing-after-a-revocation.ts'
import { oneChangeAtATime } from './i12-one-change-at-a-time.ts'
import { oneWindowARequest } from './i13-one-window-a-request.ts'
import { aHaltHalts } from './i14-a-halt-halts.ts'
import { nobodyDecidesTheirOwn } from './i15-nobody-decides-their-own.ts'
import { decidedByWhoMay } from './i16-decided-by-who-may.ts'
import { heardFromTheVendorAndOnce } from './i17-heard-from-the-vendor-and-once.ts'
import { whatWasSeenIsWhatCounts } from './i18-what-was-seen-is-what-counts.ts'
import { noLongerThanAsked } from './i19-no-longer-than-asked.ts'
import { oneRecordForEachChange } from './i23-one-record-for-each-change.ts'
import { fourParts } from './i24-four-parts.ts'
import { onlyGrows } from './i25-only-grows.ts'
import { noSecret } from './i26-no-secret.ts'
import { withItsEvidence } from './i27-with-its-evidence.ts'
import { theExportIsWhole } from './i28-the-export-is-whole.ts'
import { overdueRemovalsGo } from './i29-overdue-removals-go.ts'
import { theApprovedArrives } from './i30-the-approved-arrives.ts'
import { nothingStaysInProgress } from './i31-nothing-stays-in-progress.ts'
import { somebodyCanDecide } from './i32-somebody-can-decide.ts'
import { driftIsFound } from './i33-drift-is-found.ts'
import { aSickProviderIsLeftAlone } from './i34-a-sick-provider-is-left-alone.ts'
import { theUrgentGoesFirst } from './i35-the-urgent-goes-first.ts'
import { withinTheBudget } from './i37-within-the-budget.ts'
import { boundedByConfiguration } from './i38-bounded-by-configuration.ts'
import { noTimerLost } from './i39-no-timer-lost.ts'
import type { Invariant, InvariantInTime } from './invariant.ts'

/** Every promise that the simulation checks, in the order of their ids. */
export const INVARIANTS: readonly (Invariant | InvariantInTime)[] = [
  nothingStumblesByItself,
  goneInTime,
  neverTooEarly,
  neverUnjustified,
  neverWhatOthersGave,
  importJustifiesNothing,
  neverWhatARuleGives,
  noGap,
  nothingAfterARevocation,
  oneChangeAtATime,
  oneWindowARequest,
  aHaltHalts,
  nobodyDecidesTheirOwn,
  decidedByWhoMay,
  heardFromTheVendorAndOnce,
  whatWasSeenIsWhatCounts,
  noLongerThanAsked,
  oneRecordForEachChange,
  fourParts,
  onlyGrows,
  noSecret,
  withItsEvidence,
  theExportIsWhole,
  overdueRemovalsGo,
  theApprovedArrives,
  nothingStaysInProgress,
  somebodyCanDecide,
  driftIsFound,
  aSickProviderIsLeftAlone,
  theUrgentGoesFirst,
  withinTheBudget,
  boundedByConfiguration,
  noTimerLost,
]

/** Promises whose feature does not exist yet: named here, so that nobody takes their silence for a yes. */
export const PENDING: readonly { readonly id: `I${number}`; readonly until: string }[] = [
  { id: 'I7', until: 'roles with a least number of holders, and owners of groups, which no connector tells yet' },
  { id: 'I8', until: 'joiner, mover and leaver: nothing plans terminations yet, so nothing can plan too many' },
  { id: 'I9', until: 'joiner, mover and leaver: no feed of people leads to a removal yet' },
  { id: 'I20', until: 'separation of duties: no rule says yet which roles one person may not hold together' },
  {
    id: 'I21',
    until:
      'joiner, mover and leaver: who is eligible is asked when it is decided, and not again before the window starts',
  },
  {
    id: 'I22',
    until: 'joiner, mover and leaver: nobody tells that a person has left (that they decide nothing is I16)',
  },
]
