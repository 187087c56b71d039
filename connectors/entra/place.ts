import type { Instant } from '#core/instant.ts'
import type { From } from '#connectors/kit/directory.ts'

/**
 * Places and cursors of lists by `delta`, as words that can be kept: what is Entra's link, and what it does not hold: whether the
 * list began with everything (and whether anything was seen in it), or from when the cursor is that it began with.
 *
 *   all 0 /users/delta?$skiptoken=…       since 1772614800000 /users/delta?$deltatoken=…
 */
export interface Place {
  readonly path: string
  readonly all: { readonly seen: boolean } | null
  readonly since: Instant | null
}

/** Null: a word that is none of ours, or of another list. */
export function placeIn(from: From, list: { readonly base: string; readonly first: string }): Place | null {
  if (from.kind === 'all') return { path: list.first, all: { seen: false }, since: null }
  const [, kind, detail = '', path = ''] =
    /^(all|since) (\d+) (\/\S+)$/.exec(from.kind === 'next' ? from.place : from.cursor) ?? []
  if (kind === undefined || !path.startsWith(list.base)) return null
  if (kind === 'all') return from.kind === 'next' ? { path, all: { seen: detail === '1' }, since: null } : null
  return { path, all: null, since: Number(detail) }
}

export function placeOf({ all, since }: Omit<Place, 'path'>, path: string): string {
  return all === null ? `since ${since ?? 0} ${path}` : `all ${all.seen ? 1 : 0} ${path}`
}

export function cursorOf(path: string, at: Instant): string {
  return `since ${at} ${path}`
}
