import type { Findings } from '../finding.ts'
import type { EvidenceRecord } from '../record.ts'
import { DECISION_RULES } from './decision-rules.ts'
import { FieldMissing, groups, inner, instant, instantOrNull, oneOf, receipt, ruleVersion, text } from './fields.ts'
import { changeKey, newKnown } from './known.ts'
import type { Broken, Known, KnownChange, Links } from './known.ts'
import { brokenLinks } from './link-rules.ts'
import { PROOF_RULES } from './proof-rules.ts'
import type { Proof } from './proof-rules.ts'

/** An identity change that was intended and of which the log does not yet say how it ended. Not an error. */
export interface OpenChange {
  readonly record: string
  readonly index: number
  readonly changeId: string
  readonly do: Links['does']
  readonly since: string
}

export interface Follower {
  /** Called for every record, in the order of the log. */
  readonly follow: (record: EvidenceRecord, name: string, index: number) => void
  /** Called after the last record. */
  readonly finish: () => readonly OpenChange[]
}

/**
 * Leads every identity change back to its trigger, its decision under a rule version, its outcome and its read-back,
 * as docs/evidence.md says. A record of a type that is not about that is passed over.
 */
export function newFollower(findings: Findings): Follower {
  const known = newKnown()
  return {
    follow(record, name, index) {
      const step = STEPS.get(record.type)
      if (step === undefined) return
      try {
        for (const { code, said } of step({ record, name, index, known })) findings.add(code, name, index, said)
      } catch (error) {
        if (!(error instanceof FieldMissing)) throw error
        findings.add('field missing', name, index, error.message)
      }
    },
    finish() {
      const open: OpenChange[] = []
      for (const change of known.changes.values()) {
        if (change === 'proven') continue
        // Whatever became of it: what was meant without a decision is named.
        for (const { code, said } of change.broken) findings.add(code, change.record, change.index, said)
        if (!change.closed) open.push(openOf(change))
      }
      return open
    },
  }
}

interface Here {
  readonly record: EvidenceRecord
  readonly name: string
  readonly index: number
  readonly known: Known
}

type Step = (here: Here) => readonly Broken[]

const HOLDS: readonly Broken[] = []

const publishRule: Step = ({ record, known }) => {
  known.ruleVersions.add(ruleVersion(record.data, 'ruleId'))
  return HOLDS
}

const submit: Step = ({ record: { stream, data }, known }) => {
  known.requests.set(idOf(stream, 'request/'), {
    askHash: text(data, 'askHash'),
    requesterId: text(data, 'requesterId'),
    beneficiaryId: text(data, 'beneficiaryId'),
    groups: groups(data, 'groups'),
    approved: false,
  })
  return HOLDS
}

const approve: Step = ({ record: { stream, by, data }, known }) => {
  const requestId = idOf(stream, 'request/')
  const request = known.requests.get(requestId) ?? null
  if (request !== null) known.requests.set(requestId, { ...request, approved: true })
  const approval = {
    requestId,
    by,
    askHash: text(data, 'askHash'),
    rule: ruleVersion(inner(data, 'rule'), 'id'),
    hasApproval: data['approval'] !== null && inner(data, 'approval') !== null,
    request,
  }
  return DECISION_RULES.map((rule) => rule(approval, known)).filter((broken) => broken !== null)
}

/** What was found is the trigger of its removal. */
const raiseFinding: Step = ({ record: { data }, known }) => {
  const personId = data['personId']
  known.requests.set(text(data, 'findingId'), {
    askHash: '',
    requesterId: '',
    beneficiaryId: typeof personId === 'string' ? personId : '',
    groups: groups({ groups: [inner(data, 'group')] }, 'groups'),
    approved: false,
    removalOnly: true,
  })
  return HOLDS
}

/** Somebody decided it: nobody else can, no rule and no clock. */
const decideRemoval: Step = ({ record: { by, data }, known }) => {
  const findingId = text(data, 'findingId')
  const found = known.requests.get(findingId)
  if (found?.removalOnly !== true)
    return [{ code: 'no trigger', said: `no FindingRaised of ${findingId} comes before this decision` }]
  known.requests.set(findingId, { ...found, approved: true })
  if (by['kind'] === 'operator' || by['kind'] === 'person') return HOLDS
  return [{ code: 'decided without a decider', said: `the removal was decided by ${String(by['kind'])}` }]
}

const openGrant: Step = ({ record: { stream, data }, known }) => {
  const requestId = text(data, 'requestId')
  known.grants.set(idOf(stream, 'grant/'), { requestId, ending: false })
  if (known.requests.get(requestId)?.approved === true) return HOLDS
  return [{ code: 'no decision', said: `no RequestApproved of ${requestId} comes before this grant` }]
}

