/**
 * What goes first when a provider lets us do only so much; 0 before all others. Ends of access come before beginnings,
 * proofs after both, and what only keeps us informed comes last.
 */
export const URGENCY = {
  termination: 0,
  'privileged expiry': 1,
  expiry: 2,
  grant: 3,
  'read-back': 4,
  review: 5,
  sync: 6,
} as const

export type Urgency = (typeof URGENCY)[keyof typeof URGENCY]

export const URGENCIES: readonly Urgency[] = Object.values(URGENCY)
