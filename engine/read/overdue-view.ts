import type { LastWord } from '#core/grant/overdue.ts'
import type { Instant } from '#core/instant.ts'

/** Access that should be gone for longer than the bound, and of which nobody has read that it is. */
export interface OverdueRemoval {
  readonly grantId: string
  readonly requestId: string
  readonly issueKey: string
  readonly issueUrl: string | null
  readonly personName: string
  readonly appName: string
  readonly roleName: string
  /** Since when nobody should hold it. */
  readonly since: Instant
  readonly groups: readonly StandingGroup[]
  /** Null: nobody is known, or it was not called overdue yet. */
  readonly ownerName: string | null
  /** The issue of its own; null when there is none yet. */
  readonly alarm: { readonly key: string; readonly url: string | null } | null
  /** Why there is none: words of Jira, hostile. Null when there is one, or when it is only on its way. */
  readonly alarmTrouble: string | null
}

export interface StandingGroup {
  readonly name: string
  readonly lastWord: LastWord
  /** What the provider or the way to it last said: hostile text, one line. */
  readonly said: string | null
  /** Tries since anything new was learnt. */
  readonly attempts: number
}
