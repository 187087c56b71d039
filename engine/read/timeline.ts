import { partOf, type Part } from '#core/evidence-record/record.ts'
import type { JsonObject, RefusalCode } from '#core/event.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Instant } from '#core/instant.ts'
import type { Actor } from '#core/trigger/actor.ts'
import type { Names } from './request-line.ts'
import type { RequestView, TimelineEntry } from './request-view.ts'
import type { ReadSettings } from './requests.ts'

/** An event as the timeline reads it, with its place in the log. */
export interface RecordRow {
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly at: Instant
  readonly by: Actor
  readonly data: JsonObject
  readonly personal: JsonObject | null
  readonly index: number | null
  readonly leafHash: string | null
}

const PARTS: readonly Part[] = ['trigger', 'approval rule', 'identity action', 'evidence record']

export function partsOf(records: readonly RecordRow[], names: Names, settings: ReadSettings): RequestView['parts'] {
  return PARTS.map((part) => ({
    part,
    entries: entriesOf(part, records, names, settings),
  }))
}

function entriesOf(
  part: Part,
  records: readonly RecordRow[],
  names: Names,
  settings: ReadSettings,
): readonly TimelineEntry[] {
  const entries = records.filter((row) => partOf(row.type) === part).map((row) => entryOf(row, names, settings))
  // A request that was refused at once has one record, which tells what was asked as well as the answer.
  const refused = part === 'trigger' ? records.find((row) => row.type === 'RequestRefused') : undefined
  if (!refused) return entries
  const personId = refused.data['personId']
  const form = refused.personal
  const title = `${typeof personId === 'string' ? names.person(personId) : 'Somebody whose account is nobody’s'} asked for ${textOf(form, 'app')}, ${textOf(form, 'role')}`
  const facts = [['How long', textOf(form, 'duration')] as const, ['Business reason', textOf(form, 'reason')] as const]
  return [{ ...entryOf(refused, names, settings), title, facts }, ...entries]
}

function textOf(form: JsonObject | null, field: string): string {
  const text = form?.[field]
  return typeof text === 'string' ? text : '(erased)'
}

function entryOf(row: RecordRow, names: Names, settings: ReadSettings): TimelineEntry {
  const { stream, version, at, index, leafHash } = row
  const record = { name: `${stream}@${version}`, index, leafHash }
  return { at, title: titleOf(row, names, settings), facts: factsOf(row, names), record }
}

function actor(by: Actor, names: Names): string {
  switch (by.kind) {
    case 'person':
      return names.person(by.id)
    case 'rule':
      return `Rule "${names.rule(by.id)}"`
    case 'timer':
      return 'The clock'
    case 'operator':
      return by.name
    case 'engine':
      return 'Tenure'
  }
}

function groupOf(row: RecordRow, names: Names): string {
  const [, provider = '', id = ''] = row.stream.split('/')
  return names.group((row.data['group'] as unknown as GroupRef | undefined) ?? { provider, id })
}

const ENDED_BECAUSE: Readonly<Record<string, string>> = {
  'window ended': 'The window ended',
  incomplete: 'The groups could not be completed in time',
  rejected: 'The directory refused a group for good',
}

const GROUP_RELEASED: Readonly<Record<string, (group: string) => string>> = {
  kept: (group) => `${group} stays: it has another reason, or was left as it was found`,
  removed: (group) => `${group}: read back as gone`,
  'never added': (group) => `${group}: nothing of ours was there`,
}

