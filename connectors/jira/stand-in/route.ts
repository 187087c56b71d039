import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import type { Account, Site } from './site.ts'

/** One call to the site's API, taken apart. */
export interface Call {
  readonly site: Site
  readonly caller: Account
  /** Parts of the path that the route left open, decoded. */
  readonly params: readonly string[]
  readonly query: URLSearchParams
  /** The body as JSON; `undefined` when it is none. */
  readonly body: unknown
  readonly now: Instant
}

export interface Route {
  readonly method: HttpRequest['method']
  /** E.g. `/rest/api/3/issue/{}/changelog`. */
  readonly path: string
  /** True when the first open part names an issue and the call writes to it. */
  readonly writesIssue?: boolean
  readonly answer: (call: Call) => HttpAnswer
}

/** The open parts of the path when it fits, else null. */
export function fit(pattern: string, path: string): readonly string[] | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return null
  const open: string[] = []
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? ''
    if (part === '{}') open.push(decode(actual))
    else if (part !== actual) return null
  }
  return open
}

/** A value of an object that somebody else wrote, without what objects inherit. */
export function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}

export function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
