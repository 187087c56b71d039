import { assess, type AssessmentFacts, type Candidate, type Finding, type PassedOver } from '../approval-rule/assess.ts'
import type { ApprovalRule } from '../approval-rule/approval-rule.ts'
import type { Tier } from '../catalog/catalog.ts'
import { accepted, refused, type Decision, type Event, type RefusalCode } from '../event.ts'
import { sameGroup, type GroupRef, type PersonId } from '../identity-action/membership-key.ts'
import type { AskForm, Ask } from './read-ask.ts'

/*
 * A request is what a person asks, from the first second until it is decided.
 *
 *   (nothing) --submit--> waiting      somebody must say yes
 *   (nothing) --submit--> approved     a rule said yes by itself; the record names the rule
 *   (nothing) --refuse--> refused      the rules say no; nobody is asked
 *   waiting   --answer--> approved     an eligible approver said yes to exactly this ask
 *   waiting   --answer--> declined     an eligible approver said no
 *   waiting   --answer--> void         what was answered is not what was asked (the ticket or the role changed), or the
 *                                      answer came from somebody who may not give it and the desk takes no second one
 *   waiting   --edit  --> void
 *   waiting   --move past the question--> void
 *
 * Every other state is final. What happens after `approved` is the grant's story.
 */

export type RequestEvent =
  | Event<'RequestSubmitted', SubmittedData>
  | Event<
      'RequestRefused',
      {
        /** Who asked; null when the account could not be matched. */
        readonly personId: PersonId | null
        readonly code: RefusalCode
        readonly detail: Readonly<Record<string, string>>
        readonly issue: IssueRef
      }
    >
  | Event<'RequestApproved', ApprovedData>
  | Event<'RequestDeclined', { readonly askHash: string; readonly approval: ApprovalRef }>
  | Event<'RequestVoided', { readonly because: VoidedBecause; readonly was: string; readonly now: string }>
  | Event<
      'AnswerNotCounted',
      {
        readonly code: RefusalCode | 'status without an approval'
        readonly personId: PersonId | null
        readonly approval: ApprovalRef | null
      }
    >

  /** The ticket was edited after the decision: what was approved stands, and people are told so. */
  | Event<'EditNoted', { readonly after: 'approval' }>

export type VoidedBecause =
  'ticket edited' | 'role changed' | 'holdings changed' | 'answer not counted' | 'moved by hand'

/** The ticket that is the request. The id never changes, the key may. */
export interface IssueRef {
  readonly desk: string
  readonly id: string
  readonly key: string
}

/** The approval object of the desk, which alone says who answered. */
export interface ApprovalRef {
  readonly desk: string
  readonly id: string
  readonly completedAt: string | null
}

export interface RuleRef {
  readonly id: string
  readonly version: number
}

/** A group of the role that the person held already when they asked. */
export interface HeldAlready {
  readonly group: GroupRef
  /** `another hand`: the approval adopts it. `rule`: it is left alone. `ours`: another grant of ours holds it. */
  readonly by: 'another hand' | 'rule' | 'ours'
}

interface SubmittedData {
  readonly requesterId: PersonId
  readonly beneficiaryId: PersonId
  readonly appId: string
  readonly roleId: string
  readonly tier: Tier
  /** The groups that the grant will hold: those of the role, without the ones that a vendor's rule holds for the person. */
  readonly groups: readonly GroupRef[]
  readonly hours: number | null
  readonly windowBecause: Ask['windowBecause']
  readonly askHash: string
  readonly rule: RuleRef
  readonly catalogVersion: number
  readonly findings: readonly Finding[]
  readonly issue: IssueRef
  readonly heldAlready: readonly HeldAlready[]
  readonly seen: SeenOnDesk
}

/** What the ticket held already when it was first looked at: approvals from before the request, and the newest entry of its history. */
export interface SeenOnDesk {
  readonly approvalIds: readonly string[]
  readonly lastChangeId: string | null
}

interface ApprovedData {
  readonly askHash: string
  readonly rule: RuleRef
  readonly findings: readonly Finding[]
  /** Null when the rule decided. */
  readonly approval: ApprovalRef | null
}

