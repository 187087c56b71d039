import type { Outcome } from '#core/identity-action/outcome.ts'
import type { DeskStatus } from '#connectors/kit/desk.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { JiraClient } from './client.ts'
import { changed, outcomeOf, outcomeOfReading, rejected, unchanged, unread } from './outcome.ts'
import { issueStand, transitionList } from './shapes.ts'
import type { StatusNames } from './status.ts'

/** Moves a ticket by whatever transition leads there; which one is the workflow's business. Looks before it leaps. */
export async function moveIssue(
  client: JiraClient,
  io: Io,
  statuses: StatusNames,
  key: string,
  to: DeskStatus,
): Promise<Outcome> {
  const there = await isAt(client, statuses, key, to)
  if (typeof there !== 'boolean') return there
  if (there) return unchanged(io.now(), `${key} ${to}`)

  const path = `/rest/api/3/issue/${key}/transitions`
  const ways = await client.get(path, transitionList)
  if (ways.kind !== 'answered') return outcomeOf(ways)
  const way = ways.value.transitions.find(
    (transition) => transition.isAvailable !== false && statuses.ofName(transition.to.name) === to,
  )
  if (way === undefined) {
    const said = `no transition that Tenure may make leads ${key} to "${statuses.nameOf(to)}" from where it stands`
    return rejected('not allowed', said)
  }
  const moved = await client.tell('POST', path, { transition: { id: way.id } })
  if (moved.kind === 'answered') return changed(io.now(), `${key} transition ${way.id}`)
  if (moved.kind === 'unavailable') return outcomeOf(moved)
  // Refused, perhaps because somebody else was faster: then it is there already.
  const after = await isAt(client, statuses, key, to)
  if (after === true) return unchanged(io.now(), `${key} ${to}`)
  return outcomeOf(moved)
}

async function isAt(
  client: JiraClient,
  statuses: StatusNames,
  key: string,
  to: DeskStatus,
): Promise<boolean | Outcome> {
  const stand = await client.get(`/rest/api/3/issue/${key}?fields=status,updated`, issueStand)
  if (stand.kind !== 'answered') return outcomeOfReading(unread(stand))
  return statuses.ofName(stand.value.fields.status.name) === to
}
