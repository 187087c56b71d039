import { MINUTE_MS, type Instant } from '#core/instant.ts'
import type { Trouble } from '#connectors/kit/http.ts'
import type { Log } from '../ports.ts'
import { PROBE_EVERY_MS, type BreakerState } from './breaker.ts'

/** An operator hears once that a provider is down and once that it is well again, from the replica that found it out. */
export function sayHowItIs(
  log: Log,
  provider: string,
  before: BreakerState,
  after: BreakerState,
  trouble: Trouble | null,
  now: Instant,
): void {
  if (before.down === null && after.down !== null) {
    const what = after.down.of === 'all' ? 'does not answer as it should' : 'answers, but takes no changes'
    log(
      'warning',
      `${provider} ${what} (${trouble ?? 'several bad answers in a row'}): from now on one call every ${PROBE_EVERY_MS / 1_000} s finds out whether it is well again, and what is due stays due`,
    )
  }
  if (before.down !== null && after.down === null) {
    const minutes = Math.round((now - before.down.since) / MINUTE_MS)
    log('info', `${provider} is well again after ${minutes} min: what is due goes out now`, { minutes })
  }
}
