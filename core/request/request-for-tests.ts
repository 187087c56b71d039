import { assessmentFacts, MARA } from '../approval-rule/people-for-tests.ts'
import type { AssessmentFacts, Finding, Person } from '../approval-rule/assess.ts'
import { app, READERS, role, rule } from '../catalog/catalog-for-tests.ts'
import type { RefusalCode } from '../event.ts'
import type { AskForm } from './read-ask.ts'
import {
  decideRequest,
  evolveRequest,
  NO_REQUEST,
  type Answer,
  type AnswerFacts,
  type ApprovalRef,
  type IssueRef,
  type RequestCommand,
  type RequestEvent,
  type RequestState,
  type SubmitFacts,
  type VoidedBecause,
} from './request.ts'

/** Mara asks for six hours of Ledger, Reader; her manager Max and the owner Olga may say yes. */

export const REQUEST: {
  readonly none: RequestState
  readonly decide: typeof decideRequest
  readonly evolve: typeof evolveRequest
} = { none: NO_REQUEST, decide: decideRequest, evolve: evolveRequest }

export const FORM: AskForm = { app: 'Ledger', role: 'Reader', duration: '6 hours', reason: 'Closing the quarter' }
export const ISSUE: IssueRef = { desk: 'jira', id: '10001', key: 'IT-1' }
export const APPROVAL: ApprovalRef = { desk: 'jira', id: '7', completedAt: '2026-11-02T09:05:00.000Z' }
export const RULE_FACTS: Pick<AnswerFacts, 'rule' | 'ruleVersion'> = {
  rule: rule([{ kind: 'manager' }, { kind: 'app owner' }]),
  ruleVersion: 3,
}
const RULE_REF = { id: 'rule_manager', version: 3 }

const WAITING: Finding = {
  state: 'waiting',
  on: [
    { personId: 'per_max', as: ['manager'] },
    { personId: 'per_olga', as: ['app owner'] },
  ],
  passedOver: [],
}

type Data<Type extends RequestEvent['type']> = Extract<RequestEvent, { type: Type }>['data']

/** A ticket that held nothing yet when it was first looked at. */
export const SEEN = { approvalIds: [], lastChangeId: null } as const

export function submitFacts(more: Partial<SubmitFacts> = {}, people: readonly Person[] = []): SubmitFacts {
  return {
    ...assessmentFacts({}, people),
    ...RULE_FACTS,
    catalogVersion: 5,
    issue: ISSUE,
    seen: SEEN,
    holdings: [{ group: READERS, name: 'readers', claimed: true, heldBy: null }],
    already: null,
    ...more,
  }
}

export function submit(more: Partial<SubmitFacts> = {}, people: readonly Person[] = []): RequestCommand {
  const ask = {
    app: app(),
    role: more.role ?? role(),
    hours: 6,
    windowBecause: 'short need',
    reason: FORM.reason,
  } as const
  return { kind: 'submit', ask, form: FORM, askHash: 'hash of the ask', facts: submitFacts(more, people) }
}

export function submitted(more: Partial<Data<'RequestSubmitted'>> = {}): RequestEvent {
  return {
    type: 'RequestSubmitted',
    data: {
      requesterId: MARA.id,
      beneficiaryId: MARA.id,
      appId: 'app_ledger',
      roleId: 'role_reader',
      tier: 'standard',
      groups: [READERS],
      hours: 6,
      windowBecause: 'short need',
      askHash: 'hash of the ask',
      rule: RULE_REF,
      catalogVersion: 5,
      findings: [WAITING],
      issue: ISSUE,
      heldAlready: [],
      seen: SEEN,
      ...more,
    },
    personal: { ...FORM },
  }
}

export function refusedAs(code: RefusalCode, detail: Readonly<Record<string, string>> = {}): RequestEvent {
  return { type: 'RequestRefused', data: { personId: MARA.id, code, detail, issue: ISSUE } }
}

export function answer(
  decision: Answer['decision'],
  deciderId: string | null,
  facts: AnswerFacts = answerFacts(),
): RequestCommand {
  return { kind: 'answer', answer: { decision, deciderId, approval: APPROVAL }, facts }
}

/** What is known when an answer is used; by then people may have changed. */
export function answerFacts(more: Partial<AnswerFacts> = {}, people: readonly Person[] = []): AnswerFacts {
  const facts: AssessmentFacts = assessmentFacts({}, people)
  return {
    ...facts,
    ...RULE_FACTS,
    formNow: FORM,
    askHashNow: 'hash of the ask',
    edited: false,
    holdingsNow: [],
    ...more,
  }
}

export function approved(by: string, as: readonly string[], more: Partial<Data<'RequestApproved'>> = {}): RequestEvent {
  const finding: Finding = { state: 'satisfied', by: 'person', personId: by, as }
  return {
    type: 'RequestApproved',
    data: { askHash: 'hash of the ask', rule: RULE_REF, findings: [finding], approval: APPROVAL, ...more },
  }
}

export function declined(): RequestEvent {
  return { type: 'RequestDeclined', data: { askHash: 'hash of the ask', approval: APPROVAL } }
}

export function notCounted(code: RefusalCode, personId: string | null): RequestEvent {
  return { type: 'AnswerNotCounted', data: { code, personId, approval: APPROVAL } }
}

export function voided(because: VoidedBecause, now = 'hash of the ask'): RequestEvent {
  return { type: 'RequestVoided', data: { because, was: 'hash of the ask', now } }
}
