/*
 * A schedule is everything that happens to the product in one run, as plain data: who does what and when, and what goes
 * wrong. It is drawn from a seed, and can be made smaller afterwards by leaving things out. Times are milliseconds since
 * the start of the run.
 */
export interface Schedule {
  readonly seed: number
  /** Until here things go wrong. Then the calm begins, in which everything has to come to rest. */
  readonly stormMs: number
  readonly endMs: number
  /** The whole directory is looked at so often, and who is in the claimed groups. */
  readonly syncEveryMs: number
  readonly replicas: readonly ReplicaPlan[]
  readonly okta: OktaPlan
  /** Whether Jira tells us of what we did ourselves, too. */
  readonly echoes: boolean
  readonly deeds: readonly Deed[]
  readonly faults: readonly Fault[]
}

export interface ReplicaPlan {
  readonly batch: number
  readonly leaseMs: number
  readonly lanes: 1 | 2
}

export interface OktaPlan {
  /** Calls a minute that our app may make, by a factor of a workforce organisation's; null: no limits at all. */
  readonly limitShare: number | null
  readonly longestPage: number
}

/** What a person does, at Jira or at the directory. `seat`: a place in the small company. */
export type Deed = { readonly at: number } & (
  | {
      readonly do: 'ask'
      readonly ask: number
      readonly seat: number
      readonly role: string
      readonly hours: number | null
    }
  /** `by`: a seat, or the so many-th of those who were asked. */
  | { readonly do: 'answer'; readonly ask: number; readonly by: Answerer; readonly decision: 'approve' | 'decline' }
  | { readonly do: 'edit'; readonly ask: number; readonly role: string }
  | { readonly do: 'move by hand'; readonly ask: number; readonly seat: number; readonly transition: string }
  | { readonly do: 'revoke'; readonly ask: number; readonly seat: number }
  | { readonly do: 'add by hand'; readonly group: number; readonly seat: number }
  | { readonly do: 'remove by hand'; readonly group: number; readonly seat: number }
  | { readonly do: 'deactivate'; readonly seat: number }
  | { readonly do: 'reactivate'; readonly seat: number }
  | { readonly do: 'halt'; readonly exceptRemovals: boolean }
  | { readonly do: 'resume' }
)

export type Answerer = { readonly asked: number } | { readonly seat: number }

/** One thing that goes wrong. `number` is that of the list of faults (docs of promises); what it takes depends on the kind. */
export interface Fault {
  readonly number: number
  readonly kind: string
  readonly at: number
  /** Until when it may befall something; equal to `at` for what happens once. */
  readonly until: number
  /** How much of what it could befall it does befall, 0 to 1. */
  readonly share: number
  /** Which replica, group, person or vendor, where the kind needs one. */
  readonly on: number
  /** How long or how much, where the kind needs it. */
  readonly size: number
}
