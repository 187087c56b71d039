import type { DeskIssue, Desk } from '#connectors/kit/desk.ts'
import type { GrantState } from '#core/grant/grant.ts'
import { MINUTE_MS } from '#core/instant.ts'
import type { AskForm } from '#core/request/read-ask.ts'
import type { IssueRef, RequestState } from '#core/request/request.ts'
import { answerApproval, noteEdit, noteMoveByHand } from '#engine/handle/answer-approval.ts'
import { grantIdOf } from '#engine/handle/open-grant.ts'
import { revokeGrant } from '#engine/handle/revoke-grant.ts'
import { findRequest, submitRequest } from '#engine/handle/submit-request.ts'
import { ticketKey } from '#engine/handle/stream-kinds.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import { linkOf } from '#engine/people/link-of.ts'
import { matchAccount, type AccountMatch } from '#engine/people/match-account.ts'
import type { Ports } from '#engine/ports.ts'
import type { Worked } from '#engine/workers/workers.ts'

/** A partial answer may raise no event in Jira, and any webhook may be lost: a waiting ticket is looked at this often all the same. */
export const LOOK_AGAIN_MS = 3 * MINUTE_MS

const OVER = new Set(['declined', 'refused', 'ended', 'failed'])
const PAST_THE_QUESTION = new Set([...OVER, 'approved', 'live'])

/**
 * A webhook, a timer or a poll says no more than "look at this ticket". Looking reads all that decides anything from
 * Jira itself, and turns what changed into triggers: a request, an answer, an edit, a revocation. However often and in
 * whatever order one looks, each is handled once.
 */
export async function lookAtTicket(
  ports: Ports,
  desk: Desk,
  key: string,
  everyMs: number = LOOK_AGAIN_MS,
): Promise<Worked> {
  const reading = await desk.issue(key)
  if (reading.kind === 'absent') return lookedInVain(ports, key, everyMs)
  if (reading.kind === 'unreadable') return { kind: 'try again', why: reading.said, afterMs: reading.retryAfterMs }
  const issue = reading.value
  if (!issue.ours) return lookedInVain(ports, key, everyMs)
  const ref: IssueRef = { desk: 'jira', id: issue.id, key: issue.key }
  const requestId = await findRequest(ports, ref)
  return requestId === null ? submit(ports, desk, issue, ref, everyMs) : follow(ports, desk, issue, requestId, everyMs)
}

function formOf({ app, role, duration, reason }: DeskIssue): AskForm {
  return { app, role, duration, reason }
}

/** A ticket that cannot be seen may be seen again tomorrow: while its request waits, it goes on being looked at, and says so. */
async function lookedInVain(ports: Ports, key: string, everyMs: number): Promise<Worked> {
  const [name] = await ports.store.find(ticketKey('jira', key))
  if (!name) return { kind: 'done' }
  const requestId = name.slice('request/'.length)
  const request = await stateOf<RequestState>(ports, name)
  if (request?.status !== 'waiting') return { kind: 'done' }
  ports.log('warning', `${key} waits for an approval and cannot be seen in Jira any more: was it deleted or moved?`)
  await lookAgainLater(ports, requestId, key, everyMs)
  return { kind: 'done' }
}

async function submit(ports: Ports, desk: Desk, issue: DeskIssue, ref: IssueRef, everyMs: number): Promise<Worked> {
  // A ticket that was over before we first saw it is history, not a request.
  if (OVER.has(issue.status)) return { kind: 'done' }
  const beneficiary = await whoIs(ports, desk, issue.reporter)
  if (beneficiary.kind === 'unreadable') return laterBecause(beneficiary)
  const onBehalf = issue.creator !== null && issue.creator !== issue.reporter
  const requester = onBehalf ? await whoIs(ports, desk, issue.creator) : beneficiary
  if (requester.kind === 'unreadable') return laterBecause(requester)
  const handled = await submitRequest(ports, {
    issue: ref,
    form: formOf(issue),
    requester,
    beneficiary,
    seen: { approvalIds: issue.approvals.map((each) => each.id), lastChangeId: issue.history.at(-1)?.id ?? null },
    movedBefore: issue.status !== 'submitted',
    door: 'jira',
  })
  if (handled.kind === 'try again') return handled
  await lookAgainLater(ports, handled.requestId, issue.key, everyMs)
  return { kind: 'done' }
}

function laterBecause(who: { readonly said: string; readonly retryAfterMs: number | null }): Worked {
  return { kind: 'try again', why: who.said, afterMs: who.retryAfterMs }
}

async function follow(ports: Ports, desk: Desk, issue: DeskIssue, requestId: string, everyMs: number): Promise<Worked> {
  const request = await stateOf<RequestState>(ports, `request/${requestId}`)
  if (request?.status === 'waiting') {
    const worked = await followApproval(ports, issue, requestId, request)
    if (worked.kind !== 'done') return worked
    await askAgain(ports, desk, issue, request)
    await lookAgainLater(ports, requestId, issue.key, everyMs)
  }
  if (request?.status === 'approved') {
    await noteEdit(ports, requestId, { form: formOf(issue), edited: false })
    return followRevocations(ports, desk, issue, requestId)
  }
  // An approver said yes to what was void already: the workflow moved the ticket, and there it must not stay.
  if (request?.status === 'void' && issue.status === 'approved') return moveToRefused(desk, issue.key)
  return { kind: 'done' }
}

/** A ticket may stand still this long before we believe that the question never reached it. */
const UNASKED_AFTER_MS = 2 * MINUTE_MS

