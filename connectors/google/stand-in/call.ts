import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import type { Path } from './path.ts'
import type { Grant } from './token.ts'

/** One call, its token already known to be good. */
export interface Call extends Path {
  readonly method: string
  readonly body: string
  readonly grant: Grant
  readonly requestId: string
  readonly now: Instant
  /** What reads show is what was true then. Asked once for each, because each may come from another copy. */
  readonly asOf: () => Instant
}

/** What lasts until somebody changes it again. */
export interface Weather {
  copiesLagMs: readonly number[]
  logLagMs: number
  down: boolean
  /** Page tokens of before are forgotten. */
  epoch: number
  /** What the administrator may not do any more, whatever was delegated. */
  privilegesTaken: ReadonlySet<Privilege>
}

export type Privilege = 'read users' | 'read groups' | 'write groups' | 'write users' | 'security' | 'reports'

export type Route = (call: Call) => HttpAnswer

export function may({ grant }: Call, ...scopes: readonly string[]): boolean {
  return scopes.some((scope) => grant.scopes.has(`https://www.googleapis.com/auth/${scope}`))
}

export function bodyOf({ body }: Call): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
