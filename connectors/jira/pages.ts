import type { z } from 'zod'
import { unavailable } from '#connectors/kit/http.ts'
import type { JiraClient, JiraExchange } from './client.ts'

/** Nothing that we read has more; a list that goes on after that is a fault. */
const MAX_PAGES = 200

/** How one page is asked for and what it says about the next. */
export interface Paging<Page, Item> {
  path(start: number): string
  readonly shape: z.ZodType<Page>
  items(page: Page): readonly Item[]
  isLast(page: Page, seen: number): boolean
}

/** All pages, or none: a list that ends early would hide a decision. `startedAt` is that of the first page. */
export async function allPages<Page, Item>(
  client: JiraClient,
  paging: Paging<Page, Item>,
): Promise<JiraExchange<readonly Item[]>> {
  const all: Item[] = []
  let first: (JiraExchange<Page> & { kind: 'answered' }) | null = null
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const answer = await client.get(paging.path(all.length), paging.shape)
    if (answer.kind !== 'answered') return first === null || answer.kind === 'unavailable' ? answer : halfRead()
    first ??= answer
    const items = paging.items(answer.value)
    all.push(...items)
    if (paging.isLast(answer.value, all.length)) return { ...first, value: all }
    if (items.length === 0) return halfRead()
  }
  return halfRead()
}

function halfRead() {
  return unavailable('not the shape', 'the pages of a list end before the list does')
}
