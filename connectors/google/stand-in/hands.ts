import type { Instant } from '#core/instant.ts'
import type { BadDays, MisbehaveOptions } from '#connectors/kit/bad-days.ts'
import type { Privilege, Weather } from './call.ts'
import { NOW } from './company.ts'
import type { Company } from './company.ts'
import type { Habit } from './habits.ts'
import type { Bucket } from './limits.ts'
import type { AccountChange, SignIn } from './reports.ts'
import type { SeedGroup, SeedUser } from './seed.ts'
import type { Sessions } from './sessions.ts'
import type { TokenDesk } from './token.ts'

/** What else happens in a company: what its people do, and what the vendor does to everybody. */
export interface GoogleHands {
  addByAdmin(groupId: string, userId: string, now: Instant): void
  removeByAdmin(groupId: string, userId: string, now: Instant): void
  /** The owner of a group adds somebody in Google Groups, without the console. */
  addByOwner(groupId: string, userId: string, now: Instant): void
  hire(user: SeedUser, now: Instant): void
  /** Changes attributes; queries of dynamic groups act on it at once. */
  change(userId: string, attributes: Partial<Omit<SeedUser, 'id'>>, now: Instant): void
  /** Takes the user's memberships along. */
  deleteUser(userId: string, now: Instant): void
  addGroup(group: SeedGroup, now: Instant): void
  renameGroup(groupId: string, name: string, now: Instant): void
  /** An administrator makes another kind of group of it, or gives it another address. */
  changeGroup(groupId: string, change: Partial<Omit<SeedGroup, 'id'>>, now: Instant): void
  deleteGroup(groupId: string, now: Instant): void
  /** `app`: signs in to it through Google; else to Google itself. */
  signIn(userId: string, now: Instant, options?: { readonly app?: string; readonly succeeded?: boolean }): void
  /** The user makes a password for a program. */
  addAsp(userId: string): void
  /** How far reads lie behind. */
  setLag(lagMs: number): void
  /** Reads come from one copy after the other, each of which lies behind by so much: `[0, 30_000]` flips and flops. */
  setCopies(lagsMs: readonly number[]): void
  /** How late Reports are. */
  setLogLag(lagMs: number): void
  /** Every page token that was handed out is forgotten. */
  forgetPlaces(): void
  /** Every request is answered 503 while it lasts. */
  setOutage(down: boolean): void
  /** What is delegated: new tokens have it, those that are out keep what they have. */
  setScopes(scopes: readonly string[]): void
  /** Takes scopes away, from the tokens that are out as well. */
  takeAway(scopes: readonly string[]): void
  /** The role of the administrator who is acted for loses these, and has all others. */
  takePrivileges(privileges: readonly Privilege[]): void
  /** Every token is answered 401 while it lasts, also one that was issued meanwhile. */
  setTokensRefused(refused: boolean): void
  revokeTokens(): void
  issueToken(scopes: readonly string[], subject: string, now: Instant): string
  /** The next requests (that meet `when`) go wrong in this way. */
  misbehave(habit: Habit, options?: MisbehaveOptions): void
  /** Another part of the project uses so much of a limit. */
  spend(bucket: Bucket, amount: number, now: Instant): void
}

export interface Logs {
  readonly accounts: AccountChange[]
  readonly signIns: SignIn[]
  readonly sessions: Sessions
}

export function createHands(
  company: Company,
  tokens: TokenDesk,
  habits: BadDays<Habit>,
  weather: Weather,
  logs: Logs,
  spend: GoogleHands['spend'],
): GoogleHands {
  const ADMIN = 'admin@acme.example'
  const byAdmin = { by: { kind: 'admin' as const, id: ADMIN }, requestId: null }

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

  function note(activity: AccountChange['activity'], { id, primaryEmail }: SeedUser, at: Instant): void {
    logs.accounts.push({ at, activity, user: id, email: primaryEmail, by: ADMIN })
  }

  return {
    addByAdmin: (groupId, userId, now) => void company.add(groupId, userId, now, byAdmin),
    removeByAdmin: (groupId, userId, now) => void company.remove(groupId, userId, now, byAdmin),
    addByOwner: (groupId, userId, now) =>
      void company.add(groupId, userId, now, { by: { kind: 'owner', id: 'owner@acme.example' }, requestId: null }),
    hire(user, now) {
      if (company.userBy(user.primaryEmail, NOW) !== null) throw new Error('an address belongs to one user')
      company.putUser(user, now)
      note('CREATE_USER', user, now)
    },
    change(userId, attributes, now) {
      const before = userOf(userId)
      const after = { ...before, ...attributes }
      company.putUser(after, now)
      const isAboutThat = (before.suspended ?? false) !== (after.suspended ?? false)
      note(isAboutThat ? (after.suspended ? 'SUSPEND_USER' : 'UNSUSPEND_USER') : 'CHANGE_DISPLAY_NAME', after, now)
    },
    deleteUser(userId, now) {
      const user = userOf(userId)
      company.deleteUser(userId, now)
      note('DELETE_USER', user, now)
    },
    addGroup: (group, now) => company.putGroup(group, now),
    renameGroup: (groupId, name, now) => company.putGroup({ ...groupOf(groupId), name }, now),
    changeGroup: (groupId, change, now) => company.putGroup({ ...groupOf(groupId), ...change }, now),
    deleteGroup: (groupId, now) => company.deleteGroup(groupOf(groupId).id, now),
    signIn(user, at, { app, succeeded = true } = {}) {
      logs.signIns.push({ at, user: userOf(user).id, app: app ?? null, succeeded })
      if (succeeded) logs.sessions.signIn(user, '1234567890.apps.googleusercontent.com')
    },
    addAsp: (userId) => logs.sessions.addAsp(userOf(userId).id),
    setLag: (lagMs) => void (weather.copiesLagMs = [lagMs]),
    setCopies(lagsMs) {
      if (lagsMs.length === 0) throw new Error('there is at least one copy')
      weather.copiesLagMs = lagsMs
    },
    setLogLag: (lagMs) => void (weather.logLagMs = lagMs),
    forgetPlaces: () => void (weather.epoch += 1),
    setOutage: (down) => void (weather.down = down),
    setScopes: (scopes) => tokens.setScopes(scopes),
    takeAway: (scopes) => tokens.takeAway(scopes),
    takePrivileges: (privileges) => void (weather.privilegesTaken = new Set(privileges)),
    setTokensRefused: (refused) => tokens.setRefused(refused),
    revokeTokens: () => tokens.revokeAll(),
    issueToken: (scopes, subject, now) => tokens.issue(scopes, subject, now),
    misbehave: (habit, options) => habits.order(habit, options),
    spend,
  }
}
