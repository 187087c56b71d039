import type { RequestView } from '../wire.ts'
import { capitalised, isOver } from './state-words.ts'
import { hoursWords } from './when.ts'

/** The whole request as plain text, for a ticket, a mail or an auditor's sheet. Times in UTC, as records have them. */
export function requestAsText(view: RequestView): string {
  const lines = [
    `${view.appName}: ${view.roleName} for ${view.personName}`,
    `Ticket: ${view.issueKey}${view.issueUrl ? ` (${view.issueUrl})` : ''}`,
    `State: ${view.state}${view.refusal ? ` (${view.refusal})` : ''}`,
    `Risk: ${view.tier}`,
    `Asked: ${iso(view.askedAt)} for ${view.hours === null ? 'no end' : hoursWords(view.hours)}`,
    `Window: ${view.startsAt === null ? 'not started' : `${iso(view.startsAt)} to ${view.endsAt === null ? 'no end' : iso(view.endsAt)}`}`,
    `Approved by: ${view.approvedBy.join(', ') || 'nobody yet'}`,
    `Groups: ${view.groupNames.join(', ') || 'none'}${isOver(view.state) ? '' : ` (${view.confirmedGroups} of ${view.groupCount} read back as held)`}`,
    `Reason: ${view.reason ?? '(erased)'}`,
  ]
  for (const { part, entries } of view.parts) {
    lines.push('', capitalised(part))
    for (const entry of entries) {
      lines.push(`- ${iso(entry.at)} ${entry.title}`)
      for (const [name, value] of entry.facts) lines.push(`    ${name}: ${value}`)
      const { name, index, leafHash } = entry.record
      lines.push(`    Record: ${name}${index === null ? ' (not sealed yet)' : `, leaf ${index}, ${leafHash ?? ''}`}`)
    }
  }
  const { records, sealed, checkpoint } = view.evidence
  lines.push('', `Evidence: ${sealed} of ${records} records sealed`)
  if (checkpoint) {
    lines.push(`Checkpoint: size ${checkpoint.size}, root ${checkpoint.rootHash}, signed ${iso(checkpoint.at)}`)
  }
  return `${lines.map(onOneLine).join('\n')}\n`
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}

/** A vendor's text must not be able to look like further lines of ours. */
function onOneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ')
}
