import type { Pool } from 'pg'
import type { Desk } from '#connectors/kit/desk.ts'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { SECOND_MS } from '#core/instant.ts'
import { sweepEnds } from '#engine/overdue/sweep-ends.ts'
import type { Ports } from '#engine/ports.ts'
import type { AlarmReads } from '#engine/read/alarm-reads.ts'
import { gaugesReader } from '#engine/read/gauges.ts'
import { liveWindows } from '#engine/read/live-windows.ts'
import { overdueRemovals } from '#engine/read/overdue.ts'
import type { ReadSettings } from '#engine/read/requests.ts'
import type { Job } from '#engine/workers/workers.ts'
import { heartbeat, type Heartbeat } from './heartbeat.ts'
import { hourly } from './hourly.ts'
import type { Settings } from './settings.ts'
import { writeWindowsFile } from './windows-file.ts'

/** What watches over the engine: what people can ask, the sweep, the file outside the database, and the heartbeat. */
export interface Watch {
  readonly alarms: AlarmReads
  readonly jobs: readonly Job[]
  close(): Promise<void>
}

export function openWatch(options: {
  readonly ports: Ports
  readonly pool: Pool
  readonly settings: Settings
  readonly reading: ReadSettings
  readonly desk: Desk | undefined
}): Watch {
  const { ports, pool, settings, reading, desk } = options
  const { overdueAfterMs, windowsFolder } = settings
  const gauges = gaugesReader(pool, overdueAfterMs)
  const at = () => ({ now: ports.clock.now(), overdueAfterMs })
  const network = createUndiciFetch({
    connections: 1,
    connectTimeoutMs: ANSWER_WITHIN_MS,
    silenceTimeoutMs: ANSWER_WITHIN_MS,
    answerTimeoutMs: ANSWER_WITHIN_MS,
    maxAnswerBytes: 64 * 1_024,
  })
  const heart = heartOf(ports, pool, settings, network.fetch)
  if (desk && !desk.raise)
    ports.log('warning', 'an overdue removal will raise no issue: JIRA_ALARM_ISSUE_TYPE is not set')
  return {
    alarms: {
      overdue: () => overdueRemovals(pool, reading, at()),
      gauges: async () => ({ ...(await gauges(ports.clock.now())), lastHeartbeatAt: heart?.lastAt() ?? null }),
    },
    jobs: [
      hourly(ports, 'the sweep of forgotten ends', () => sweepEnds(ports, pool)),
      hourly(ports, 'the hourly file of live windows', () =>
        writeWindowsFile(windowsFolder, ports.clock.now(), liveWindows(pool, at())),
      ),
      ...(heart ? [heart.job] : []),
    ],
    close: () => network.close(),
  }
}

const ANSWER_WITHIN_MS = 10 * SECOND_MS

function heartOf(
  ports: Ports,
  pool: Pool,
  { heartbeatUrl }: Settings,
  fetch: Parameters<typeof heartbeat>[3],
): Heartbeat | null {
  if (heartbeatUrl !== null) return heartbeat(ports, pool, heartbeatUrl, fetch)
  ports.log('info', 'TENURE_HEARTBEAT_URL is not set: nobody will notice if Tenure falls silent')
  return null
}
