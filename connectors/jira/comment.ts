import type { Outcome } from '#core/identity-action/outcome.ts'
import type { DeskMessage } from '#connectors/kit/desk.ts'
import type { Io } from '#connectors/kit/io.ts'
import { adfOf } from './adf.ts'
import type { JiraClient, JiraExchange } from './client.ts'
import { changed, outcomeOf, unchanged } from './outcome.ts'
import { allPages } from './pages.ts'
import { commentPage, commentProperty, newComment } from './shapes.ts'

/** Tells our comments from everybody else's, and a message from its own retry. Holds the id of the message. */
export const MESSAGE_PROPERTY = 'tenure.message'

/** Jira Service Management's own property: without it a comment of an agent is public. */
const AUDIENCE_PROPERTY = 'sd.public.comment'

/**
 * A comment is posted by a call that must not be sent twice, and whose answer may be lost. So we look for it first:
 * a message that stands there already was said.
 */
export async function comment(client: JiraClient, io: Io, key: string, message: DeskMessage): Promise<Outcome> {
  const path = `/rest/api/3/issue/${key}/comment`
  const said = await findMessage(client, path, message.id)
  if (said.kind !== 'answered') return outcomeOf(said)
  if (said.value !== null) return unchanged(io.now(), `comment ${said.value}`)

  const audience = { key: AUDIENCE_PROPERTY, value: { internal: message.audience === 'internal' } }
  const properties = [audience, { key: MESSAGE_PROPERTY, value: message.id }]
  const posted = await client.ask(path, { body: adfOf(message), properties }, newComment)
  if (posted.kind !== 'answered') return outcomeOf(posted)
  return changed(io.now(), `comment ${posted.value.id}`)
}

/** The id of the comment that says this message; null when none does. */
async function findMessage(client: JiraClient, path: string, messageId: string): Promise<JiraExchange<string | null>> {
  const comments = await allPages(client, {
    path: (start) => `${path}?startAt=${start}&maxResults=100&orderBy=-created&expand=properties`,
    shape: commentPage,
    items: (page) => page.comments,
    isLast: (page, seen) => seen >= page.total,
  })
  if (comments.kind !== 'answered') return comments
  for (const { id, properties } of comments.value) {
    const known = properties ?? null
    if (known !== null) {
      if (known.some((property) => property.key === MESSAGE_PROPERTY && property.value === messageId)) {
        return { ...comments, value: id }
      }
      continue
    }
    // `expand=properties` works everywhere we have seen, but the published description does not promise it.
    const asked = await client.get(`/rest/api/3/comment/${id}/properties/${MESSAGE_PROPERTY}`, commentProperty)
    if (asked.kind === 'answered' && asked.value.value === messageId) return { ...comments, value: id }
    if (asked.kind === 'unavailable' || (asked.kind === 'refused' && asked.status !== 404)) return asked
  }
  return { ...comments, value: null }
}
