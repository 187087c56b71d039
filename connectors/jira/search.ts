import { MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { JiraClient } from './client.ts'
import { unread, unreadable } from './outcome.ts'
import { searchPage } from './shapes.ts'

const PAGE_SIZE = 100
const MAX_PAGES = 1_000

/**
 * Keys of the project's tickets that were updated since then, oldest first. JQL reads a date in the time zone of the
 * account's profile, to the minute; so many minutes ago means the same everywhere.
 */
export async function findUpdated(
  client: JiraClient,
  io: Io,
  projectKey: string,
  since: Instant,
): Promise<Reading<readonly string[]>> {
  const minutes = Math.max(1, Math.ceil((io.now() - since) / MINUTE_MS))
  const jql = `project = "${projectKey}" AND updated >= -${minutes}m ORDER BY updated ASC`
  const keys = new Set<string>()
  let startedAt: Instant | null = null
  let nextPageToken: string | null = null
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const next: { nextPageToken?: string } = nextPageToken === null ? {} : { nextPageToken }
    const asked = { jql, fields: ['updated'], maxResults: PAGE_SIZE, ...next }
    const answer = await client.ask('/rest/api/3/search/jql', asked, searchPage)
    if (answer.kind !== 'answered') return unread(answer)
    startedAt ??= answer.startedAt
    for (const { key } of answer.value.issues) keys.add(key)
    const token = answer.value.nextPageToken ?? null
    if (answer.value.isLast === true || token === null) return { kind: 'read', startedAt, value: [...keys] }
    if (token === nextPageToken) break
    nextPageToken = token
  }
  return unreadable('the search leads back to a page that was read already, or does not end')
}
