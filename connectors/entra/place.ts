import type { Instant } from '#core/instant.ts'
import type { From } from '#connectors/kit/directory.ts'

/**
 * Places and cursors of lists by `delta`, as words that can be kept: the name of the list, Entra's link, and what the link does not
 * tell: whether the list began with everything (and whether anything was seen in it), or from when the cursor is that it began with.
 *
 *   people all 0 /users/delta?$skiptoken=…       people since 1772614800000 /users/delta?$deltatoken=…
 */
export interface Place {
  readonly path: string
  readonly all: { readonly seen: boolean } | null
  readonly since: Instant | null
}

export interface Source {
  readonly name: 'people' | 'groups' | 'members'
  /** Where every link of the list leads to. */
  readonly base: string
  readonly first: string
}

/** Null: a word that is none of ours, or of another list. */
export function placeIn(from: From, list: Source): Place | null {
  if (from.kind === 'all') return { path: list.first, all: { seen: false }, since: null }
  const words = from.kind === 'next' ? from.place : from.cursor
  const [, name, kind, detail = '', path = ''] = WORDS.exec(words) ?? []
  if (name !== list.name || !path.startsWith(list.base)) return null
  if (kind === 'all') return from.kind === 'next' ? { path, all: { seen: detail === '1' }, since: null } : null
  return { path, all: null, since: Number(detail) }
}

const WORDS = /^(\w+) (all|since) (\d{1,16}) (\/\S+)$/

export function placeOf({ name }: Source, { all, since }: Omit<Place, 'path'>, path: string): string {
  return all === null ? `${name} since ${since ?? 0} ${path}` : `${name} all ${all.seen ? 1 : 0} ${path}`
}

export function cursorOf({ name }: Source, path: string, at: Instant): string {
  return `${name} since ${at} ${path}`
}
