import type { Outcome } from '#core/identity-action/outcome.ts'
import type { DeskNewIssue, DeskRaised } from '#connectors/kit/desk.ts'
import type { Io } from '#connectors/kit/io.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import { adfOf } from './adf.ts'
import type { JiraClient, JiraExchange } from './client.ts'
import { changed, outcomeOf, rejected } from './outcome.ts'
import type { AlarmPlace } from './settings.ts'
import { markedPage, newIssue } from './shapes.ts'
import type { z } from 'zod'

/** Jira refuses a summary of more. */
const LONGEST_SUMMARY = 255

/** What a label is made of, so that it can stand in a query and nothing but itself can come out of it. */
const MARKER = /^[A-Za-z0-9_-]{8,100}$/

type Marked = z.output<typeof markedPage>['issues'][number]

/**
 * An issue is created by a call that must not be sent twice, and whose answer may be lost. So it carries its marker as a
 * label, and we look for that first. The search trails behind: see `Desk.raise` for how long.
 */
export async function raiseIssue(
  client: JiraClient,
  place: AlarmPlace,
  issue: DeskNewIssue,
  mayRaise: () => Promise<boolean>,
): Promise<DeskRaised> {
  if (!MARKER.test(issue.marker)) return refused(rejected('not understood', 'that is no marker of an issue'))
  const found = await findMarked(client, place, issue.marker)
  if (found.kind !== 'answered') return refused(outcomeOf(found))
  if (found.value !== null) return raised('unchanged', found.value, (found.value.fields.assignee ?? null) !== null)

  if (!(await mayRaise()))
    return { kind: 'unavailable', retryAfterMs: null, said: 'not sent: the work is not ours any more' }
  const { assignee } = issue
  const created = await create(client, place, issue, assignee)
  if (created.kind === 'answered') return raised('changed', created.value, assignee !== null)
  // Somebody who may not be given issues of this project: the issue is worth more than its assignee. Nothing was created yet.
  if (assignee === null || !isAbout('assignee', created)) return refused(outcomeOf(created))
  const unassigned = await create(client, place, issue, null)
  return unassigned.kind === 'answered' ? raised('changed', unassigned.value, false) : refused(outcomeOf(unassigned))
}

function raised(
  kind: 'changed' | 'unchanged',
  { id, key }: { id: string; key: string },
  assigned: boolean,
): DeskRaised {
  return { kind, issue: { id, key }, assigned }
}

/** What was not answered as hoped is one of these two. */
function refused(outcome: Outcome): DeskRaised {
  if (outcome.kind === 'rejected' || outcome.kind === 'unavailable') return outcome
  throw new Error(`an issue that was not raised came to "${outcome.kind}"`)
}

async function findMarked(client: JiraClient, place: AlarmPlace, marker: string): Promise<JiraExchange<Marked | null>> {
  const jql = `project = "${place.projectKey}" AND labels = "${marker}" ORDER BY created ASC`
  const asked = { jql, fields: ['labels', 'assignee'], maxResults: 10 }
  const answer = await client.ask('/rest/api/3/search/jql', asked, markedPage)
  if (answer.kind !== 'answered') return answer
  // The query takes no notice of case; the marker does.
  const [first = null] = answer.value.issues.filter(({ fields }) => fields.labels?.includes(marker))
  return { ...answer, value: first }
}

function create(client: JiraClient, place: AlarmPlace, issue: DeskNewIssue, assignee: string | null) {
  const fields = {
    project: { key: place.projectKey },
    issuetype: /^\d+$/.test(place.issueType) ? { id: place.issueType } : { name: place.issueType },
    summary: plainText(issue.summary, LONGEST_SUMMARY),
    description: adfOf(issue),
    labels: [issue.marker],
    ...(assignee === null ? {} : { assignee: { id: assignee } }),
  }
  return client.ask('/rest/api/3/issue', { fields }, newIssue)
}

function isAbout(field: string, answer: JiraExchange<unknown>): boolean {
  if (answer.kind !== 'refused' || answer.status !== 400) return false
  const { refusal } = answer
  return 'errors' in refusal && Object.hasOwn(refusal.errors ?? {}, field)
}

/** Every site has this type of link unless somebody removed it. Jira takes a link that is there already for done. */
const LINK_TYPE = 'Relates'

export async function linkIssues(client: JiraClient, io: Io, key: string, other: string): Promise<Outcome> {
  const body = { type: { name: LINK_TYPE }, inwardIssue: { key: other }, outwardIssue: { key } }
  const linked = await client.tell('POST', '/rest/api/3/issueLink', body, 201)
  return linked.kind === 'answered' ? changed(io.now(), `link ${key} ${other}`) : outcomeOf(linked)
}
