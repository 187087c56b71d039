import type { Instant } from '#core/instant.ts'
import type { BadDays, MisbehaveOptions } from '#connectors/kit/bad-days.ts'
import type { Accounts } from './accounts.ts'
import type { Company } from './company.ts'
import type { Habit } from './habits.ts'
import type { Bucket } from './rate-limit.ts'
import type { Rules } from './rules.ts'
import type { SeedGroup, SeedUser, UserStatus } from './seed.ts'
import type { SystemLog } from './system-log.ts'
import type { TokenDesk } from './token.ts'

/** What else happens in an organisation: what its people do, and what the vendor does to everybody. */
export interface OktaHands {
  addByAdmin(groupId: string, userId: string, now: Instant): void
  removeByAdmin(groupId: string, userId: string, now: Instant): void
  hire(user: SeedUser, now: Instant): void
  setStatus(userId: string, status: UserStatus, now: Instant): void
  /** Changes attributes; the rules act on it at once. */
  setProfile(userId: string, attributes: SeedUser['profile'], now: Instant): void
  /** Takes the user's memberships along. */
  deleteUser(userId: string, now: Instant): void
  /** Deletes the user, and makes another of the same login and profile. The rules act on the new one. */
  recreateUser(userId: string, newId: string, now: Instant): void
  setRuleStatus(ruleId: string, status: 'ACTIVE' | 'INACTIVE', now: Instant): void
  /** An administrator takes everybody off the rule's exclusion list: the rule puts back who meets it. */
  clearExclusions(ruleId: string, now: Instant): void
  addGroup(group: SeedGroup): void
  renameGroup(groupId: string, name: string): void
  /** Takes the memberships along. A rule that gave the group is invalid from then on. */
  deleteGroup(groupId: string, now: Instant): void
  /** `app`: none, Okta itself. */
  signIn(userId: string, now: Instant, succeeded?: boolean): void
  setLag(lagMs: number): void
  /** How late the System Log is. */
  setLogLag(lagMs: number): void
  /** Lists of memberships come from one copy after the other, each of which lies behind by so much: `[0, 30_000]` flips and flops. */
  setCopies(lagsMs: readonly number[]): void
  /** Every request is answered 503 while it lasts. */
  setOutage(down: boolean): void
  /** Every `after` that was handed out is unknown from now on. */
  forgetCursors(): void
  setAdminRole(granted: boolean): void
  /** What the app is granted from now on, tokens that are out included. */
  setScopes(scopes: readonly string[]): void
  /** Every token is answered 401 while it lasts, also one that was issued meanwhile. */
  setTokensRefused(refused: boolean): void
  revokeTokens(): void
  issueToken(scopes: readonly string[], now: Instant): string
  /** The next requests (that meet `when`) go wrong in this way. */
  misbehave(habit: Habit, options?: MisbehaveOptions): void
  /** Another client of the organisation uses up calls of a bucket. */
  spend(bucket: Bucket, calls: number, now: Instant): void
}

/** What lasts until somebody changes it again. */
export interface Weather {
  /** How far each copy lies behind from which lists of memberships are read, in turns. Never empty. */
  copiesLagMs: readonly number[]
  down: boolean
  hasAdminRole: boolean
  cursorEpoch: number
  logLagMs: number
}

export function createHands(
  company: Company,
  rules: Rules,
  tokens: TokenDesk,
  habits: BadDays<Habit>,
  weather: Weather,
  accounts: Accounts,
  log: SystemLog,
  spend: OktaHands['spend'],
): OktaHands {
  const byAdmin = { by: { kind: 'admin' as const, id: 'admin' }, requestId: null }

  function userOf(userId: string): SeedUser {
    const user = company.users.get(userId)
    if (user === undefined) throw new Error(`no user ${userId} in the stand-in`)
    return user
  }

  function groupOf(groupId: string): SeedGroup {
    const group = company.groups.get(groupId)
    if (group === undefined) throw new Error(`no group ${groupId} in the stand-in`)
    if (group.type === 'BUILT_IN') throw new Error(`the group ${groupId} is Okta's own`)
    return group
  }

  function put(user: SeedUser, now: Instant): void {
    company.users.set(user.id, user)
    rules.fire(now, user)
  }

  function deleteUser(userId: string, now: Instant): void {
    userOf(userId)
    rules.forgetUser(userId, now)
    company.users.delete(userId)
  }

  return {
    addByAdmin: (groupId, userId, now) => void company.add(groupId, userId, now, byAdmin),
    removeByAdmin: (groupId, userId, now) => rules.removeByHand(groupId, userId, now, byAdmin),
    hire: put,
    setStatus: (userId, status, now) => accounts.setStatus(userOf(userId).id, status, 'admin', now),
    setProfile(userId, attributes, now) {
      const user = userOf(userId)
      put({ ...user, profile: { ...user.profile, ...attributes } }, now)
      log.note({ at: now, eventType: 'user.account.update_profile', user: userId, by: 'admin' })
    },
    deleteUser,
    recreateUser(userId, newId, now) {
      const user = userOf(userId)
      deleteUser(userId, now)
      put({ ...user, id: newId }, now)
    },
    setRuleStatus: (ruleId, status, now) => rules.setStatus(ruleId, status, now),
    clearExclusions: (ruleId, now) => rules.clearExclusions(ruleId, now),
    addGroup: (group) => void company.groups.set(group.id, group),
    renameGroup: (groupId, name) => void company.groups.set(groupId, { ...groupOf(groupId), name }),
    deleteGroup(groupId, now) {
      groupOf(groupId)
      rules.forgetGroup(groupId, now)
      company.groups.delete(groupId)
    },
    signIn: (userId, now, succeeded = true) => accounts.signIn(userOf(userId).id, succeeded, now),
    setLogLag: (lagMs) => void (weather.logLagMs = lagMs),
    setLag: (lagMs) => void (weather.copiesLagMs = [lagMs]),
    setCopies(lagsMs) {
      if (lagsMs.length === 0) throw new Error('there is at least one copy')
      weather.copiesLagMs = lagsMs
    },
    setOutage: (down) => void (weather.down = down),
    forgetCursors: () => void (weather.cursorEpoch += 1),
    setAdminRole: (granted) => void (weather.hasAdminRole = granted),
    setScopes: (scopes) => tokens.setScopes(scopes),
    setTokensRefused: (refused) => tokens.setRefused(refused),
    revokeTokens: () => tokens.revokeAll(),
    issueToken: (scopes, now) => tokens.issue(scopes, now),
    misbehave: (habit, options) => habits.order(habit, options),
    spend,
  }
}