/** One sentence for each kind of record. */
function titleOf(row: RecordRow, names: Names, settings: ReadSettings): string {
  const { type, data, by } = row
  const who = actor(by, names)
  const group = groupOf(row, names)
  switch (type) {
    case 'RequestSubmitted':
      return `${who} asked for ${names.app(String(data['appId']))}, ${names.role(String(data['roleId']))}`
    case 'RequestRefused':
      return `Refused: ${settings.inWords(data['code'] as RefusalCode, { ...(row.personal as Record<string, string> | null), ...(data['detail'] as Record<string, string>) })}`
    case 'RequestApproved':
      return data['approval'] === null ? 'Approved by the rule, nobody was asked' : `${who} approved`
    case 'RequestDeclined':
      return `${who} declined`
    case 'RequestVoided':
      return `Void: ${String(data['because'])}`
    case 'AnswerNotCounted':
      return `An answer does not count: ${String(data['code'])}`
    case 'EditNoted':
      return 'The ticket was edited after the decision; what was approved stands'
    case 'GrantOpened':
      return 'The grant was opened; its groups are being added'
    case 'GrantEnding':
      return data['because'] === 'revoked'
        ? `${who} revoked the access`
        : (ENDED_BECAUSE[String(data['because'])] ?? 'The grant is ending')
    case 'RevokeRefused':
      return `${who} tried to revoke and may not`
    case 'ReasonAdded':
      return data['heldBefore'] === true
        ? `${group} was held already by another hand: adopted`
        : `${group}: to be held because of this grant`
    case 'ReasonEnded':
      return (data['otherReasons'] as readonly string[]).length > 0
        ? `The reason for ${group} ended; another one holds it`
        : `The reason for ${group} ended`
    case 'ReasonDated':
      return `${group}: the window has begun, so it is known until when it is held`
    case 'FoundGone':
      return data['endedBy'] === 'the provider'
        ? `${group}: ended by the directory itself while a reason still held it`
        : `${group}: read back as gone while a reason still held it`
    case 'ChangeIntended':
      if (data['do'] === 'set end')
        return `The directory's own end of ${group} is to be ${data['endsAt'] === null ? 'cleared' : 'moved'}: intended`
      return `${data['do'] === 'add' ? 'Add to' : 'Remove from'} ${group}: intended`
    case 'ChangeResent':
      return `${group}: sent again, ${String(data['because'])}`
    case 'ChangeAnswered':
      if (data['do'] === 'set end' && data['kind'] === 'rejected')
        return `${group}: the directory does not set its own end (${String(data['because'])}); Tenure's end holds alone`
      return `${group}: the directory answered "${String(data['kind'])}"`
    case 'LateEffect':
      return `${group}: a late call was carried out after all; its effect is being undone`
    case 'ChangeAbandoned':
      return data['because'] === 'not sent'
        ? `${group}: the change was called off before it was sent`
        : `${group}: the change was given up, ${String(data['because'])}`
    case 'ChangeProven':
      if (data['do'] === 'set end')
        return `The directory's own end of ${group} is ${data['endsAt'] === null ? 'cleared' : 'set'}: read back (${String(data['effect'])})`
      if (data['endedBy'] === 'the provider') return `${group}: ended by the directory itself, read back`
      return `${data['do'] === 'add' ? 'Added to' : 'Removed from'} ${group}: read back (${String(data['effect'])})`
    case 'StateProven':
      return `${group}: read back as ${data['present'] === true ? 'held' : 'gone'}, no change was needed`
    case 'GroupConfirmed':
      return `${String(data['confirmed'])} of ${String(data['of'])} groups read back: ${group}`
    case 'WindowStarted':
      return data['endsAt'] === null ? 'The access is live, without an end' : 'The access is live; the window has begun'
    case 'GroupReleased':
      if (data['endedBy'] === 'the provider') return `${group}: ended by the directory itself, and read back as gone`
      return GROUP_RELEASED[String(data['how'])]?.(group) ?? group
    case 'GrantEnded':
      return 'The access has ended'
    case 'GrantFailed':
      return `The access was not given; ${typeof data['ownerId'] === 'string' ? names.person(data['ownerId']) : 'an administrator'} owns this`
    case 'GrantOverdue':
      return `The removal is overdue: ${groupsIn(data['standing'], names)} still to be taken away; ${typeof data['ownerId'] === 'string' ? names.person(data['ownerId']) : 'nobody yet'} owns this`
    case 'OverdueIssueRaised':
      return `The issue ${String(data['key'])} was raised about the overdue removal`
    case 'OverdueProven':
      return 'The overdue removal is proven'
    default:
      return type
  }
}

function groupsIn(standing: unknown, names: Names): string {
  return (standing as readonly { readonly group: GroupRef }[]).map((each) => names.group(each.group)).join(', ')
}

/** What of the record people look for, under the names by which they look for it. */
const SHOWN: readonly (readonly [field: string, name: string])[] = [
  ['askHash', 'Exact ask'],
  ['receipt', 'Receipt'],
  ['account', 'Account'],
  ['effect', 'Effect'],
  ['intendedAt', 'Intended at'],
  ['answeredAt', 'Answered at'],
  ['readAt', 'Read back at'],
  ['startsAt', 'Starts'],
  ['endsAt', 'Ends'],
  ['endedBy', 'Ended by'],
  ['since', 'Due since'],
  ['completeBy', 'Complete by'],
  ['changeId', 'Change'],
]

function factsOf({ data, personal }: RecordRow, names: Names): TimelineEntry['facts'] {
  const facts: [string, string][] = SHOWN.flatMap(([field, name]): [string, string][] => {
    const value = data[field]
    return typeof value === 'string' ? [[name, value]] : []
  })
  const rule = data['rule'] as unknown as { readonly id: string; readonly version: number } | undefined
  if (rule) facts.unshift(['Rule', `${names.rule(rule.id)}, version ${rule.version}`])
  const approval = data['approval'] as unknown as { readonly desk: string; readonly id: string } | null | undefined
  if (approval) facts.push(['Approval', `${approval.desk} ${approval.id}`])
  const reason = personal?.['reason']
  if (typeof reason === 'string') facts.push(['Business reason', reason])
  const said = personal?.['said']
  if (typeof said === 'string') facts.push(['The vendor said', said])
  return facts
}
