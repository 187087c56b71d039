import type { Instant } from '#core/instant.ts'
import type { AdfDocument } from './rich-text.ts'
import { done, nextId, refusedWith, type Account, type Comment, type Deed, type Site, type Ticket } from './site.ts'
import { touch } from './tickets.ts'
import { tell } from './webhooks.ts'

/** Comments are public unless this entity property says otherwise. */
export const INTERNAL_PROPERTY = 'sd.public.comment'

export function addComment(
  site: Site,
  ticket: Ticket,
  by: Account,
  body: AdfDocument,
  properties: Comment['properties'],
  now: Instant,
): Deed<Comment> {
  if (JSON.stringify(body).length > 200_000) return refusedWith(413, 'The comment is too long.')
  const audience = properties.find((property) => property.key === INTERNAL_PROPERTY)?.value
  const internal =
    typeof audience === 'object' && audience !== null && 'internal' in audience && audience.internal === true
  const comment: Comment = { id: nextId(site), by: by.accountId, at: now, body, internal, properties }
  ticket.comments.push(comment)
  touch(ticket, now)
  tell(site, ticket, by.accountId, { kind: 'commented', comment }, now)
  return done(comment)
}
