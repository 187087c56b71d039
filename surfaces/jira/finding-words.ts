import { plainText } from '#connectors/kit/plain-text.ts'
import type { DeskMessage, DeskNewIssue, DeskParagraph } from '#connectors/kit/desk.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import type { FindingView } from '#engine/read/findings.ts'
import { findingInWords, RULE_TASK, waysOut } from '../words/findings.ts'
import { momentInWords } from '../words/times.ts'

/*
 * The words of the issue about drift. Whoever reads them works in IT, so they hold ids and accounts. Names come from a directory
 * in which anybody may have typed them.
 */

/** A list that nobody reads to its end is cut; the command shows all. */
const MOST_NAMED = 50

export function findingIssue(findings: readonly FindingView[], leadId: string, assignee: string | null): DeskNewIssue {
  const [first] = findings
  const who = findings.length === 1 && first ? nameOf(first) : `${findings.length} people`
  const what = first?.kind === 'removed outside' ? 'taken out of' : 'put into'
  const were = findings.length === 1 ? 'was' : 'were'
  const group = plainText(first?.groupName ?? '', 100)
  return {
    marker: `tenure-${leadId}`,
    summary: `Access outside of Tenure: ${who} ${were} ${what} ${group}`,
    paragraphs: paragraphsOf(findings),
    assignee,
  }
}

function paragraphsOf(findings: readonly FindingView[]): readonly DeskParagraph[] {
  const [first] = findings
  if (!first) return []
  const named = findings.slice(0, MOST_NAMED)
  const facts: [string, string][] = [
    ['Group', `${plainText(first.groupName, 100)} (${first.group.provider} group ${first.group.id})`],
    ['Read at', momentInWords(first.readAt)],
    ...named.map((each): [string, string] => [
      each.findingId,
      `${nameOf(each)} (account ${plainText(each.account, 100)}) ${plainText(findingInWords(each), 200)}`,
    ]),
    ...(findings.length > named.length
      ? [['And more', `${findings.length - named.length}, which tenure findings lists`] as [string, string]]
      : []),
    ['Evidence record', first.stream],
  ]
  return [
    {
      kind: 'text',
      text: 'The directory and the grants of Tenure do not agree. Nothing was changed.',
      strong: true,
    },
    { kind: 'facts', facts },
    ...waysOut(findings).map((text) => ({ kind: 'text', text }) as const),
  ]
}

const SETTLED: Readonly<Record<string, string>> = {
  'held by a grant': 'A grant holds it by now: it is adopted, with the window and the approval of its ticket.',
  gone: 'It is gone: somebody changed it in the directory, or the grant ended.',
  removed: 'It was removed, and read back as gone.',
  'there again': 'The person is in the group again.',
  'found otherwise': 'It was found the other way round meanwhile, and that is a finding of its own.',
}

/** What became of one finding; null when there is nothing to say. */
export function findingNews(view: FindingView, event: StoredEvent): DeskMessage | null {
  const words = wordsOf(view, event)
  if (words === null) return null
  return {
    id: `${event.stream}@${event.version}`,
    audience: 'internal',
    paragraphs: [
      { kind: 'text', text: `${nameOf(view)}, ${plainText(view.groupName, 100)}: ${words}`, strong: true },
      { kind: 'facts', facts: [['Finding', view.findingId]] },
    ],
  }
}

function wordsOf(_view: FindingView, { type, data, personalFields, by }: StoredEvent): string | null {
  if (type === 'FindingBecameTask') return RULE_TASK
  if (type === 'FindingSettled') return SETTLED[String(data['because'])] ?? null
  if (type !== 'FindingRemovalDecided') return null
  const reason = personalFields?.['reason']
  const who = by.kind === 'operator' ? plainText(by.name, 60) : 'Somebody'
  const why = typeof reason === 'string' ? `: ${plainText(reason, 300)}` : ''
  return `${who} decided that it is removed${why}. Tenure removes it now, and says so here when it was read back.`
}

function nameOf({ person, account }: FindingView): string {
  return plainText(person, 100) || `the account ${plainText(account, 100)}`
}
