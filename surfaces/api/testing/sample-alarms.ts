import type { AlarmReads } from '#engine/read/alarm-reads.ts'
import type { OverdueRemoval } from '#engine/read/overdue-view.ts'

export const SAMPLE_GAUGES: Awaited<ReturnType<AlarmReads['gauges']>> = {
  overdueRemovals: 2,
  liveWindows: 1_234,
  due: [
    { queue: 'timer', count: 0, oldestAgeMs: 0 },
    { queue: 'membership', count: 3, oldestAgeMs: 90_500 },
  ],
  sealedRecords: 10_000,
  unsealedRecords: 7,
  lastHeartbeatAt: 1_793_613_600_000,
}

export function sampleOverdue(changes: Partial<OverdueRemoval> = {}): OverdueRemoval {
  return {
    grantId: 'grt_1',
    requestId: 'req_1',
    issueKey: 'ACC-1',
    issueUrl: 'https://desk.example/browse/ACC-1',
    personName: 'Noor Haddad',
    appName: 'NetSuite',
    roleName: 'Read only',
    since: 0,
    groups: [{ name: 'netsuite-read', lastWord: 'unavailable', said: '503 Service unavailable', attempts: 40 }],
    ownerName: 'Mara Quill',
    alarm: { key: 'OPS-7', url: 'https://desk.example/browse/OPS-7' },
    alarmTrouble: null,
    ...changes,
  }
}
