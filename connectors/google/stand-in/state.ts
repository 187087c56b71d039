import { HOUR_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { error, httpDate, rpcError } from './answers.ts'
import type { Call, Weather } from './call.ts'
import type { LoggedCall } from './call-log.ts'
import { createCompany, NOW } from './company.ts'
import type { MembershipChange } from './company.ts'
import { createHabits } from './habits.ts'
import { createHands } from './hands.ts'
import type { GoogleHands, Logs } from './hands.ts'
import { createIdentity } from './identity.ts'
import { createLimiter, USUAL_LIMITS } from './limits.ts'
import type { GoogleLimits } from './limits.ts'
import { isIdentity, pathOf } from './path.ts'
import type { Path } from './path.ts'
import { createReads } from './reads.ts'
import { createReports } from './reports.ts'
import type { GoogleSeed, Stranger } from './seed.ts'
import { createSessions } from './sessions.ts'
import { createTokenDesk } from './token.ts'
import { createWrites, SECURITY } from './writes.ts'

export interface GoogleStandInOptions {
  /** Null: no limits at all. Unless set, Google's own. */
  readonly limits?: GoogleLimits | null
  /** How far reads lie behind. */
  readonly lagMs?: number
  /** How late Reports are. */
  readonly logLagMs?: number
  /** So long after it was made a group is not known everywhere yet, and a write to it is answered 404. */
  readonly freshForMs?: number
  /** Makes pages shorter than Google's, so that few rows fill several. */
  readonly longestPage?: number
  readonly tokenLifeMs?: number
  /** False: `truth.calls` stays empty. For whoever runs for days and asks for no such thing. */
  readonly keepsCalls?: boolean
}

/**
 * A stateful stand-in of Google Workspace: a pure state machine, request and instant in, answer out. It reads no clock and draws
 * no number, so the same requests at the same instants give the same answers.
 *
 * What it imitates, in one list: the token endpoint for a service account with domain-wide delegation (the signature is verified,
 * and one scope that is not delegated refuses the whole token); scopes and privileges; users, groups and members of the Directory
 * with `maxResults`, `pageToken`, lists that are left out when they are empty, and etags; members who are groups, strangers or the
 * whole company; adds that take an address of nobody's for a new member; 409 in its two meanings, 404 and 400 in theirs, 403 as
 * throttling; accounts, sessions, tokens and application passwords; Cloud Identity: labels, memberships that end by themselves,
 * 403 for what is not there; Reports; limits; reads that lie behind or come from several copies; and bad habits on demand.
 */
export interface GoogleStandIn {
  answer(request: HttpRequest, now: Instant): HttpAnswer
  /** The truth that the product cannot read, for tests and the simulation. */
  readonly truth: GoogleTruth
  /** What else happens in a company, and what a vendor does on a bad day. */
  readonly hands: GoogleHands
}

export interface GoogleTruth {
  /** Every membership change of a user that really happened, in order. */
  readonly changeLog: readonly MembershipChange[]
  /** Every call, in order. */
  readonly calls: readonly LoggedCall[]
  /** Who is a member of a group and no user of the company, because somebody added an address or a number. */
  readonly strangers: readonly (Partial<Stranger> & { readonly group: string; readonly email: string })[]
  /** As of an instant that Google has lived to; unless given, of the last request. */
  members(groupId: string, now?: Instant): readonly string[]
  isMember(groupId: string, userId: string): boolean
  /** When Google will end the membership; null: never. */
  endOf(groupId: string, userId: string): Instant | null
  isSuspended(userId: string): boolean
  userCount(): number
  /** Whatever the user is signed in with. */
  sessions(userId: string): number
}

export function createGoogleStandIn(seed: GoogleSeed, options: GoogleStandInOptions = {}): GoogleStandIn {
  const company = createCompany(seed)
  const tokens = createTokenDesk(
    seed.serviceAccount,
    (email) => company.userBy(email, NOW),
    options.tokenLifeMs ?? HOUR_MS,
  )
  const limiter = createLimiter(options.limits === undefined ? USUAL_LIMITS : options.limits)
  const longestPage = options.longestPage ?? 1_000
  const habits = createHabits()
  const weather: Weather = {
    copiesLagMs: [options.lagMs ?? 0],
    logLagMs: options.logLagMs ?? 0,
    down: false,
    epoch: 0,
    privilegesTaken: new Set(),
  }
  const logs: Logs = { accounts: [], signIns: [], sessions: createSessions() }
  const calls: LoggedCall[] = []
  const strangers: (Partial<Stranger> & { readonly group: string; readonly email: string })[] = []
  const keepsCalls = options.keepsCalls ?? true
  let requests = 0
  let reads = 0

  const addStranger = (group: string, stranger: Partial<Stranger> & { readonly email: string }): void =>
    void strangers.push({ group, ...stranger })
  const directoryReads = createReads(company, weather, longestPage)
  const identity = createIdentity(company, { edition: seed.edition, weather, longestPage, addStranger })
  const reports = createReports(company, logs.accounts, logs.signIns, { weather, longestPage })
  const writes = createWrites(company, {
    weather,
    freshForMs: options.freshForMs ?? 0,
    strangers: seed.strangers ?? [],
    sessions: logs.sessions,
    addStranger,
    noteAccount: (change) => void logs.accounts.push(change),
  })

  function answer(request: HttpRequest, now: Instant): HttpAnswer {
    company.endWhatIsOver(now)
    requests += 1
    const path = pathOf(request.url)
    const misfortune = weather.down ? null : habits.next(request)
    const bad = weather.down
      ? error(503, 'backendError', 'Service unavailable. Please try again')
      : (misfortune?.insteadOfWork(now) ?? null)
    const refused = bad === null ? limiter.take(path, now) : null
    const done = bad ?? work(request, path, now, refused)
    const given = misfortune === null ? done : misfortune.spoilt(done)
    if (keepsCalls) {
      const { method } = request
      const habit = misfortune?.habit ?? null
      calls.push({ at: now, method, kind: path.kind, status: given.status, refused: refused !== null, habit })
    }
    return { ...given, headers: { date: httpDate(now), ...given.headers } }
  }

  function work(request: HttpRequest, path: Path, now: Instant, refused: HttpAnswer | null): HttpAnswer {
    const { kind, origin } = path
    if (kind === 'token') return tokens.answer(request, origin, now)
    const grant = tokens.grantOf(request.headers['authorization'], now)
    if (grant === null) {
      return isIdentity(kind)
        ? rpcError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')
        : error(401, 'authError', 'Invalid Credentials')
    }
    if (refused !== null) return refused
    const { method, body } = request
    const requestId = `stand-in-${requests}`
    const call: Call = { ...path, method, body, grant, requestId, now, asOf: () => now - nextLagMs() }
    return withEtag(request, routed(call))
  }

  function routed(call: Call): HttpAnswer {
    const { kind, method } = call
    if (kind === 'other') return error(404, 'notFound', 'Not Found')
    if (isIdentity(kind)) return identity(call)
    if (method !== 'GET' || SECURITY.has(kind)) return writes(call)
    return kind === 'activities' ? reports(call) : directoryReads(call)
  }

  function nextLagMs(): number {
    const { copiesLagMs } = weather
    reads += 1
    return copiesLagMs[reads % copiesLagMs.length] ?? 0
  }

  return {
    answer,
    truth: {
      changeLog: company.changeLog,
      calls,
      strangers,
      members(groupId, now) {
        if (now !== undefined) company.endWhatIsOver(now)
        return company.membersOf(groupId, NOW)
      },
      isMember: (groupId, userId) => company.isMember(groupId, userId),
      endOf: (groupId, userId) => company.endOf(groupId, userId, NOW),
      isSuspended: (userId) => company.user(userId, NOW)?.suspended === true,
      userCount: () => company.users(NOW).length,
      sessions: (userId) => logs.sessions.count(userId),
    },
    hands: createHands(company, tokens, habits, weather, logs, (bucket, amount, now) =>
      limiter.spend(bucket, amount, now),
    ),
  }
}

/** Of who has it already nothing is sent again: RFC 9110 section 13.1.2. */
function withEtag({ method, headers }: HttpRequest, answer: HttpAnswer): HttpAnswer {
  if (method !== 'GET' || answer.status !== 200) return answer
  const { etag } = JSON.parse(answer.body) as { etag?: string }
  if (etag === undefined) return answer
  if (headers['if-none-match'] === etag) return { status: 304, headers: { etag }, body: '' }
  return { ...answer, headers: { ...answer.headers, etag } }
}
