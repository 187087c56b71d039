import { HOUR_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { badRequest, error, httpDate, json } from './answers.ts'
import { requestsIn } from './batch.ts'
import type { LoggedCall } from './call-log.ts'
import { createCompany, NOW } from './company.ts'
import type { MembershipChange } from './company.ts'
import { createDelta } from './delta.ts'
import { createHabits } from './habits.ts'
import { createHands } from './hands.ts'
import type { EntraHands, Logs, Weather } from './hands.ts'
import { createLimiter, limitsFor } from './limits.ts'
import type { EntraLimits } from './limits.ts'
import { pathOf } from './path.ts'
import type { Path } from './path.ts'
import { createPim } from './pim.ts'
import { createReports } from './reports.ts'
import { createRoutes } from './routes.ts'
import type { EntraSeed } from './seed.ts'
import { createTokenDesk } from './token.ts'
import { createWrites } from './writes.ts'

export interface EntraStandInOptions {
  /** Null: no limits at all. Unless set, those of a tenant of this size. */
  readonly limits?: EntraLimits | null
  /** How far reads lie behind. */
  readonly lagMs?: number
  /** How late the audit logs are. */
  readonly logLagMs?: number
  /** So long after it was made a group is not known everywhere yet, and an add to it is answered 400. */
  readonly freshForMs?: number
  /** Makes pages shorter than Entra's, so that few rows fill several. */
  readonly longestPage?: number
  readonly tokenLifeMs?: number
  /** False: `truth.calls` stays empty. For whoever runs for days and asks for no such thing. */
  readonly keepsCalls?: boolean
}

/**
 * A stateful stand-in of Microsoft Graph before a tenant of Entra ID: a pure state machine, request and instant in, answer out. It
 * reads no clock and draws no number, so the same requests at the same instants give the same answers.
 *
 * What it imitates, in one list: the token endpoint, by certificate (the signature is verified) and by secret, with the claim
 * `roles`; application permissions; users, groups and members with `$select`, `$top` and `@odata.nextLink`; `delta` of both, with
 * `@removed`, `members@delta` over pages, replays, tokens that live for seven days; adds one by one and by twenties, all or
 * nothing; removals, and what becomes of a removal whose address lost its end; `$batch`, always 200, answered backwards; groups
 * that are dynamic, synchronised, of Exchange, for roles or restricted; accounts, sessions, audit logs and sign-ins; Privileged
 * Identity Management for groups; limits; reads that lie behind or come from two copies; and bad habits on demand.
 */
export interface EntraStandIn {
  answer(request: HttpRequest, now: Instant): HttpAnswer
  /** The truth that the product cannot read, for tests and the simulation. */
  readonly truth: EntraTruth
  /** What else happens in a tenant, and what a vendor does on a bad day. */
  readonly hands: EntraHands
}

export interface EntraTruth {
  /** Every membership change that really happened, in order. */
  readonly changeLog: readonly MembershipChange[]
  /** Every call, in order. */
  readonly calls: readonly LoggedCall[]
  /** As of an instant that PIM has lived to; unless given, of the last request. */
  members(groupId: string, now?: Instant): readonly string[]
  isMember(groupId: string, userId: string): boolean
  /** When PIM will end the membership; null: never. */
  endOf(groupId: string, userId: string): Instant | null
  isEnabled(userId: string): boolean
  userCount(): number
  sessions(userId: string): number
}

export function createEntraStandIn(seed: EntraSeed, options: EntraStandInOptions = {}): EntraStandIn {
  const company = createCompany(seed)
  const isLicensed = seed.edition !== 'free'
  const groupsOf = (pim: 'onboarded' | 'refuses') =>
    new Set(seed.groups.filter((each) => each.pim === pim).map(({ id }) => id))
  const pim = createPim(company, isLicensed, groupsOf('onboarded'), groupsOf('refuses'))
  const tokens = createTokenDesk(seed.client, options.tokenLifeMs ?? HOUR_MS)
  const limiter = createLimiter(options.limits === undefined ? limitsFor(seed.users.length) : options.limits)
  const longestPage = options.longestPage ?? 200
  const habits = createHabits()
  const weather: Weather = {
    copiesLagMs: [options.lagMs ?? 0],
    logLagMs: options.logLagMs ?? 0,
    replays: 0,
    down: false,
    epoch: 0,
  }
  const logs: Logs = { accounts: [], signIns: [], sessions: new Map() }
  const calls: LoggedCall[] = []
  const keepsCalls = options.keepsCalls ?? true
  let requests = 0
  let reads = 0
  const route = createRoutes({
    company,
    pim,
    delta: createDelta(company, { longestPage, replays: () => weather.replays, epoch: () => weather.epoch }),
    reports: createReports(company, logs.accounts, logs.signIns, {
      hasSignIns: isLicensed,
      lateByMs: () => weather.logLagMs,
      longestPage: options.longestPage ?? 1_000,
    }),
    writes: createWrites(company, pim, {
      freshForMs: options.freshForMs ?? 0,
      endSessions: (userId) => void logs.sessions.delete(userId),
      noteAccount: (change) => void logs.accounts.push(change),
    }),
    longestPage: options.longestPage ?? 999,
  })

  function answer(request: HttpRequest, now: Instant): HttpAnswer {
    pim.endWhatIsOver(now)
    const requestId = nextRequestId()
    const { status, headers, body } = oneOf(request, requestId, now, false)
    return { status, headers: { date: httpDate(now), 'request-id': requestId, ...headers }, body }
  }

  /** One request, alone or of a batch. */
  function oneOf(request: HttpRequest, requestId: string, now: Instant, inBatch: boolean): HttpAnswer {
    const path = pathOf(request.url)
    const misfortune = weather.down ? null : habits.next(request)
    const bad = weather.down
      ? error(503, 'ServiceUnavailable', 'Service unavailable.')
      : (misfortune?.insteadOfWork(now) ?? null)
    const refused =
      bad === null && path.kind !== 'token' && path.kind !== 'batch' ? limiter.take(request, path, now) : null
    const done = bad ?? work(request, path, requestId, now, inBatch, refused)
    const given = misfortune === null ? done : misfortune.spoilt(done)
    if (keepsCalls) {
      const { method } = request
      const habit = misfortune?.habit ?? null
      calls.push({ at: now, method, kind: path.kind, status: given.status, inBatch, refused: refused !== null, habit })
    }
    return given
  }

  function work(
    request: HttpRequest,
    path: Path,
    requestId: string,
    now: Instant,
    inBatch: boolean,
    refused: HttpAnswer | null,
  ): HttpAnswer {
    if (path.kind === 'token') return tokens.answer(request, path.origin, path.path, now)
    const grant = tokens.grantOf(request.headers['authorization'], now)
    if (grant === null) return error(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.')
    if (refused !== null) return refused
    if (path.kind === 'batch') return inBatch ? badRequest('A batch in a batch.') : batch(request, path, now)
    const { method, body, headers } = request
    return route({ ...path, method, body, headers, grant, requestId, now, asOf: () => now - nextLagMs() })
  }

  /** Carried out in their order, which is nobody's business, and answered backwards. */
  function batch(request: HttpRequest, path: Path, now: Instant): HttpAnswer {
    const items = request.method === 'POST' ? requestsIn(request, `${path.origin}/v1.0`) : null
    if (items === null) return badRequest('Invalid batch payload format.')
    const responses = items.map(({ id, request: item }) => {
      const { status, headers, body } = oneOf(item, nextRequestId(), now, true)
      const isJson = headers['content-type'] === 'application/json'
      return { id, status, headers, body: body === '' ? null : isJson ? (JSON.parse(body) as unknown) : body }
    })
    return json(200, { responses: responses.reverse() })
  }

  function nextRequestId(): string {
    requests += 1
    return `00000000-0000-4000-b000-${requests.toString(16).padStart(12, '0')}`
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
      members(groupId, now) {
        if (now !== undefined) pim.endWhatIsOver(now)
        return company.membersOf(groupId, NOW)
      },
      isMember: (groupId, userId) => company.isMember(groupId, userId),
      endOf: (groupId, userId) => pim.endOf(groupId, userId),
      isEnabled: (userId) => company.user(userId, NOW)?.accountEnabled ?? company.user(userId, NOW) !== null,
      userCount: () => company.users(NOW).length,
      sessions: (userId) => logs.sessions.get(userId) ?? 0,
    },
    hands: createHands(company, pim, tokens, habits, weather, logs, (bucket, amount, now) =>
      limiter.spend(bucket, amount, now),
    ),
  }
}
