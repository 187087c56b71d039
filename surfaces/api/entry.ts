import type { Instant } from '#core/instant.ts'
import { HOUR_MS } from '#core/instant.ts'
import { createHash, randomBytes } from 'node:crypto'

/*
 * How one comes in while there is no sign-in. Whoever can read the terminal of the server (or its private socket) gets a
 * link. A link holds a random code of 256 bits, lets one browser in, once, and is then only remembered as used. What the
 * browser gets is a session: another random 256 bits in a cookie. Codes and sessions are kept as SHA-256 hashes, in memory
 * only: a restart ends them all.
 *
 * The clock here is the wall clock, not the engine's: in the sandbox that one leaps by days, and nobody should be
 * thrown out by it.
 */

const LINK_LIVES_MS = 8 * HOUR_MS
const SESSION_LIVES_MS = 12 * HOUR_MS
/** Beyond so many the oldest goes: memory is bounded however often somebody asks. */
const KEPT = 100

export interface Session {
  readonly expiresAt: Instant
  /** Whom the visitor of the sandbox chose to be. */
  personId: string | null
}

export type Entering =
  | { readonly kind: 'entered'; readonly token: string; readonly lastsMs: number }
  | { readonly kind: 'refused'; readonly code: 'link used' | 'link expired' | 'link unknown' }

export interface Entry {
  /** A link that lets one browser in, once. */
  createLink(baseUrl: string): string
  enter(code: string): Entering
  sessionOf(token: string): Session | null
}

export function createEntry(io: { readonly wallNow: () => Instant; readonly newSecret?: () => string }): Entry {
  const newSecret = io.newSecret ?? (() => randomBytes(32).toString('base64url'))
  const links = new Map<string, { readonly expiresAt: Instant; used: boolean }>()
  const sessions = new Map<string, Session>()

  return {
    createLink(baseUrl) {
      const code = newSecret()
      keep(links, hashOf(code), { expiresAt: io.wallNow() + LINK_LIVES_MS, used: false })
      return `${baseUrl}/enter?code=${code}`
    },

    enter(code) {
      const link = links.get(hashOf(code))
      if (!link) return { kind: 'refused', code: 'link unknown' }
      if (link.used) return { kind: 'refused', code: 'link used' }
      if (io.wallNow() >= link.expiresAt) return { kind: 'refused', code: 'link expired' }
      link.used = true
      const token = newSecret()
      keep(sessions, hashOf(token), { expiresAt: io.wallNow() + SESSION_LIVES_MS, personId: null })
      return { kind: 'entered', token, lastsMs: SESSION_LIVES_MS }
    },

    sessionOf(token) {
      const hash = hashOf(token)
      const session = sessions.get(hash)
      if (!session) return null
      if (io.wallNow() < session.expiresAt) return session
      sessions.delete(hash)
      return null
    },
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= KEPT) return
    map.delete(oldest)
  }
}