export interface RequestState {
  readonly status: 'none' | 'waiting' | 'approved' | 'declined' | 'refused' | 'void'
  readonly submitted: SubmittedData | null
  /** As written by the person; erased with the personal row of `RequestSubmitted`. */
  readonly form: AskForm | null
  readonly issue: IssueRef | null
  /** Who asked, as far as that is known. */
  readonly askedBy: PersonId | null
  readonly code: RefusalCode | null
  readonly detail: Readonly<Record<string, string>>
  readonly approvedBy: readonly PersonId[]
  readonly voidedBecause: VoidedBecause | null
  readonly movedByHandNoted: boolean
  /** The form as it stood when an edit after the decision was noted last. */
  readonly editNoted: AskForm | null
}

export const NO_REQUEST: RequestState = {
  status: 'none',
  submitted: null,
  form: null,
  issue: null,
  askedBy: null,
  code: null,
  detail: {},
  approvedBy: [],
  voidedBecause: null,
  movedByHandNoted: false,
  editNoted: null,
}

export type RequestCommand =
  | {
      readonly kind: 'submit'
      readonly ask: Ask
      readonly form: AskForm
      readonly askHash: string
      readonly facts: SubmitFacts
    }
  | {
      readonly kind: 'refuse'
      readonly personId: PersonId | null
      readonly code: RefusalCode
      readonly detail: Readonly<Record<string, string>>
      readonly form: AskForm
      readonly issue: IssueRef
    }
  | { readonly kind: 'answer'; readonly answer: Answer; readonly facts: AnswerFacts }
  /**
   * `askHash`: of what the ticket and the role ask for now. `edited`: the history shows an edit since the request was
   * made, even if the form reads as before: somebody may have answered what it said in between.
   */
  | { readonly kind: 'note edit'; readonly form: AskForm; readonly askHash: string; readonly edited: boolean }
  | { readonly kind: 'note move by hand' }
  /** The ticket was moved past the question before anybody could be asked: no answer can ever come. */
  | { readonly kind: 'note way round' }

export interface SubmitFacts extends AssessmentFacts {
  readonly rule: ApprovalRule
  readonly ruleVersion: number
  readonly catalogVersion: number
  readonly issue: IssueRef
  readonly seen: SeenOnDesk
  readonly holdings: readonly GroupFacts[]
  /** The same role, for the same person: live or on its way, or still waiting for approval. */
  readonly already: 'live' | 'asked' | null
}

/** What is known of one group of the role before the decision. */
export interface GroupFacts {
  readonly group: GroupRef
  readonly name: string
  readonly claimed: boolean
  /** How the person holds it now; null: not at all. `ours`: we added or adopted it. */
  readonly heldBy: 'another hand' | 'rule' | 'ours' | null
}

/** An answer as read from the desk's approval object. */
export interface Answer {
  readonly decision: 'approved' | 'declined'
  /** Null: the account that answered is linked to nobody. */
  readonly deciderId: PersonId | null
  readonly approval: ApprovalRef
}

export interface AnswerFacts extends AssessmentFacts {
  /** The rule in force when the answer is used, not when it was asked for. */
  readonly rule: ApprovalRule
  readonly ruleVersion: number
  readonly formNow: AskForm
  readonly askHashNow: string
  /** The history of the ticket shows an edit since the request was made. */
  readonly edited: boolean
  /** The groups of the request, as the person holds them now. */
  readonly holdingsNow: readonly GroupFacts[]
}

export function decideRequest(command: RequestCommand, state: RequestState): Decision<RequestEvent> {
  switch (command.kind) {
    case 'submit':
      return state.status === 'none' ? submit(command) : accepted()
    case 'refuse':
      return state.status === 'none' ? accepted(refusal(command, command.issue, command.form)) : accepted()
    case 'answer':
      return answer(command.answer, command.facts, state)
    case 'note edit':
      return state.status === 'approved'
        ? noteLateEdit(command.form, state)
        : noteEdit(command.form, command.askHash, command.edited, state)
    case 'note move by hand':
      return state.status === 'waiting' && !state.movedByHandNoted
        ? accepted({
            type: 'AnswerNotCounted',
            data: { code: 'status without an approval', personId: null, approval: null },
          })
        : accepted()
    case 'note way round': {
      const hash = state.submitted?.askHash ?? ''
      return state.status === 'waiting'
        ? accepted({ type: 'RequestVoided', data: { because: 'moved by hand', was: hash, now: hash } })
        : accepted()
    }
  }
}

