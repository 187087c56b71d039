import { HOUR_MS, isoOf, MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import type { LoggedCall, Spent } from '#connectors/okta/stand-in/call-log.ts'
import type { MembershipChange } from '#connectors/okta/stand-in/company.ts'
import { documentOf } from '#connectors/jira/stand-in/rich-text.ts'
import type { Approval, Comment, HistoryEntry, HistoryItem, Ticket } from '#connectors/jira/stand-in/site.ts'
import { durationOptionOf } from '#sandbox/company/lengths.ts'
import type { Person } from '#sandbox/company/people.ts'
import { COMPANY, groupIdOf, type GROUP_NAMES } from '../company.ts'
import type { Fault, OktaPlan } from '../schedule/schedule.ts'
import { newHistory, type Call, type History } from '../world/history.ts'
import type { Run } from '../world/simulate.ts'
import { START } from '../world/start.ts'
import { OUR_ACCOUNT } from './told.ts'

/*
 * Runs made by hand, in which one thing happens and one thing goes wrong. All times are told in milliseconds since the
 * start of the run: `at(70)` is an hour and ten minutes.
 */

export function at(minutes: number, seconds = 0, ms = 0): number {
  return minutes * MINUTE_MS + seconds * SECOND_MS + ms
}

export function person(firstName: string): Person {
  const found = COMPANY.people.find((each) => each.firstName === firstName)
  if (!found) throw new Error(`nobody is named ${firstName}`)
  return found
}

export type GroupName = (typeof GROUP_NAMES)[number]

/** What happens in the run; all of it may be left out. */
export interface Happening {
  readonly stormMs?: number
  readonly endMs?: number
  readonly limitShare?: OktaPlan['limitShare']
  readonly faults?: readonly (Pick<Fault, 'kind' | 'at' | 'until'> & Partial<Fault>)[]
  readonly history?: Partial<History>
  readonly tickets?: readonly Ticket[]
  readonly changes?: readonly MembershipChange[]
  readonly calls?: readonly Call[]
  /** As Okta itself counts them. */
  readonly counted?: readonly LoggedCall[]
  readonly spent?: readonly Spent[]
  /** Who is where at the end, beside what the changes say. */
  readonly members?: readonly (readonly [GroupName, string])[]
}

export function runOf(happening: Happening): Run {
  const { changes = [], tickets = [], members = [], faults = [] } = happening
  const isMember = (group: string, user: string): boolean => {
    const last = changes.findLast((each) => each.group === group && each.user === user)
    if (last !== undefined) return last.op === 'add'
    return members.some(([name, who]) => groupIdOf(name) === group && person(who).oktaId === user)
  }
  const truth = {
    changeLog: changes,
    calls: happening.counted ?? [],
    spent: happening.spent ?? [],
    isMember,
    members: (group: string) => COMPANY.people.map((each) => each.oktaId).filter((user) => isMember(group, user)),
  }
  const started = { at: START, replica: 'r1', what: 'started' } as const
  return {
    schedule: {
      seed: 0,
      stormMs: happening.stormMs ?? 3 * HOUR_MS,
      endMs: happening.endMs ?? 5 * HOUR_MS,
      replicas: [{ batch: 20, leaseMs: 5_000, lanes: 1 }],
      okta: { limitShare: happening.limitShare ?? null, longestPage: 1_000 },
      echoes: false,
      deeds: [],
      faults: faults.map((each) => ({ number: 0, share: 1, on: 0, size: 0, ...each })),
    },
    history: { ...newHistory(), replicas: [started], calls: [...(happening.calls ?? [])], ...happening.history },
    okta: { truth },
    jira: { tickets: () => tickets },
    start: START,
    traceHash: '',
    trace: [],
    events: 0,
  } as unknown as Run
}

/** `by`: us, unless somebody else is named. */
export function change(
  op: MembershipChange['op'],
  who: string,
  group: GroupName,
  when: number,
  more: { readonly by?: MembershipChange['by']['kind']; readonly heldByRule?: boolean } = {},
): MembershipChange {
  const { by = 'client', heldByRule = false } = more
  return {
    at: START + when,
    by: { kind: by, id: by },
    group: groupIdOf(group),
    user: person(who).oktaId,
    op,
    requestId: null,
    heldByRule,
  }
}

export function call(method: string, path: string, when: number, more: Partial<Call> = {}): Call {
  const sentAt = START + when
  return {
    vendor: 'okta',
    replica: 'r1',
    method,
    path: `/api/v1/${path}`,
    sentAt,
    arrivedAt: sentAt,
    answeredAt: sentAt + 20,
    status: method === 'GET' ? 200 : 204,
    clean: true,
    ...more,
  }
}

/** Our own read of all groups of somebody. */
export function read(who: string, when: number, more: Partial<Call> = {}): Call {
  return call('GET', `users/${person(who).oktaId}/groups`, when, more)
}

export function write(
  op: MembershipChange['op'],
  who: string,
  group: GroupName,
  when: number,
  more: Partial<Call> = {},
): Call {
  return call(op === 'add' ? 'PUT' : 'DELETE', `groups/${groupIdOf(group)}/users/${person(who).oktaId}`, when, more)
}

/** What became of a ticket, in its order. */
export interface OnTicket {
  readonly key?: string
  readonly who: string
  readonly role: string
  readonly hours: number | null
  readonly raised: number
  /** Who was asked, when, and who answered when. */
  readonly asked?: {
    readonly at: number
    readonly of: readonly string[]
    readonly yes?: readonly [by: string, at: number]
  }
  readonly edits?: readonly { readonly at: number; readonly role: string }[]
  readonly moves?: readonly { readonly at: number; readonly by: string | null; readonly to: string }[]
  /** Our own words. */
  readonly said?: readonly (readonly [at: number, words: string])[]
}

export function ticketOf(story: OnTicket): Ticket {
  const { who, key = 'ACCESS-1', raised, asked, edits = [], moves = [], said = [] } = story
  const last = edits.at(-1)?.role ?? story.role
  const history = [
    ...edits.flatMap((each, place) => editOf(each, edits[place - 1]?.role ?? story.role)),
    ...moves.map(moveOf),
  ]
  return {
    id: key,
    key,
    requestTypeId: '31',
    creator: person(who).jiraAccountId,
    reporter: person(who).jiraAccountId,
    summary: '',
    status: moves.at(-1)?.to ?? 'Submitted',
    app: appOf(last),
    role: last,
    duration: durationOptionOf(story.hours),
    reason: null,
    approvers: (asked?.of ?? []).map((each) => person(each).jiraAccountId),
    createdAt: START + raised,
    updatedAt: START + raised,
    history: history.toSorted((a, b) => a.at - b.at),
    comments: said.map(commentOf),
    approvals: asked === undefined ? [] : [approvalOf(asked)],
  }
}

function approvalOf({ at: when, of, yes }: NonNullable<OnTicket['asked']>): Approval {
  return {
    id: '1',
    name: 'Waiting for approval',
    createdAt: START + when,
    completedAt: yes === undefined ? null : START + yes[1],
    decision: yes === undefined ? 'pending' : 'approved',
    answers: of.map((each) => ({
      account: person(each).jiraAccountId,
      decision: each === yes?.[0] ? 'approved' : 'pending',
    })),
  }
}

function commentOf([when, words]: readonly [number, string]): Comment {
  return {
    id: String(when),
    by: OUR_ACCOUNT,
    at: START + when,
    body: documentOf(words),
    internal: false,
    properties: [],
  }
}

function editOf(edit: { readonly at: number; readonly role: string }, before: string): readonly HistoryEntry[] {
  const item = (field: string, fieldId: string, fromText: string, toText: string): HistoryItem => ({
    field,
    fieldId,
    custom: true,
    from: null,
    fromText,
    to: null,
    toText,
  })
  return [
    {
      id: String(edit.at),
      at: START + edit.at,
      by: person('Ines').jiraAccountId,
      items: [
        item('Application', 'customfield_10201', appOf(before), appOf(edit.role)),
        item('Role', 'customfield_10202', before, edit.role),
      ],
    },
  ]
}

function moveOf(move: { readonly at: number; readonly by: string | null; readonly to: string }): HistoryEntry {
  const by = move.by === null ? OUR_ACCOUNT : person(move.by).jiraAccountId
  const item = {
    field: 'status',
    fieldId: 'status',
    custom: false,
    from: null,
    fromText: '',
    to: null,
    toText: move.to,
  }
  return { id: String(move.at), at: START + move.at, by, items: [item] }
}

function appOf(roleId: string): string {
  const role = COMPANY.catalog.roles.find((each) => each.id === roleId)
  return COMPANY.catalog.apps.find((each) => each.id === role?.appId)?.name ?? ''
}

/** "2026-03-04 10:11 UTC", as a ticket tells it. */
export function momentTold(when: number): string {
  const iso = isoOf(START + when)
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

/** A time of a run as an instant. */
export function instant(when: number): Instant {
  return START + when
}

export const DBA_ASK = { who: 'Ada', role: 'dba', hours: 1, raised: at(10) } as const
export const DBA_ASKED = { at: at(10, 1), of: ['Ines', 'Otto'], yes: ['Ines', at(11)] } as const
/** When the group was read back, and so when the window of an hour began. */
export const DBA_BEGAN: number = at(11, 3)
export const DBA_ENDS: number = DBA_BEGAN + HOUR_MS
export const DBA_SAID: readonly (readonly [number, string])[] = [
  [at(11, 1), 'Ines Small approved as security. The access is being set up: PRODUCTION, dba, 1 hour.'],
  [at(11, 4), `The access is live: PRODUCTION, dba. It ends by itself at ${momentTold(DBA_ENDS)}.`],
]

/**
 * Ada asks for the role dba for an hour, Ines of security says yes a minute later, she is put into the group "database",
 * read back, and taken out when the hour is over. `with`: what is otherwise in this run.
 */
export function dbaForAnHour(
  otherwise: Partial<Happening> & { readonly ticket?: Partial<OnTicket>; readonly goneAt?: number | null } = {},
): Run {
  const { ticket, goneAt = DBA_ENDS + 200, ...more } = otherwise
  return runOf({
    tickets: [ticketOf({ ...DBA_ASK, asked: DBA_ASKED, said: DBA_SAID, ...ticket })],
    changes: [
      change('add', 'Ada', 'database', at(11, 2)),
      ...(goneAt === null ? [] : [change('remove', 'Ada', 'database', goneAt)]),
    ],
    calls: [
      write('add', 'Ada', 'database', at(11, 2)),
      read('Ada', DBA_BEGAN),
      ...(goneAt === null ? [] : [write('remove', 'Ada', 'database', goneAt)]),
    ],
    ...more,
  })
}
