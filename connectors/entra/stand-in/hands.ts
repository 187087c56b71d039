import type { Instant } from '#core/instant.ts'
import type { BadDays, MisbehaveOptions } from '#connectors/kit/bad-days.ts'
import { NOW } from './company.ts'
import type { Company } from './company.ts'
import type { Habit } from './habits.ts'
import type { Bucket } from './limits.ts'
import type { Pim } from './pim.ts'
import type { AccountChange, SignInRow } from './reports.ts'
import type { SeedGroup, SeedUser } from './seed.ts'
import type { TokenDesk } from './token.ts'

/** What else happens in a tenant: what its people do, and what the vendor does to everybody. */
export interface EntraHands {
  addByAdmin(groupId: string, userId: string, now: Instant): void
  removeByAdmin(groupId: string, userId: string, now: Instant): void
  hire(user: SeedUser, now: Instant): void
  /** Changes attributes; rules of dynamic groups act on it at once. */
  change(userId: string, attributes: Partial<Omit<SeedUser, 'id'>>, now: Instant): void
  /** Takes the user's memberships along. */
  deleteUser(userId: string, now: Instant): void
  addGroup(group: SeedGroup, now: Instant): void
  renameGroup(groupId: string, displayName: string, now: Instant): void
  /** An administrator makes another kind of group of it. */
  changeGroup(groupId: string, change: Partial<Omit<SeedGroup, 'id'>>, now: Instant): void
  deleteGroup(groupId: string, now: Instant): void
  signIn(userId: string, now: Instant, succeeded?: boolean): void
  /** How far reads lie behind. */
  setLag(lagMs: number): void
  /** Reads come from one copy after the other, each of which lies behind by so much: `[0, 30_000]` flips and flops. */
  setCopies(lagsMs: readonly number[]): void
  /** How late the audit logs are. */
  setLogLag(lagMs: number): void
  /** So many of the changes before a cursor are told again by every list of changes. */
  setReplays(changes: number): void
  /** Every page and every cursor that was handed out is forgotten. */
  forgetPlaces(): void
  /** Every request is answered 503 while it lasts. */
  setOutage(down: boolean): void
  /** What an administrator consented to: new tokens have it, those that are out keep what they have. */
  setRoles(roles: readonly string[]): void
  /** Takes rights away, from the tokens that are out as well. */
  takeAway(roles: readonly string[]): void
  /** Every token is answered 401 while it lasts, also one that was issued meanwhile. */
  setTokensRefused(refused: boolean): void
  revokeTokens(): void
  issueToken(roles: readonly string[], now: Instant): string
  /** The next requests (that meet `when`) go wrong in this way. Those in a batch are asked each for itself, after the batch. */
  misbehave(habit: Habit, options?: MisbehaveOptions): void
  /** Another part of the app uses so much of a limit. */
  spend(bucket: Bucket, amount: number, now: Instant): void
}

/** What lasts until somebody changes it again. */
export interface Weather {
  copiesLagMs: readonly number[]
  logLagMs: number
  replays: number
  down: boolean
  epoch: number
}

export interface Logs {
  readonly accounts: AccountChange[]
  readonly signIns: SignInRow[]
  readonly sessions: Map<string, number>
}

export function createHands(
  company: Company,
  pim: Pim,
  tokens: TokenDesk,
  habits: BadDays<Habit>,
  weather: Weather,
  logs: Logs,
  spend: EntraHands['spend'],
): EntraHands {
  const byAdmin = { by: { kind: 'admin' as const, id: 'admin' }, requestId: null }

  function userOf(userId: string): SeedUser {
    const user = company.user(userId, NOW)
    if (user === null) throw new Error(`no user ${userId} in the stand-in`)
    return user
  }

  function groupOf(groupId: string): SeedGroup {
    const group = company.group(groupId, NOW)
    if (group === null) throw new Error(`no group ${groupId} in the stand-in`)
    return group
  }

  function note(activity: AccountChange['activity'], user: string, at: Instant): void {
    logs.accounts.push({ at, activity, user, by: byAdmin.by })
  }

  return {
    addByAdmin: (groupId, userId, now) => void company.add(groupId, userId, now, byAdmin),
    removeByAdmin(groupId, userId, now) {
      pim.forget(groupId, userId, now)
      company.remove(groupId, userId, now, byAdmin)
    },
    hire(user, now) {
      company.putUser(user, now)
      note('Add user', user.id, now)
    },
    change(userId, attributes, now) {
      const before = userOf(userId)
      company.putUser({ ...before, ...attributes }, now)
      const { accountEnabled } = attributes
      const isAboutEnabled = accountEnabled !== undefined && accountEnabled !== (before.accountEnabled ?? true)
      note(isAboutEnabled ? (accountEnabled ? 'Enable account' : 'Disable account') : 'Update user', userId, now)
    },
    deleteUser(userId, now) {
      for (const { id } of company.groupsOf(userOf(userId).id, NOW)) pim.forget(id, userId, now)
      company.deleteUser(userId, now)
      note('Delete user', userId, now)
    },
    addGroup: (group, now) => company.putGroup(group, now),
    renameGroup: (groupId, displayName, now) => company.putGroup({ ...groupOf(groupId), displayName }, now),
    changeGroup: (groupId, change, now) => company.putGroup({ ...groupOf(groupId), ...change }, now),
    deleteGroup: (groupId, now) => company.deleteGroup(groupOf(groupId).id, now),
    signIn(user, at, succeeded = true) {
      const id = `00000000-0000-4000-a000-${String(logs.signIns.length).padStart(12, '0')}`
      logs.signIns.push({ id, at, user: userOf(user).id, app: 'a0000000-0000-4000-8000-000000000001', succeeded })
      if (succeeded) logs.sessions.set(user, (logs.sessions.get(user) ?? 0) + 1)
    },
    setLag: (lagMs) => void (weather.copiesLagMs = [lagMs]),
    setCopies(lagsMs) {
      if (lagsMs.length === 0) throw new Error('there is at least one copy')
      weather.copiesLagMs = lagsMs
    },
    setLogLag: (lagMs) => void (weather.logLagMs = lagMs),
    setReplays: (changes) => void (weather.replays = changes),
    forgetPlaces: () => void (weather.epoch += 1),
    setOutage: (down) => void (weather.down = down),
    setRoles: (roles) => tokens.setRoles(roles),
    takeAway: (roles) => tokens.takeAway(roles),
    setTokensRefused: (refused) => tokens.setRefused(refused),
    revokeTokens: () => tokens.revokeAll(),
    issueToken: (roles, now) => tokens.issue(roles, now),
    misbehave: (habit, options) => habits.order(habit, options),
    spend,
  }
}