function submit(command: Extract<RequestCommand, { kind: 'submit' }>): Decision<RequestEvent> {
  const { ask, form, facts, askHash } = command
  const no = (code: RefusalCode, detail: Readonly<Record<string, string>> = {}): Decision<RequestEvent> =>
    accepted(refusal({ personId: facts.requesterId, code, detail }, facts.issue, form))

  if (!facts.beneficiary.active) return no('person not active')
  if (facts.isProtected) return no('protected account')
  if (facts.already === 'live') return no('already live', { role: ask.role.name })
  if (facts.already === 'asked') return no('already asked', { role: ask.role.name })
  const unclaimed = facts.holdings.find((each) => !each.claimed)
  if (unclaimed) {
    return no(
      unclaimed.heldBy === 'another hand' ? 'held by another hand in an unclaimed group' : 'group not claimed',
      {
        group: unclaimed.name,
      },
    )
  }
  const governed = facts.holdings.filter((each) => each.heldBy !== 'rule')
  if (governed.length === 0) return no('held by a rule', { role: ask.role.name })

  const finding = assess(facts.rule, facts)
  if (finding.state === 'nobody can')
    return no('nobody can approve', { rule: facts.rule.name, why: whyNobody(finding.passedOver) })

  const rule = { id: facts.rule.id, version: facts.ruleVersion }
  const submitted: RequestEvent = {
    type: 'RequestSubmitted',
    data: {
      requesterId: facts.requesterId,
      beneficiaryId: facts.beneficiary.id,
      appId: ask.app.id,
      roleId: ask.role.id,
      tier: ask.role.tier,
      groups: governed.map((each) => each.group),
      hours: ask.hours,
      windowBecause: ask.windowBecause,
      askHash,
      rule,
      catalogVersion: facts.catalogVersion,
      findings: [finding],
      issue: facts.issue,
      seen: facts.seen,
      heldAlready: facts.holdings.flatMap((each) => (each.heldBy ? [{ group: each.group, by: each.heldBy }] : [])),
    },
    personal: { ...form },
  }
  return finding.state === 'satisfied'
    ? accepted<RequestEvent>(submitted, {
        type: 'RequestApproved',
        data: { askHash, rule, findings: [finding], approval: null },
        by: { kind: 'rule', ...rule },
      })
    : accepted(submitted)
}

/** In which capacity somebody was looked for, and why they cannot: no names, because this is kept for ever. */
function whyNobody(passedOver: readonly PassedOver[]): string {
  return passedOver.map((each) => `${each.as === 'named' ? 'named approver' : each.as}: ${each.because}`).join('; ')
}

function refusal(
  no: {
    readonly personId: PersonId | null
    readonly code: RefusalCode
    readonly detail: Readonly<Record<string, string>>
  },
  issue: IssueRef,
  form: AskForm,
): RequestEvent {
  return {
    type: 'RequestRefused',
    data: { personId: no.personId, code: no.code, detail: no.detail, issue },
    personal: { ...form },
    by: { kind: 'engine' },
  }
}

function answer(given: Answer, facts: AnswerFacts, state: RequestState): Decision<RequestEvent> {
  const { submitted } = state
  if (state.status !== 'waiting' || !submitted) return refused('already decided')
  // Answered before this was asked: it was another question.
  if (submitted.seen.approvalIds.includes(given.approval.id)) return refused('answered another ask')
  const edited = noteEdit(facts.formNow, facts.askHashNow, facts.edited, state)
  if (edited.kind === 'accepted' && edited.events.length > 0) return edited

  // Whom the rule would ask, even where by now it would approve by itself: the person who was asked has answered.
  const finding = assess({ ...facts.rule, autoApprove: [] }, facts)
  const candidates = finding.state === 'waiting' ? finding.on : []
  const candidate = candidates.find((each) => each.personId === given.deciderId)
  if (!candidate || !wasAsked(given.deciderId, submitted.findings)) {
    return notCounted(given, whyNotCounted(given, facts), state)
  }

  const { approval } = given
  if (given.decision === 'declined') {
    return accepted({ type: 'RequestDeclined', data: { askHash: submitted.askHash, approval } })
  }
  if (!facts.beneficiary.active) return notCounted(given, 'person not active', state)
  if (facts.isProtected) return notCounted(given, 'protected account', state)
  if (facts.holdingsNow.some((each) => !wasTold(each, submitted.heldAlready))) {
    const hash = submitted.askHash
    return accepted({ type: 'RequestVoided', data: { because: 'holdings changed', was: hash, now: hash } })
  }
  const by: Finding = { state: 'satisfied', by: 'person', personId: candidate.personId, as: candidate.as }
  const rule = { id: facts.rule.id, version: facts.ruleVersion }
  return accepted({ type: 'RequestApproved', data: { askHash: submitted.askHash, rule, findings: [by], approval } })
}

