import type { Pool } from 'pg'
import type { Fetch } from '#connectors/kit/io.ts'
import { MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import { takePulse, whyStill } from '#engine/heartbeat/pulse.ts'
import type { Ports } from '#engine/ports.ts'
import { isWorthSaying, type Job } from '#engine/workers/workers.ts'

/**
 * Calls an address of somebody else once a minute, for as long as the work is done (engine/heartbeat/pulse.ts). When it
 * falls silent, whatever watches the address rings. The address is a secret: it is in no line of the log.
 */
export interface Heartbeat {
  readonly job: Job
  /** When the address was last called with success, by this process. */
  lastAt(): Instant | null
}

const ANSWER_WITHIN_MS = 10 * SECOND_MS

export function heartbeat(ports: Ports, pool: Pool, url: string, fetch: Fetch): Heartbeat {
  let last: Instant | null = null
  let silentBecause: string | null = null
  let failures = 0

  function beSilent(why: string): void {
    // The numbers in it move on; the reason is said once.
    if (silentBecause === null) ports.log('error', `the heartbeat is silent: ${why}`)
    silentBecause = why
  }

  async function beat(): Promise<void> {
    const trouble = await call()
    if (trouble === null) {
      last = ports.clock.now()
      failures = 0
      return
    }
    failures += 1
    if (failures === 1 || isWorthSaying(failures))
      ports.log('warning', `the heartbeat was not heard: ${trouble}`, { failures })
  }

  /** Null when it was heard. The words of the network are left out: they may name the address. */
  async function call(): Promise<string | null> {
    const over = new AbortController()
    const answered = fetch({ method: 'GET', url, headers: { 'user-agent': 'tenure' }, body: '' }).then(
      ({ status }) => (status >= 200 && status < 300 ? null : `its address answered ${status}`),
      () => 'its address gave no answer',
    )
    const late = ports.clock.sleep(ANSWER_WITHIN_MS, over.signal).then(() => 'its address gave no answer in time')
    return Promise.race([answered, late]).finally(() => over.abort())
  }

  return {
    lastAt: () => last,
    job: {
      name: 'heartbeat',
      lanes: 1,
      queue: null,
      restMs: MINUTE_MS,
      async step() {
        const why = await takePulse(pool, ports.clock.now()).then(whyStill, () => 'the database does not answer')
        if (why !== null) {
          beSilent(why)
          return 0
        }
        if (silentBecause !== null) ports.log('info', 'the heart beats again')
        silentBecause = null
        await beat()
        return 0
      },
    },
  }
}
