import type { AlarmReads } from '#engine/read/alarm-reads.ts'

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

type Gauges = Awaited<ReturnType<AlarmReads['gauges']>>

/** Counts and ages in the text format of Prometheus. Never a name: whoever can reach the machine may read them. */
export function metricsOf(gauges: Gauges): string {
  const { overdueRemovals, liveWindows, due, sealedRecords, unsealedRecords, lastHeartbeatAt } = gauges
  return [
    gauge('tenure_overdue_removals', 'Ends of access that are due for longer than the bound and not proven.', [
      [overdueRemovals],
    ]),
    gauge('tenure_live_windows', 'Grants whose access is live, those without an end included.', [[liveWindows]]),
    gauge(
      'tenure_due_work',
      'Pieces of work that are due and not done.',
      due.map(({ queue, count }) => [count, `queue="${queue}"`]),
    ),
    gauge(
      'tenure_due_work_oldest_age_seconds',
      'For how long the oldest due piece of work has been due.',
      due.map(({ queue, oldestAgeMs }) => [oldestAgeMs / 1_000, `queue="${queue}"`]),
    ),
    gauge('tenure_sealed_records', 'Records that the newest signed checkpoint covers.', [[sealedRecords]]),
    gauge('tenure_unsealed_records', 'Records that are committed and not sealed yet.', [[unsealedRecords]]),
    gauge(
      'tenure_last_heartbeat_timestamp_seconds',
      'When this process last called the heartbeat address with success; absent before the first time.',
      lastHeartbeatAt === null ? [] : [[lastHeartbeatAt / 1_000]],
    ),
  ].join('')
}

function gauge(name: string, help: string, samples: readonly (readonly [value: number, labels?: string])[]): string {
  const lines = samples.map(([value, labels]) => `${name}${labels ? `{${labels}}` : ''} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}
