import { isoOf, type Instant } from '#core/instant.ts'
import { markup, words, type Markup } from './markup.ts'
import type { Account, Site } from './site.ts'
import { statusNamed } from './workflow.ts'

/** One look at a page. The chosen account travels in the address (`as`), so that two tabs can be two people. */
export interface Visit {
  readonly site: Site
  readonly me: Account | null
  /** Of the page that is shown, without the query, e.g. `/browse/ACC-1`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  readonly now: Instant
}

/** An address of ours that keeps the chosen account. */
export function address(visit: Visit, path: string, query: Readonly<Record<string, string>> = {}): string {
  const all = new URLSearchParams(visit.me === null ? query : { ...query, as: visit.me.accountId })
  return all.size === 0 ? path : `${path}?${all}`
}

export function asPerson(path: string, accountId: string): string {
  return `${path}?${new URLSearchParams({ as: accountId })}`
}

export function nameOf(site: Site, accountId: string): Markup {
  return words(site.accounts.get(accountId)?.displayName ?? 'Former user')
}

export function timeOf(at: Instant): Markup {
  const iso = isoOf(at)
  return markup`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`
}

export function lozenge(site: Site, status: string): Markup {
  return markup`<span class="lozenge ${statusNamed(site.seed.workflow, status).category}">${status}</span>`
}

/** The hidden field by which a form acts as the chosen account. */
export function meField(me: Account): Markup {
  return markup`<input type="hidden" name="as" value="${me.accountId}">`
}
