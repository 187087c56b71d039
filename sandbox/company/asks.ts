import type { RefusalCode } from '#core/event.ts'
import { SECURITY } from './security.ts'

/** What somebody asks for in one of the well-known cases, by the names in `departments.ts` and `applications.ts`. */
export interface NamedAsk {
  readonly who: string
  readonly role: string
  /** Null: without an end. */
  readonly hours: number | null
  readonly reason: string
  readonly then: NamedAnswer
}

/** What must come of it. The tests hold the rules of the core against this, so neither can change alone. */
export type NamedAnswer =
  | { readonly kind: 'approved by rule' }
  | { readonly kind: 'answered by'; readonly names: readonly string[] }
  | { readonly kind: 'refused'; readonly code: RefusalCode }

const BY_RULE: NamedAnswer = { kind: 'approved by rule' }

function answeredBy(...names: readonly string[]): NamedAnswer {
  return { kind: 'answered by', names }
}

function refusedWith(code: RefusalCode): NamedAnswer {
  return { kind: 'refused', code }
}

const NEW_HIRES = ['Aiko Tanabe', 'Bruno Sarmiento', 'Chiara Fontana', 'Dele Okafor', 'Emma Lindgren', 'Farid Haddad']

export const ASKS = {
  newHires: NEW_HIRES.map((who): NamedAsk => ({
    who,
    role: 'salesforce-sales-user',
    hours: null,
    reason: 'I start in Sales this Monday and have my first customer call at 1 pm.',
    then: BY_RULE,
  })),

  contractorReadsNetSuite: {
    who: 'Wei Zhang',
    role: 'netsuite-read-only',
    hours: 720,
    reason: 'Reconciling the vendor accounts for the half-year close. My contract covers this month.',
    then: answeredBy('Valentina Cruz'),
  },

  engineerOperatesProduction: {
    who: 'Noor Rahimi',
    role: 'production-database-operator',
    hours: 6,
    reason: 'Repairing the invoices that the billing migration split in two last night.',
    then: answeredBy(...SECURITY),
  },

  supportRepFiveApps: [
    supportAsk('zendesk-agent', 'I answer customers from this week on.', BY_RULE),
    supportAsk('salesforce-service-viewer', 'To see who is calling before I pick up.', BY_RULE),
    supportAsk('looker-viewer', 'For the dashboard of open conversations.', BY_RULE),
    supportAsk('datadog-read-only', 'To see whether a customer meets an outage.', BY_RULE),
    supportAsk('jira-escalation-author', 'To hand problems on to Engineering.', answeredBy('Imani Walker')),
  ],

  roleOfFiveGroups: {
    who: 'Owen Gallagher',
    role: 'aws-on-call-engineer',
    hours: 168,
    reason: 'I am on call for the coming week.',
    then: answeredBy('Nikhil Rao'),
  },

  /** One of its groups is one of the five above: whichever window ends first leaves the membership alone. */
  secondWindowOnOneGroup: {
    who: 'Owen Gallagher',
    role: 'datadog-responder',
    hours: 24,
    reason: 'Tuning the alerts of the new message queue today.',
    then: answeredBy('Nikhil Rao'),
  },

  threeDirectories: {
    who: 'Ulrike Hahn',
    role: 'looker-report-author',
    hours: 168,
    reason: 'The report of the autumn campaign, in Looker and in Power BI, for everybody in the shared drive.',
    then: answeredBy('Sunita Bhatt'),
  },

  heldByAnotherHand: {
    who: 'Ulrike Hahn',
    role: 'looker-explorer',
    hours: 168,
    reason: 'Breaking the autumn campaign down by region.',
    then: answeredBy('Elif Kaya', 'Gustavo Pires'),
  },

  heldByRule: {
    who: 'Tomasz Wilk',
    role: 'figma-viewer',
    hours: null,
    reason: 'Commenting on the designs of the new checkout.',
    then: refusedWith('held by a rule'),
  },

  unclaimedGroup: {
    who: 'Yusuf Demir',
    role: 'workday-payroll-viewer',
    hours: 24,
    reason: 'Answering a question about a pay slip.',
    then: refusedWith('group not claimed'),
  },

  heldInUnclaimedGroup: {
    who: 'Mirela Ionescu',
    role: 'workday-payroll-viewer',
    hours: 168,
    reason: 'Running payroll this week.',
    then: refusedWith('held by another hand in an unclaimed group'),
  },

  ownerAsksForOwnApp: {
    who: 'Sunita Bhatt',
    role: 'looker-developer',
    hours: 720,
    reason: 'Rewriting the revenue model with the team.',
    then: answeredBy('Thandiwe Dlamini'),
  },

  onlyOwnerCouldApprove: {
    who: 'Valentina Cruz',
    role: 'netsuite-accountant',
    hours: 24,
    reason: 'Posting the closing entries myself while two accountants are away.',
    then: refusedWith('nobody can approve'),
  },

  ownerWithTwoAccounts: {
    who: 'Rafael Ortega',
    role: 'jira-administrator',
    hours: 6,
    reason: 'Moving the service desk to the new workflow.',
    then: answeredBy(...SECURITY),
  },

  approverWithoutLink: {
    who: 'Anselm Roth',
    role: 'ironclad-archive',
    hours: 24,
    reason: 'Finding the settlement that the other side quotes.',
    then: refusedWith('nobody can approve'),
  },

  managerHasLeft: {
    who: 'Freya Madsen',
    role: 'ironclad-reader',
    hours: 168,
    reason: 'Checking what we promised the haulier.',
    then: refusedWith('nobody can approve'),
  },
} as const satisfies Record<string, NamedAsk | readonly NamedAsk[]>

function supportAsk(role: string, reason: string, then: NamedAnswer): NamedAsk {
  return { who: 'Jonas Weber', role, hours: null, reason, then }
}

export const EVERY_ASK: readonly NamedAsk[] = Object.values(ASKS).flat()

/** The two who are in a group of the role before they ask, put there by somebody's hand. */
export const HELD_BEFORE_ASKING: readonly NamedAsk[] = [ASKS.heldByAnotherHand, ASKS.heldInUnclaimedGroup]
