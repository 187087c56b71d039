import { MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { error, json, noContent, notFound } from './answers.ts'
import type { Company } from './company.ts'
import type { Rules } from './rules.ts'
import type { SeedUser, UserStatus } from './seed.ts'
import type { SystemLog } from './system-log.ts'

/** So long a deactivation takes that nobody waits for. */
const DEACTIVATION_MS = 2 * MINUTE_MS

/** Accounts: their status, what they are signed in with, and what the log keeps of both. */
export interface Accounts {
  /** What was begun and comes to its end meanwhile. */
  pass(now: Instant): void
  lifecycle(userId: string, what: string, by: string, isAsync: boolean, now: Instant): HttpAnswer
  endSessions(userId: string, query: URLSearchParams): HttpAnswer
  signIn(userId: string, succeeded: boolean, now: Instant): void
  setStatus(userId: string, status: UserStatus, by: string, now: Instant): void
  sessions(userId: string): number
}

export function createAccounts(company: Company, rules: Rules, log: SystemLog): Accounts {
  const leaving = new Map<string, Instant>()
  const signedIn = new Map<string, number>()

  function put(user: SeedUser, now: Instant): void {
    company.users.set(user.id, user)
    rules.fire(now, user)
  }

  function setStatus(userId: string, status: UserStatus, by: string, now: Instant): void {
    const user = company.users.get(userId)
    if (user === undefined) throw new Error(`no user ${userId} in the stand-in`)
    const { transitioningToStatus: _, ...rest } = user
    leaving.delete(userId)
    put({ ...rest, status }, now)
    const name = status === 'SUSPENDED' ? 'suspend' : status === 'DEPROVISIONED' ? 'deactivate' : 'unsuspend'
    log.note({ at: now, eventType: `user.lifecycle.${name}`, user: userId, by })
  }

  function pass(now: Instant): void {
    if (leaving.size === 0) return
    for (const [userId, at] of leaving) if (at <= now) setStatus(userId, 'DEPROVISIONED', 'Okta System', at)
  }

  return {
    pass,
    setStatus,
    lifecycle(userId, what, by, isAsync, now) {
      const user = company.users.get(userId)
      if (user === undefined) return notFound(userId, 'User')
      const { status } = user
      if (what === 'suspend' && status !== 'ACTIVE') return error(400, 'E0000038')
      if (what === 'unsuspend' && status !== 'SUSPENDED') return error(400, 'E0000038')
      if (what === 'suspend') setStatus(userId, 'SUSPENDED', by, now)
      else if (what === 'unsuspend') setStatus(userId, 'ACTIVE', by, now)
      else if (what !== 'deactivate') return error(405, 'E0000022')
      else if (!isAsync) setStatus(userId, 'DEPROVISIONED', by, now)
      else if (status !== 'DEPROVISIONED' && !leaving.has(userId)) {
        leaving.set(userId, now + DEACTIVATION_MS)
        put({ ...user, transitioningToStatus: 'DEPROVISIONED' }, now)
      }
      return json(200, {})
    },
    endSessions(userId, query) {
      if (!company.users.has(userId)) return notFound(userId, 'User')
      // Tokens of applications live on unless it is asked for: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserSessions/
      if (query.get('oauthTokens') === 'true') signedIn.delete(userId)
      return noContent
    },
    signIn(userId, succeeded, now) {
      if (succeeded) signedIn.set(userId, (signedIn.get(userId) ?? 0) + 1)
      log.note({ at: now, eventType: 'user.session.start', user: userId, by: null, succeeded })
    },
    sessions: (userId) => signedIn.get(userId) ?? 0,
  }
}
