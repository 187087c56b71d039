import type { MisbehaveOptions } from '#connectors/kit/bad-days.ts'
import type { JiraHabit } from './bad-days.ts'

/** What the vendor does to everybody who calls: people's own programs as well, unless `when` tells them apart. */
export interface JiraHands {
  /** The whole site is answered 503 while it lasts. */
  setOutage(down: boolean): void
  /** The service account is answered 401 while it lasts, with whatever credentials. Nobody else is. */
  setTokensRefused(refused: boolean): void
  /** The next requests to the API (that meet `when`) go wrong in this way. */
  misbehave(habit: JiraHabit, options?: MisbehaveOptions): void
}
