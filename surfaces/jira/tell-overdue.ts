import { RAISED_IS_FOUND_AFTER_MS, type Desk } from '#connectors/kit/desk.ts'
import type { GrantState } from '#core/grant/grant.ts'
import type { Overdue, OverdueIssue } from '#core/grant/overdue.ts'
import { HOUR_MS } from '#core/instant.ts'
import { GRANT } from '#engine/handle/stream-kinds.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import type { Ports } from '#engine/ports.ts'
import type { Claimed } from '#engine/store/store.ts'
import type { Worked } from '#engine/workers/workers.ts'
import { issueOf, provenMessage } from './overdue-words.ts'
import { gatherStory, type Story } from './story.ts'

/*
 * One issue for each overdue removal, exactly one, and a comment on it when the removal is proven.
 *
 * Jira creates an issue by a call that must not be made twice, and whose answer may be lost, or the worker with it. So the
 * issue carries a marker, it is looked for before it is created, and *before the call* the message is put off by the time
 * in which Jira's search may not know it yet: whoever takes the message over after a crash comes late enough to find it.
 */

/** What somebody has to configure or to mend at Jira is looked at again this often. */
const REFUSED_AGAIN_MS = HOUR_MS

const NOT_CONFIGURED = 'no issue is raised: JIRA_ALARM_ISSUE_TYPE is not set'

export async function tellOverdue(ports: Ports, desk: Desk, grantId: string, message: Claimed): Promise<Worked> {
  const told = await gather(ports, message)
  if (!told) return { kind: 'done' }
  return told.story.event.type === 'GrantOverdue'
    ? tellThatItIs(ports, desk, grantId, message, told)
    : tellThatItIsOver(ports, desk, message, told)
}

interface Told {
  readonly story: Story
  readonly overdue: Overdue
}

async function gather(ports: Ports, { kind: record }: Claimed): Promise<Told | null> {
  const at = record.lastIndexOf('@')
  const stream = record.slice(0, at)
  const grant = (await ports.store.load([stream])).get(stream)?.state as unknown as GrantState | undefined
  if (!grant?.opened || !grant.overdue) return null
  const story = await gatherStory(ports, grant.opened.requestId, stream, Number(record.slice(at + 1)))
  return story?.grant.overdue ? { story, overdue: story.grant.overdue } : null
}

async function tellThatItIs(
  ports: Ports,
  desk: Desk,
  grantId: string,
  message: Claimed,
  { story, overdue }: Told,
): Promise<Worked> {
  const issue = overdue.issue ?? (await raise(ports, desk, grantId, message, { story, overdue }))
  if ('kind' in issue) return issue
  const ticket = story.request.issue?.key
  if (!ticket) return { kind: 'done' }
  const linked = await desk.link(issue.key, ticket)
  if (linked.kind === 'unavailable') return { kind: 'try again', why: linked.said, afterMs: linked.retryAfterMs }
  // Its words name the ticket all the same.
  if (linked.kind === 'rejected') ports.log('info', `${issue.key} could not be linked with ${ticket}: ${linked.said}`)
  return { kind: 'done' }
}

async function raise(
  ports: Ports,
  desk: Desk,
  grantId: string,
  message: Claimed,
  { story, overdue }: Told,
): Promise<OverdueIssue | Worked> {
  if (!desk.raise) return refused(ports, message, overdue, NOT_CONFIGURED)
  const { id, fence } = message
  let mayBeThere = false
  const mayRaise = async (): Promise<boolean> => {
    mayBeThere = true
    const held = await takeTurn(ports, { kind: 'engine' }, (turn) =>
      turn.hold({ queue: 'outbox', id, fence, dueAt: turn.now + RAISED_IS_FOUND_AFTER_MS, progress: false }),
    )
    return held !== 'lease lost'
  }
  try {
    const assignee = await accountOf(ports, overdue.ownerId)
    const raised = await desk.raise(issueOf(story, overdue, assignee), mayRaise)
    if (raised.kind === 'unavailable') {
      const afterMs = mayBeThere ? Math.max(raised.retryAfterMs ?? 0, RAISED_IS_FOUND_AFTER_MS) : raised.retryAfterMs
      return { kind: 'try again', why: raised.said, afterMs }
    }
    if (raised.kind === 'rejected') return refused(ports, message, overdue, `Jira refused the issue: ${raised.said}`)
    const issue = { desk: 'jira', ...raised.issue }
    await takeTurn(ports, { kind: 'engine' }, async (turn) => {
      const grant = await turn.open(GRANT, `grant/${grantId}`)
      grant.decide({ kind: 'note issue', alarmId: overdue.alarmId, issue, assigned: raised.assigned })
    })
    return issue
  } catch (fault) {
    if (!mayBeThere) throw fault
    // A fault after the call, say of the database: whoever tries again must come late enough to find the issue.
    ports.log('error', `the issue about an overdue removal (${overdue.alarmId}) was not written down: ${String(fault)}`)
    return { kind: 'try again', why: String(fault).slice(0, 500), afterMs: RAISED_IS_FOUND_AFTER_MS }
  }
}

/** Somebody has to mend it, and may do so at any time: unless the removal is over, it is tried again. */
function refused(ports: Ports, { attempts }: Claimed, { alarmId, over }: Overdue, why: string): Worked {
  if (attempts === 1 || over) ports.log('warning', `an overdue removal (${alarmId}) has no issue: ${why}`)
  return over ? { kind: 'done' } : { kind: 'try again', why, afterMs: REFUSED_AGAIN_MS }
}

/** Any linked account may be given an issue; one that is proven by more than an equal address comes first. */
async function accountOf(ports: Ports, personId: string | null): Promise<string | null> {
  if (personId === null) return null
  const links = (await ports.store.linksOf([personId])).filter((each) => each.system === 'jira')
  const proven = links.find((each) => each.proof !== 'verified e-mail')
  return (proven ?? links[0])?.account ?? null
}

async function tellThatItIsOver(ports: Ports, desk: Desk, message: Claimed, { story, overdue }: Told): Promise<Worked> {
  const { issue } = overdue
  if (!issue) return { kind: 'done' }
  const outcome = await desk.comment(issue.key, provenMessage(story, overdue, message.kind))
  if (outcome.kind === 'unavailable') return { kind: 'try again', why: outcome.said, afterMs: outcome.retryAfterMs }
  if (outcome.kind === 'rejected')
    ports.log('warning', `Jira rejected the comment on ${issue.key}: ${outcome.said}`, { message: message.kind })
  return { kind: 'done' }
}