/** Nobody was asked about a membership that somebody else gave, or took under a rule, after the question was put. */
function wasTold({ group, heldBy }: GroupFacts, told: readonly HeldAlready[]): boolean {
  if (heldBy === null || heldBy === 'ours') return true
  return told.some((each) => sameGroup(each.group, group) && each.by === heldBy)
}

function wasAsked(id: PersonId | null, findings: readonly Finding[]): boolean {
  return findings.some((each) => each.state === 'waiting' && each.on.some((one: Candidate) => one.personId === id))
}

/** The desk takes no second answer on a completed approval, so an answer that does not count leaves nothing to wait for. */
function notCounted(given: Answer, code: RefusalCode, state: RequestState): Decision<RequestEvent> {
  const hash = state.submitted?.askHash ?? ''
  return accepted(
    { type: 'AnswerNotCounted', data: { code, personId: given.deciderId, approval: given.approval } },
    { type: 'RequestVoided', data: { because: 'answer not counted', was: hash, now: hash } },
  )
}

function whyNotCounted(given: Answer, facts: AnswerFacts): RefusalCode {
  if (given.deciderId === null) return 'person unknown'
  if (given.deciderId === facts.requesterId || given.deciderId === facts.beneficiary.id) return 'own request'
  const person = facts.person(given.deciderId)
  if (!person?.active) return 'approver not active'
  if (!person.provenAccount) return 'approver not proven'
  return 'not an approver'
}

function noteEdit(form: AskForm, askHash: string, edited: boolean, state: RequestState): Decision<RequestEvent> {
  const { submitted } = state
  if (state.status !== 'waiting' || !submitted) return accepted()
  // The form is compared too: a hash that still fits must not hide that another reason now stands on the ticket.
  const formEdited = edited || (state.form !== null && !sameForm(form, state.form))
  if (!formEdited && askHash === submitted.askHash) return accepted()
  const because = formEdited ? 'ticket edited' : 'role changed'
  return accepted({ type: 'RequestVoided', data: { because, was: submitted.askHash, now: askHash } })
}

function noteLateEdit(form: AskForm, state: RequestState): Decision<RequestEvent> {
  const last = state.editNoted ?? state.form
  return last === null || sameForm(form, last)
    ? accepted()
    : accepted({ type: 'EditNoted', data: { after: 'approval' }, personal: { ...form } })
}

function sameForm(a: AskForm, b: AskForm): boolean {
  return a.app === b.app && a.role === b.role && a.duration === b.duration && a.reason === b.reason
}

export function evolveRequest(state: RequestState, event: RequestEvent): RequestState {
  switch (event.type) {
    case 'RequestSubmitted':
      return {
        ...state,
        status: 'waiting',
        submitted: event.data,
        form: formOf(event),
        issue: event.data.issue,
        askedBy: event.data.requesterId,
      }
    case 'RequestRefused':
      return {
        ...state,
        status: 'refused',
        askedBy: event.data.personId,
        code: event.data.code,
        detail: event.data.detail,
        issue: event.data.issue,
        form: formOf(event),
      }
    case 'RequestApproved':
      return {
        ...state,
        status: 'approved',
        approvedBy: event.data.findings.flatMap((each) =>
          each.state === 'satisfied' && each.by === 'person' ? [each.personId] : [],
        ),
      }
    case 'RequestDeclined':
      return { ...state, status: 'declined' }
    case 'RequestVoided':
      return { ...state, status: 'void', voidedBecause: event.data.because }
    case 'EditNoted':
      return { ...state, editNoted: formOf(event) }
    case 'AnswerNotCounted':
      return event.data.code === 'status without an approval' ? { ...state, movedByHandNoted: true } : state
  }
}

function formOf(event: RequestEvent): AskForm | null {
  return event.personal ? (event.personal as unknown as AskForm) : null
}
