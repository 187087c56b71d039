import type { RequestReads } from '../../../engine/read/request-reads.ts'
import type { RequestLine, RequestView, TimelineEntry } from '../../../engine/read/request-view.ts'
import type { PersonChoice } from '../../api/wire.ts'

/** A fixed company for the browser test: ordinary requests in every state, and people whose names are meant to break pages. */

export const START = Date.parse('2026-11-02T10:00:00Z')
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export const HOSTILE = {
  script: '<script>window.broken = true</script>',
  image: '<img src=x onerror="window.broken = true">',
  rightToLeft: 'نور الحداد',
  /** U+202E turns what follows it around, unless it is isolated. */
  override: 'Mallory \u202Egnp.exe',
  long: `Wolfeschlegelsteinhausenbergerdorff${'enbergerdorff'.repeat(20)} the Third`.slice(0, 300),
  unbroken: 'M'.repeat(300),
} as const

export const PERSONS: readonly PersonChoice[] = [
  { personId: 'per_mara', name: 'Mara Quill', title: 'Controller', department: 'Finance' },
  { personId: 'per_noor', name: 'Noor Haddad', title: 'Contractor', department: 'Finance' },
  { personId: 'per_theo', name: 'Theo Brandt', title: 'Site Reliability Engineer', department: 'Engineering' },
  { personId: 'per_ines', name: 'Inês Carvalho', title: 'Head of Security', department: 'Security' },
  { personId: 'per_long', name: HOSTILE.long, title: HOSTILE.script, department: 'Legal' },
]

type Sketch = Partial<RequestLine> & Pick<RequestLine, 'requestId' | 'personName' | 'appName' | 'roleName' | 'state'>

const SKETCHES: readonly (Sketch & { readonly extra?: Partial<RequestView> })[] = [
  {
    requestId: 'req_wait',
    personName: 'Noor Haddad',
    appName: 'NetSuite',
    roleName: 'Read only',
    tier: 'sensitive',
    state: 'waiting for approval',
    waitingOn: ['Mara Quill', 'Inês Carvalho'],
    confirmedGroups: 0,
  },
  {
    requestId: 'req_prod',
    personName: 'Theo Brandt',
    appName: 'Production database',
    roleName: 'Operator',
    tier: 'privileged',
    state: 'live',
    startsAt: START - HOUR_MS,
    endsAt: START + 5 * HOUR_MS,
    groupCount: 2,
    confirmedGroups: 2,
  },
  {
    requestId: 'req_grant',
    personName: 'Priya Nair',
    appName: 'Support suite',
    roleName: 'Representative',
    state: 'being granted',
    hours: 24,
    confirmedGroups: 3,
    groupCount: 5,
  },
  {
    requestId: 'req_late',
    personName: 'Jonas Weber',
    appName: 'Salesforce',
    roleName: 'Administrator',
    tier: 'privileged',
    state: 'being removed',
    startsAt: START - 7 * HOUR_MS,
    endsAt: START - HOUR_MS,
    confirmedGroups: 1,
    groupCount: 2,
  },
  {
    requestId: 'req_fail',
    personName: 'Lena Fischer',
    appName: 'Workday',
    roleName: 'Payroll editor',
    tier: 'sensitive',
    state: 'failed',
    waitingOn: ['Inês Carvalho'],
    confirmedGroups: 0,
    groupCount: 5,
    extra: {
      refusal: 'Only 3 of 5 groups could be added within 6 hours. What was added was taken back and read back as gone.',
    },
  },
  {
    requestId: 'req_refused',
    personName: 'Omar Aziz',
    appName: 'GitHub',
    roleName: 'Owner',
    tier: 'privileged',
    state: 'refused',
    confirmedGroups: 0,
    extra: {
      refusal: 'The group "github-owners" is not claimed for governance. Ask an administrator to claim it first.',
    },
  },
  {
    requestId: 'req_declined',
    personName: 'Sofia Rossi',
    appName: 'Looker',
    roleName: 'Viewer',
    state: 'declined',
    confirmedGroups: 0,
  },
  {
    requestId: 'req_void',
    personName: 'Sofia Rossi',
    appName: 'Looker',
    roleName: 'Editor',
    state: 'void',
    confirmedGroups: 0,
    extra: { refusal: 'The ticket was edited after it was approved: what was approved is not what is asked now.' },
  },
  {
    requestId: 'req_stays',
    personName: 'Aiko Tanaka',
    appName: 'Salesforce',
    roleName: 'Account executive',
    state: 'live',
    hours: null,
    startsAt: START - 30 * 24 * HOUR_MS,
  },
  {
    requestId: 'req_script',
    personName: HOSTILE.script,
    appName: HOSTILE.image,
    roleName: HOSTILE.override,
    state: 'ended',
    startsAt: START - 9 * HOUR_MS,
    endsAt: START - 3 * HOUR_MS,
    confirmedGroups: 0,
    issueUrl: 'javascript:window.broken=true',
  },
  {
    requestId: 'req_rtl',
    personName: HOSTILE.rightToLeft,
    appName: 'NetSuite',
    roleName: 'قراءة فقط',
    state: 'ended',
    startsAt: START - 500 * 24 * HOUR_MS,
    endsAt: START - 499 * 24 * HOUR_MS,
    askedAt: START - 500 * 24 * HOUR_MS,
    confirmedGroups: 0,
  },
  {
    requestId: 'req_long',
    personName: HOSTILE.long,
    appName: HOSTILE.unbroken,
    roleName: HOSTILE.long,
    tier: 'privileged',
    state: 'waiting for approval',
    waitingOn: [HOSTILE.long, HOSTILE.unbroken],
    confirmedGroups: 0,
    issueKey: `ACCESSGOVERNANCE-${'9'.repeat(20)}`,
    issueUrl: null,
  },
]

