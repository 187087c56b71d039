import type { Desk } from '#connectors/kit/desk.ts'
import { groupStream } from '#core/identity-action/membership-key.ts'
import { ownerOfRemoval } from '#core/grant/overdue.ts'
import { findingKey } from '#engine/handle/finding-keys.ts'
import { FINDING } from '#engine/handle/stream-kinds.ts'
import type { Ports } from '#engine/ports.ts'
import { findingsFoundWith, type FindingView } from '#engine/read/findings.ts'
import type { Claimed } from '#engine/store/store.ts'
import type { Worked } from '#engine/workers/workers.ts'
import { findingIssue, findingNews } from './finding-words.ts'
import { accountOf, raiseOnce } from './raise-once.ts'

/** One issue for all that one look at a group found, and a comment on it for what becomes of each. */
export async function tellFinding(ports: Ports, desk: Desk, leadId: string, message: Claimed): Promise<Worked> {
  const at = message.kind.lastIndexOf('@')
  const stream = message.kind.slice(0, at)
  const event = await ports.store.eventAt(stream, Number(message.kind.slice(at + 1)))
  const findings = await findingsFoundWith(ports.store, leadId)
  const lead = findings.find((each) => each.findingId === leadId)
  if (!event || !lead) return { kind: 'done' }
  if (event.type === 'FindingRaised') return tellThatItIs(ports, desk, leadId, message, findings)
  const view = findings.find((each) => each.stream === stream)
  const news = view ? findingNews(view, event) : null
  if (lead.issue === null || news === null) return { kind: 'done' }
  const outcome = await desk.comment(lead.issue, news)
  if (outcome.kind === 'unavailable') return { kind: 'try again', why: outcome.said, afterMs: outcome.retryAfterMs }
  if (outcome.kind === 'rejected')
    ports.log('warning', `Jira rejected the comment on ${lead.issue}: ${outcome.said}`, { message: message.kind })
  return { kind: 'done' }
}

async function tellThatItIs(
  ports: Ports,
  desk: Desk,
  leadId: string,
  message: Claimed,
  findings: readonly FindingView[],
): Promise<Worked> {
  const issue = await raiseOnce(ports, desk, message, {
    issue: findingIssue(findings, leadId, await accountOf(ports, await ownerOf(ports, findings))),
    about: `access outside of Tenure (${leadId})`,
    isOver: findings.every((each) => each.state === 'settled'),
    async note(turn, raised, assigned) {
      const [stream] = await ports.store.find(findingKey(leadId))
      if (stream === undefined) return
      const finding = await turn.open(FINDING, stream)
      finding.decide({ kind: 'note issue', findingId: leadId, issue: raised, assigned })
    },
  })
  return 'kind' in issue ? issue : { kind: 'done' }
}

/** Who answers for a group: the owners of the apps whose roles give it, else security, else an administrator. */
async function ownerOf(ports: Ports, [first]: readonly FindingView[]): Promise<string | null> {
  const catalog = (await ports.store.catalogInForce())?.catalog
  if (!catalog || !first) return null
  const giving = catalog.roles.filter((role) =>
    role.groups.some((each) => groupStream(each) === groupStream(first.group)),
  )
  const owners = catalog.apps
    .filter((app) => giving.some((role) => role.appId === app.id))
    .flatMap((app) => app.ownerIds)
  const from = [owners, catalog.securityIds, catalog.administratorIds]
  const people = await ports.store.people([...new Set(from.flat())])
  const active = new Set(people.filter((each) => each.active).map((each) => each.personId))
  return ownerOfRemoval(from, (personId) => active.has(personId), first.personId ?? '')
}
