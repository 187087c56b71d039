import type { Desk } from '#connectors/kit/desk.ts'
import type { GrantState } from '#core/grant/grant.ts'
import type { Overdue, OverdueIssue } from '#core/grant/overdue.ts'
import { GRANT } from '#engine/handle/stream-kinds.ts'
import { ordersAgainstRemovals } from '#engine/halt/orders-against-removals.ts'
import type { Ports } from '#engine/ports.ts'
import type { Claimed } from '#engine/store/store.ts'
import type { Worked } from '#engine/workers/workers.ts'
import { issueOf, provenMessage } from './overdue-words.ts'
import { accountOf, raiseOnce } from './raise-once.ts'
import { gatherStory, type Story } from './story.ts'

/** One issue for each overdue removal, exactly one, and a comment on it when the removal is proven. */
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
  const { alarmId, ownerId, over } = overdue
  const orders = await ordersAgainstRemovals(
    ports,
    overdue.standing.map((each) => each.group.provider),
  )
  return raiseOnce(ports, desk, message, {
    issue: issueOf(story, overdue, await accountOf(ports, ownerId), orders),
    about: `an overdue removal (${alarmId})`,
    isOver: over,
    async note(turn, issue, assigned) {
      const grant = await turn.open(GRANT, `grant/${grantId}`)
      grant.decide({ kind: 'note issue', alarmId, issue, assigned })
    },
  })
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