function personIdOf(name: string): string | null {
  return PERSONS.find((person) => person.name === name)?.personId ?? null
}

export function linesAt(now: number): readonly RequestLine[] {
  return SKETCHES.map((sketch, at) => {
    const { extra: _extra, ...rest } = sketch
    const line: RequestLine = {
      issueKey: `ACC-${120 - at}`,
      issueUrl: `https://desk.example/browse/ACC-${120 - at}`,
      tier: 'standard',
      askedAt: START - (at + 1) * 37 * MINUTE_MS,
      hours: 6,
      startsAt: null,
      endsAt: null,
      personId: personIdOf(sketch.personName),
      waitingOn: [],
      waitingOnIds: (sketch.waitingOn ?? []).map((name) => personIdOf(name) ?? name),
      confirmedGroups: 1,
      groupCount: 1,
      ...rest,
    }
    const over = line.state === 'live' && line.endsAt !== null && line.endsAt <= now
    return over ? { ...line, state: 'ended', confirmedGroups: 0 } : line
  })
}

export function viewAt(now: number, requestId: string): RequestView | null {
  const line = linesAt(now).find((one) => one.requestId === requestId)
  if (!line) return null
  const extra = SKETCHES.find((one) => one.requestId === requestId)?.extra
  const granted = line.startsAt !== null
  return {
    ...line,
    reason:
      line.requestId === 'req_script'
        ? HOSTILE.script
        : 'Quarter-end close: the auditors ask for the ledger.\nTicket FIN-88.',
    approvedBy: granted ? ['Mara Quill'] : [],
    groupNames: Array.from(
      { length: line.groupCount },
      (_, at) => `${line.appName.toLowerCase().slice(0, 40)}-group-${at + 1}`,
    ),
    refusal: null,
    ...extra,
    parts: [
      {
        part: 'trigger',
        entries: [
          entry(line, 1, `${line.personName} asked for ${line.appName}: ${line.roleName}`, [
            ['Ticket', line.issueKey],
            ['Door', 'jira'],
          ]),
        ],
      },
      {
        part: 'approval rule',
        entries: granted
          ? [
              entry(line, 2, 'Mara Quill approved', [
                ['Rule', 'manager-and-owner v3'],
                ['Approval object', '10041'],
                ['Ask hash', HASH],
              ]),
            ]
          : [],
      },
      {
        part: 'identity action',
        entries: granted
          ? [
              entry(line, 3, `Added ${line.personName} to a group`, [
                ['Receipt', 'reqVy8wsnkPRTmhJkUbTnpCFg-okta-7f'],
                ['Vendor said', line.requestId === 'req_script' ? HOSTILE.image : '204 No Content'],
              ]),
            ]
          : [],
      },
      {
        part: 'evidence record',
        entries: granted
          ? [
              entry(line, 4, 'The membership was read back: held', [['Read at', '2026-11-02T09:00:04Z']]),
              entry(line, 5, 'The window started', [], false),
            ]
          : [],
      },
    ],
    evidence: {
      records: granted ? 5 : 1,
      sealed: granted ? 4 : 1,
      checkpoint: { size: 4_812, rootHash: HASH, at: START - MINUTE_MS },
    },
  }
}

const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

function entry(
  line: RequestLine,
  version: number,
  title: string,
  facts: TimelineEntry['facts'],
  sealed = true,
): TimelineEntry {
  return {
    at: line.askedAt + version * 4_200,
    title,
    facts,
    record: {
      name: `request/${line.requestId}@${version}`,
      index: sealed ? 4_000 + version : null,
      leafHash: sealed ? HASH : null,
    },
  }
}

export function readsAt(now: () => number): RequestReads {
  return {
    list: async ({ limit, before }) => {
      const lines = linesAt(now())
      const at = before === undefined ? 0 : lines.findIndex((line) => line.requestId === before) + 1
      return before !== undefined && at === 0 ? [] : lines.slice(at, at + limit)
    },
    view: async (requestId) => viewAt(now(), requestId),
  }
}
