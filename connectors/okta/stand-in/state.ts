import { HOUR_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { error } from './answers.ts'
import { createCompany } from './company.ts'
import type { MembershipChange } from './company.ts'
import { insteadOfWork, spoilt } from './habits.ts'
import type { Habit, Misbehaviour } from './habits.ts'
import { bucketOf, createRateLimiter, WORKFORCE_LIMITS } from './rate-limit.ts'
import type { Bucket, RateLimits } from './rate-limit.ts'
import { createRoutes } from './routes.ts'
import { createRules } from './rules.ts'
import type { OktaSeed, SeedUser, UserStatus } from './seed.ts'
import { createTokenDesk } from './token.ts'

export interface OktaStandInOptions {
  /** Null: no limits at all. Unless set, those of a workforce organisation. */
  readonly rateLimits?: RateLimits | null
  /** How far lists of memberships lie behind. */
  readonly lagMs?: number
  /** Whether the organisation knows `GET …/group-rules` (June 2026). */
  readonly groupRulesEndpoint?: boolean
  readonly requireDpop?: boolean
  /** Makes pages shorter than Okta's, so that few members fill several. */
  readonly longestPage?: number
  readonly tokenLifeMs?: number
}

/**
 * A stateful stand-in of an Okta organisation: a pure state machine, request and instant in, answer out. It reads no
 * clock and draws no number, so the same requests at the same instants give the same answers.
 *
 * What it imitates, in one list: the token endpoint with `private_key_jwt` (the signature is verified), scopes, users,
 * groups, members and rules with paging by `Link`, PUT and DELETE of members, which are idempotent and answer 204
 * either way, refusal of `APP_GROUP` and `BUILT_IN`, group rules with their exclusion lists, rate limit windows, lists
 * that lie behind, and bad habits on demand. It does not imitate searching.
 */
export interface OktaStandIn {
  answer(request: HttpRequest, now: Instant): HttpAnswer
  /** The truth that the product cannot read, for tests and the simulation. */
  readonly truth: OktaTruth
  /** What else happens in an organisation, and what a vendor does on a bad day. */
  readonly hands: OktaHands
}

export interface OktaTruth {
  /** Every membership change that really happened, in order. */
  readonly changeLog: readonly MembershipChange[]
  members(groupId: string): readonly string[]
  isMember(groupId: string, userId: string): boolean
  exclusions(ruleId: string): readonly string[]
}

export interface OktaHands {
  addByAdmin(groupId: string, userId: string, now: Instant): void
  removeByAdmin(groupId: string, userId: string, now: Instant): void
  hire(user: SeedUser, now: Instant): void
  setStatus(userId: string, status: UserStatus, now: Instant): void
  /** Changes attributes; the rules act on it at once. */
  setProfile(userId: string, attributes: SeedUser['profile'], now: Instant): void
  setRuleStatus(ruleId: string, status: 'ACTIVE' | 'INACTIVE', now: Instant): void
  deleteGroup(groupId: string): void
  setLag(lagMs: number): void
  /** Every request is answered 503 while it lasts. */
  setOutage(down: boolean): void
  setAdminRole(granted: boolean): void
  /** The next requests (that meet `when`) go wrong in this way. */
  misbehave(
    habit: Habit,
    options?: { readonly times?: number; readonly when?: (request: HttpRequest) => boolean },
  ): void
  /** Another client of the organisation uses up calls of a bucket. */
  spend(bucket: Bucket, calls: number, now: Instant): void
  issueToken(scopes: readonly string[], now: Instant): string
  revokeTokens(): void
}

export function createOktaStandIn(seed: OktaSeed, options: OktaStandInOptions = {}): OktaStandIn {
  const company = createCompany(seed)
  const rules = createRules(seed.rules, company)
  rules.fire(null)
  const tokens = createTokenDesk(seed.client, {
    requireDpop: options.requireDpop ?? false,
    lifeMs: options.tokenLifeMs ?? HOUR_MS,
  })
  const limiter = createRateLimiter(options.rateLimits === undefined ? WORKFORCE_LIMITS : options.rateLimits)
  const misbehaviours: Misbehaviour[] = []
  let lagMs = options.lagMs ?? 0
  let down = false
  let hasAdminRole = true
  let requests = 0
  const route = createRoutes(company, rules, {
    groupRulesEndpoint: options.groupRulesEndpoint ?? true,
    longestPage: options.longestPage ?? Number.POSITIVE_INFINITY,
    hasAdminRole: () => hasAdminRole,
  })

  function answer(request: HttpRequest, now: Instant): HttpAnswer {
    requests += 1
    // With the moment in it, so that a stand-in that starts anew and counts from the beginning repeats none.
    const requestId = `reqStandIn${now.toString(36)}${requests.toString(36).padStart(5, '0')}`
    const always = { date: httpDate(now), 'x-okta-request-id': requestId }
    const habit = nextHabit(request)
    const bad = down ? error(503, 'E0000010') : habit === null ? null : insteadOfWork(habit, request, now)
    const good = bad ?? work(request, requestId, now)
    const { status, headers, body } = habit === null || bad !== null ? good : spoilt(habit, good, request)
    return { status, headers: { ...always, ...headers }, body }
  }

  function nextHabit(request: HttpRequest): Habit | null {
    const index = misbehaviours.findIndex(({ when }) => when(request))
    const found = misbehaviours[index]
    if (found === undefined) return null
    found.times -= 1
    if (found.times <= 0) misbehaviours.splice(index, 1)
    return found.habit
  }

  function work(request: HttpRequest, requestId: string, now: Instant): HttpAnswer {
    const { url, method } = request
    const slash = url.indexOf('/', url.indexOf('://') + 3)
    const question = url.indexOf('?', slash)
    const origin = url.slice(0, slash)
    const path = question === -1 ? url.slice(slash) : url.slice(slash, question)
    if (path === '/oauth2/v1/token' && method === 'POST') {
      const { allowed, headers } = limiter.take('token', now)
      const answered = allowed ? tokens.answer(request, origin, now) : error(429, 'E0000047')
      return { ...answered, headers: { ...answered.headers, ...headers } }
    }
    if (!path.startsWith('/api/v1/')) return error(404, 'E0000022')
    const grant = tokens.grantOf(request.headers['authorization'], now)
    if (grant === null) return error(401, 'E0000011')
    const parts = path.slice('/api/v1/'.length).split('/').map(decoded)
    const { allowed, headers } = limiter.take(bucketOf(parts), now)
    const query = new URLSearchParams(question === -1 ? '' : url.slice(question + 1))
    const answered = allowed
      ? route({ method, origin, path, parts, query, grant, requestId, now, asOf: now - lagMs })
      : error(429, 'E0000047')
    return { ...answered, headers: { ...answered.headers, ...headers } }
  }

  function changeUser(userId: string, change: Partial<SeedUser>, now: Instant): void {
    const user = company.users.get(userId)
    if (user === undefined) throw new Error(`no user ${userId} in the stand-in`)
    company.users.set(userId, { ...user, ...change })
    rules.fire(now)
  }

  const byAdmin = { by: { kind: 'admin' as const, id: 'admin' }, requestId: null }
  return {
    answer,
    truth: {
      changeLog: company.changeLog,
      members: (groupId) => [...company.membersOf(groupId, Number.POSITIVE_INFINITY).keys()],
      isMember: (groupId, userId) => company.isMember(groupId, userId),
      exclusions: (ruleId) => [...(rules.all.get(ruleId)?.excludedUsers ?? [])],
    },
    hands: {
      addByAdmin: (groupId, userId, now) => void company.add(groupId, userId, now, byAdmin),
      removeByAdmin(groupId, userId, now) {
        if (company.remove(groupId, userId, now, byAdmin)) rules.exclude(groupId, userId)
      },
      hire(user, now) {
        company.users.set(user.id, user)
        rules.fire(now)
      },
      setStatus: (userId, status, now) => changeUser(userId, { status }, now),
      setProfile(userId, attributes, now) {
        changeUser(userId, { profile: { ...company.users.get(userId)?.profile, ...attributes } }, now)
      },
      setRuleStatus(ruleId, status, now) {
        const rule = rules.all.get(ruleId)
        if (rule === undefined) throw new Error(`no rule ${ruleId} in the stand-in`)
        rules.all.set(ruleId, { ...rule, status })
        rules.fire(now)
      },
      deleteGroup: (groupId) => void company.groups.delete(groupId),
      setLag: (ms) => void (lagMs = ms),
      setOutage: (isDown) => void (down = isDown),
      setAdminRole: (granted) => void (hasAdminRole = granted),
      misbehave(habit, { times = 1, when = () => true } = {}) {
        misbehaviours.push({ habit, times, when })
      },
      spend: (bucket, calls, now) => limiter.spend(bucket, calls, now),
      issueToken: (scopes, now) => tokens.issue(scopes, now),
      revokeTokens: () => tokens.revokeAll(),
    },
  }
}

/** RFC 9110 section 5.6.7. */
function httpDate(at: Instant): string {
  return new Date(at).toUTCString()
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
