import { HOUR_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { error, httpDate, tooManyAtOnce } from './answers.ts'
import type { LoggedCall, Spent } from './call-log.ts'
import { createAccounts } from './accounts.ts'
import { createCompany } from './company.ts'
import type { MembershipChange } from './company.ts'
import { createHabits } from './habits.ts'
import { createHands } from './hands.ts'
import type { OktaHands, Weather } from './hands.ts'
import { BELOW, createPaths } from './path.ts'
import type { Path } from './path.ts'
import { createRateLimiter, WINDOW_MS, WORKFORCE_LIMITS } from './rate-limit.ts'
import type { RateLimits } from './rate-limit.ts'
import { createRoutes } from './routes.ts'
import { createRules } from './rules.ts'
import type { OktaSeed } from './seed.ts'
import { createSystemLog } from './system-log.ts'
import { createTokenDesk } from './token.ts'

export interface OktaStandInOptions {
  /** Null: no limits at all. Unless set, those of a workforce organisation. */
  readonly rateLimits?: RateLimits | null
  /** How long a window of the rate limits lasts: Okta's minute, unless a bench scales it. */
  readonly windowMs?: number
  /** How many requests may be under way at once, of all clients; no cap unless set. Okta's own: `WORKFORCE_CALLS_AT_ONCE`. */
  readonly callsAtOnce?: number
  /** How far lists of memberships lie behind. */
  readonly lagMs?: number
  /** Whether the organisation knows `GET …/group-rules` (June 2026). */
  readonly groupRulesEndpoint?: boolean
  readonly requireDpop?: boolean
  /** Makes pages shorter than Okta's, so that few members fill several. */
  readonly longestPage?: number
  readonly tokenLifeMs?: number
  /** False: `truth.calls` stays empty. For whoever runs for days and asks for no such thing. */
  readonly keepsCalls?: boolean
}

/** Of a workforce organisation; a free one has 35. https://developer.okta.com/docs/reference/rl-additional-limits/ */
export const WORKFORCE_CALLS_AT_ONCE = 75

/**
 * A stateful stand-in of an Okta organisation: a pure state machine, request and instant in, answer out. It reads no
 * clock and draws no number, so the same requests at the same instants give the same answers.
 *
 * What it imitates, in one list: the token endpoint with `private_key_jwt` (the signature is verified), scopes, users,
 * groups, members and rules with paging by `Link`, PUT and DELETE of members, which are idempotent and answer 204
 * either way, refusal of `APP_GROUP` and `BUILT_IN`, group rules with their exclusion lists, accounts that are suspended and
 * deactivated, sessions, the System Log in polling mode, rate limit windows, a cap
 * on calls at once, lists that lie behind or come from two copies, and bad habits on demand. It does not imitate
 * searching.
 */
export interface OktaStandIn {
  answer(request: HttpRequest, now: Instant): HttpAnswer
  /**
   * An answer takes no time here, so whoever knows how long a request is under way says when it begins and ends. Not
   * null: too many are; this is the answer to it, it is not to be worked on, and it has not begun.
   */
  began(request: HttpRequest, now: Instant): HttpAnswer | null
  ended(): void
  /** The truth that the product cannot read, for tests and the simulation. */
  readonly truth: OktaTruth
  /** What else happens in an organisation, and what a vendor does on a bad day. */
  readonly hands: OktaHands
}

export interface OktaTruth {
  /** Every membership change that really happened, in order. */
  readonly changeLog: readonly MembershipChange[]
  /** Every call, in order; those of other clients apart. */
  readonly calls: readonly LoggedCall[]
  readonly spent: readonly Spent[]
  /** The most requests that were ever under way at once. */
  mostAtOnce(): number
  members(groupId: string): readonly string[]
  isMember(groupId: string, userId: string): boolean
  exclusions(ruleId: string): readonly string[]
  /** Users of every status. */
  userCount(): number
  statusOf(userId: string): string | null
  /** Whatever the user is signed in with. */
  sessions(userId: string): number
}

export function createOktaStandIn(seed: OktaSeed, options: OktaStandInOptions = {}): OktaStandIn {
  const company = createCompany(seed)
  const rules = createRules(seed.rules, company)
  rules.fire(null)
  const tokens = createTokenDesk(seed.client, {
    requireDpop: options.requireDpop ?? false,
    lifeMs: options.tokenLifeMs ?? HOUR_MS,
  })
  const limits = options.rateLimits === undefined ? WORKFORCE_LIMITS : options.rateLimits
  const limiter = createRateLimiter(limits, options.windowMs ?? WINDOW_MS)
  const callsAtOnce = options.callsAtOnce ?? Number.POSITIVE_INFINITY
  const keepsCalls = options.keepsCalls ?? true
  const pathOf = createPaths()
  const habits = createHabits()
  const log = createSystemLog(company)
  const accounts = createAccounts(company, rules, log)
  const weather: Weather = {
    copiesLagMs: [options.lagMs ?? 0],
    down: false,
    hasAdminRole: true,
    cursorEpoch: 0,
    logLagMs: 0,
  }
  const calls: LoggedCall[] = []
  const spent: Spent[] = []
  let requests = 0
  let membershipReads = 0
  let underWay = 0
  let mostUnderWay = 0
  const route = createRoutes(company, rules, {
    groupRulesEndpoint: options.groupRulesEndpoint ?? true,
    longestPage: options.longestPage ?? Number.POSITIVE_INFINITY,
    hasAdminRole: () => weather.hasAdminRole,
    cursorEpoch: () => weather.cursorEpoch,
    accounts,
    log,
    logLagMs: () => weather.logLagMs,
  })

  function answer(request: HttpRequest, now: Instant): HttpAnswer {
    accounts.pass(now)
    const path = pathOf(request.url)
    const requestId = nextRequestId(now)
    const misfortune = weather.down ? null : habits.next(request)
    const bad = weather.down ? error(503, 'E0000010') : (misfortune?.insteadOfWork(now) ?? null)
    const done = bad === null ? work(request, path, requestId, now) : { answer: bad, refused: null }
    const given = misfortune === null ? done.answer : misfortune.spoilt(done.answer)
    note(request, path, now, given.status, done.refused, misfortune?.habit ?? null)
    return signed(given, requestId, now)
  }

  /** With the moment in it, so that a stand-in that starts anew and counts from the beginning repeats none. */
  function nextRequestId(now: Instant): string {
    requests += 1
    return `reqStandIn${now.toString(36)}${requests.toString(36).padStart(5, '0')}`
  }

  function signed({ status, headers, body }: HttpAnswer, requestId: string, now: Instant): HttpAnswer {
    return { status, headers: { date: httpDate(now), 'x-okta-request-id': requestId, ...headers }, body }
  }

  function note(
    { method }: HttpRequest,
    { kind, bucket }: Path,
    at: Instant,
    status: number,
    refused: LoggedCall['refused'],
    habit: LoggedCall['habit'],
  ): void {
    if (keepsCalls) calls.push({ at, method, kind, bucket, status, refused, habit })
  }

  function work(request: HttpRequest, path: Path, requestId: string, now: Instant): Done {
    const { method } = request
    const isToken = path.kind === 'token' && method === 'POST'
    if (!isToken && !path.path.startsWith(BELOW)) return { answer: error(404, 'E0000022'), refused: null }
    const grant = isToken ? null : tokens.grantOf(request.headers['authorization'], now)
    if (!isToken && grant === null) return { answer: error(401, 'E0000011'), refused: null }
    const { allowed, headers } = limiter.take(path.bucket, now)
    if (!allowed) return { answer: withHeaders(error(429, 'E0000047'), headers), refused: 'rate' }
    const answered =
      grant === null
        ? tokens.answer(request, path.origin, now)
        : route({ ...path, method, grant, requestId, now, headers: request.headers, asOf: () => now - nextLagMs() })
    return { answer: withHeaders(answered, headers), refused: null }
  }

  /** Each list of memberships comes from the next copy. */
  function nextLagMs(): number {
    const { copiesLagMs } = weather
    membershipReads += 1
    return copiesLagMs[membershipReads % copiesLagMs.length] ?? 0
  }

  return {
    answer,
    began(request, now) {
      if (underWay < callsAtOnce) {
        underWay += 1
        mostUnderWay = Math.max(mostUnderWay, underWay)
        return null
      }
      note(request, pathOf(request.url), now, 429, 'concurrency', null)
      return signed(tooManyAtOnce(now), nextRequestId(now), now)
    },
    ended() {
      if (underWay === 0) throw new Error('a request ended that never began')
      underWay -= 1
    },
    truth: {
      changeLog: company.changeLog,
      calls,
      spent,
      mostAtOnce: () => mostUnderWay,
      members: (groupId) => [...company.membersOf(groupId, Number.POSITIVE_INFINITY).keys()],
      isMember: (groupId, userId) => company.isMember(groupId, userId),
      userCount: () => company.users.size,
      statusOf: (userId) => company.users.get(userId)?.status ?? null,
      sessions: (userId) => accounts.sessions(userId),
      exclusions: (ruleId) => [...(rules.all.get(ruleId)?.excludedUsers ?? [])],
    },
    hands: createHands(company, rules, tokens, habits, weather, accounts, log, (bucket, count, now) => {
      limiter.spend(bucket, count, now)
      spent.push({ at: now, bucket, calls: count })
    }),
  }
}

interface Done {
  readonly answer: HttpAnswer
  readonly refused: LoggedCall['refused']
}

function withHeaders(answer: HttpAnswer, headers: HttpAnswer['headers']): HttpAnswer {
  return { status: answer.status, headers: { ...answer.headers, ...headers }, body: answer.body }
}