const endGrant: Step = ({ record: { stream }, known }) => {
  const grantId = idOf(stream, 'grant/')
  const grant = known.grants.get(grantId)
  if (grant === undefined) return [{ code: 'no grant', said: `no GrantOpened of ${grantId} comes before its end` }]
  known.grants.set(grantId, { ...grant, ending: true })
  return HOLDS
}

const intend: Step = ({ record, name, index, known }) => {
  const links = linksOf(record)
  const changeId = text(record.data, 'changeId')
  const key = changeKey(record.stream, changeId)
  if (known.changes.has(key)) return [{ code: 'intended twice', said: `${changeId} was intended before` }]
  known.changes.set(key, {
    ...links,
    changeId,
    record: name,
    index,
    intendedAt: record.at,
    answers: [],
    closed: false,
    broken: brokenLinks(links, known),
  })
  return HOLDS
}

const answer: Step = ({ record: { stream, data }, known }) => {
  const kind = oneOf(data, 'kind', ['changed', 'unchanged', 'accepted', 'rejected', 'unavailable'])
  const done = kind !== 'rejected' && kind !== 'unavailable'
  const said = done ? { at: instant(data, 'at'), receipt: receipt(data) } : null
  return updateChange(known, stream, text(data, 'changeId'), (change) => ({
    ...change,
    answers: said === null ? change.answers : [...change.answers, said],
    closed: change.closed || kind === 'rejected',
  }))
}

const abandon: Step = ({ record: { stream, data }, known }) =>
  updateChange(known, stream, text(data, 'changeId'), (change) => ({ ...change, closed: true }))

const prove: Step = ({ record, known }) => {
  const proof = proofOf(record)
  const key = changeKey(record.stream, proof.changeId)
  const change = known.changes.get(key)
  known.changes.set(key, 'proven')
  if (change === 'proven') return [{ code: 'proven twice', said: `${proof.changeId} was proven before` }]
  if (change === undefined) return [noIntent(proof.changeId), ...brokenLinks(proof, known)]
  const broken = PROOF_RULES.map((rule) => rule(proof, change)).filter((found) => found !== null)
  return [...change.broken, ...broken]
}

const STEPS: ReadonlyMap<string, Step> = new Map([
  ['ApprovalRulePublished', publishRule],
  ['RequestSubmitted', submit],
  ['RequestApproved', approve],
  ['FindingRaised', raiseFinding],
  ['FindingRemovalDecided', decideRemoval],
  ['GrantOpened', openGrant],
  ['GrantEnding', endGrant],
  ['ChangeIntended', intend],
  ['ChangeAnswered', answer],
  ['ChangeAbandoned', abandon],
  ['ChangeProven', prove],
])

function updateChange(
  known: Known,
  stream: string,
  changeId: string,
  update: (change: KnownChange) => KnownChange,
): readonly Broken[] {
  const key = changeKey(stream, changeId)
  const change = known.changes.get(key)
  if (change === undefined) return [noIntent(changeId)]
  // A second answer after the proof changes nothing that was proven.
  if (change !== 'proven') known.changes.set(key, update(change))
  return HOLDS
}

function noIntent(changeId: string): Broken {
  return { code: 'no intent', said: `no ChangeIntended of ${changeId} comes before in this stream` }
}

function linksOf({ stream, data }: EvidenceRecord): Links {
  return {
    stream,
    does: oneOf(data, 'do', ['add', 'remove', 'set end']),
    requestId: text(data, 'requestId'),
    grantId: text(data, 'grantId'),
  }
}

function proofOf(record: EvidenceRecord): Proof {
  const { data } = record
  return {
    ...linksOf(record),
    changeId: text(data, 'changeId'),
    effect: oneOf(data, 'effect', ['changed', 'already so', 'found by read-back']),
    receipt: receipt(data),
    intendedAt: instant(data, 'intendedAt'),
    answeredAt: instantOrNull(data, 'answeredAt'),
    readAt: data['readAt'] === undefined ? null : instantOrNull(data, 'readAt'),
  }
}

/** The id in a stream's name, e.g. `req_7k2m` of `request/req_7k2m`. */
function idOf(stream: string, room: string): string {
  if (!stream.startsWith(room) || stream.length === room.length) throw new FieldMissing('stream')
  return stream.slice(room.length)
}

function openOf({ record, index, changeId, does, intendedAt }: KnownChange): OpenChange {
  return { record, index, changeId, do: does, since: intendedAt }
}