/** The question was refused by Jira, or lost on its way: a request that waits for nobody is asked for once more. */
async function askAgain(ports: Ports, desk: Desk, issue: DeskIssue, request: RequestState): Promise<void> {
  const stoodStill = ports.clock.now() - issue.updatedAt > UNASKED_AFTER_MS
  const finding = request.submitted?.findings[0]
  if (issue.status !== 'submitted' || !stoodStill || finding?.state !== 'waiting') return
  const links = await ports.store.linksOf(finding.on.map((each) => each.personId))
  const proven = links.filter((each) => each.system === 'jira' && each.proof !== 'verified e-mail')
  const outcome = await desk.askForApproval(issue.key, [...new Set(proven.map((each) => each.account))])
  if (outcome.kind === 'rejected') ports.log('warning', `nobody can be asked on ${issue.key}: ${outcome.said}`)
}

async function moveToRefused(desk: Desk, key: string): Promise<Worked> {
  const outcome = await desk.move(key, 'refused')
  return outcome.kind === 'unavailable'
    ? { kind: 'try again', why: outcome.said, afterMs: outcome.retryAfterMs }
    : { kind: 'done' }
}

/** The approval object, and never the status, says whether somebody answered, and who. */
async function followApproval(
  ports: Ports,
  issue: DeskIssue,
  requestId: string,
  request: RequestState,
): Promise<Worked> {
  const now = { form: formOf(issue), edited: editedSince(issue, request) }
  const own = issue.approvals.filter((each) => !request.submitted?.seen.approvalIds.includes(each.id))
  const approval = own.findLast((each) => each.decision !== 'pending')
  if (!approval || approval.decision === 'pending') {
    await noteEdit(ports, requestId, now)
    const asked = own.length > 0
    if (PAST_THE_QUESTION.has(issue.status) && (!asked || !OVER.has(issue.status))) {
      await noteMoveByHand(ports, requestId, asked)
    }
    return { kind: 'done' }
  }
  const { decision } = approval
  const account = approval.answers.find((each) => each.decision === decision)?.account
  const link = account ? await linkOf(ports.store, 'jira', account) : null
  // The very account that answered must be proven: an equal e-mail address would not be enough, whatever else its person has.
  const deciderId = link && link.proof !== 'verified e-mail' ? link.personId : null
  const completedAt = approval.completedAt === null ? null : new Date(approval.completedAt).toISOString()
  return answerApproval(ports, requestId, {
    answer: { decision, deciderId, approval: { desk: 'jira', id: approval.id, completedAt } },
    now,
    door: 'jira',
  })
}

/** Edited and edited back reads as before, and yet the answer in between was to something else: the history tells. */
function editedSince(issue: DeskIssue, request: RequestState): boolean {
  const last = request.submitted?.seen.lastChangeId ?? null
  const since = last === null ? 0 : issue.history.findIndex((each) => each.id === last) + 1
  return issue.history.slice(since).some((each) => each.what.kind === 'edited')
}

/**
 * The changelog says who made the transition; that person's rights decide, and an attempt is answered once. Every attempt
 * counts, also one that the ticket no longer shows: a move of our own that was on its way, or an agent's, may have put the
 * ticket elsewhere since.
 */
async function followRevocations(ports: Ports, desk: Desk, issue: DeskIssue, requestId: string): Promise<Worked> {
  const grantId = grantIdOf(requestId)
  const attempts = issue.history.filter((each) => each.what.kind === 'moved' && each.what.to === 'revoking')
  if (attempts.length === 0) {
    return issue.status === 'revoking'
      ? { kind: 'try again', why: 'the history does not show the revocation yet', afterMs: 2_000 }
      : { kind: 'done' }
  }
  for (const { id: attemptId, author } of attempts) {
    const grant = await stateOf<GrantState>(ports, `grant/${grantId}`)
    if (grant?.status !== 'live' && grant?.status !== 'opening') return { kind: 'done' }
    if (grant.refusedAttempts.includes(attemptId)) continue
    const by = await whoIs(ports, desk, author)
    if (by.kind === 'unreadable') return { kind: 'try again', why: by.said, afterMs: by.retryAfterMs }
    const byId = by.kind === 'person' ? by.personId : null
    await revokeGrant(ports, grantId, { byId, attemptId, door: 'jira' })
  }
  return { kind: 'done' }
}

type Who = AccountMatch | { readonly kind: 'unreadable'; readonly said: string; readonly retryAfterMs: number | null }

async function whoIs(ports: Ports, desk: Desk, accountId: string | null): Promise<Who> {
  if (accountId === null) return { kind: 'nobody' }
  const stored = await linkOf(ports.store, 'jira', accountId)
  if (stored) return { kind: 'person', personId: stored.personId, proof: stored.proof }
  const reading = await desk.account(accountId)
  if (reading.kind === 'absent') return { kind: 'nobody' }
  if (reading.kind === 'unreadable') return reading
  const { email, emailVerified } = reading.value
  return matchAccount(ports, { system: 'jira', account: accountId, email, emailVerified })
}

async function stateOf<State>(ports: Ports, stream: string): Promise<State | null> {
  const stored = (await ports.store.load([stream])).get(stream)
  return stored ? (stored.state as unknown as State) : null
}

async function lookAgainLater(ports: Ports, requestId: string, key: string, everyMs: number): Promise<void> {
  const request = await stateOf<RequestState>(ports, `request/${requestId}`)
  if (request?.status !== 'waiting') return
  await takeTurn(ports, { kind: 'engine' }, (turn) => {
    turn.setTimer({ id: `${requestId}:look`, kind: 'look at ticket', about: key, dueAt: turn.now + everyMs })
  })
}
