import type { DeskParagraph } from '#connectors/kit/desk.ts'
import type { Candidate, Finding } from '#core/approval-rule/assess.ts'
import type { RefusalCode } from '#core/event.ts'
import type { ApprovalRef, HeldAlready, RuleRef } from '#core/request/request.ts'
import { inWords } from '../words/refusals.ts'
import { hoursInWords, momentInWords } from '../words/times.ts'
import { receiptsOf } from './receipts.ts'
import type { Story } from './story.ts'
import type { Telling } from './tell-ticket.ts'

/**
 * What is said and done on the ticket because of one event: one public comment per turn of events for the requester,
 * in words; receipts, ids and vendors' texts internally.
 */
export function tellingOf(story: Story): Telling {
  const { event } = story
  switch (event.type) {
    case 'RequestSubmitted':
      return submitted(story)
    case 'RequestRefused':
      return {
        public: [text(inWords(event.data['code'] as RefusalCode, refusalDetail(story))), ...whoMends(story)],
        move: 'refused',
      }
    case 'RequestApproved':
      return approved(story)
    case 'RequestDeclined':
      return { public: [text(`${by(story)} declined. No access was given.`)] }
    case 'RequestVoided':
      return { public: [text(voided(event.data['because'] as string))], move: 'refused', mayStay: true }
    case 'AnswerNotCounted':
      return { public: [text(inWords(event.data['code'] as RefusalCode))] }
    case 'EditNoted':
      return {
        public: [
          text(
            `The ticket was edited after it was decided. That changes nothing: what was approved stands (${whatOf(story)}). To get something else, ask anew.`,
          ),
        ],
      }
    case 'WindowStarted':
      return {
        public: [text(live(story))],
        internal: [strong('Added and read back'), ...receiptsOf(story, 'add')],
        move: 'live',
      }
    case 'GrantEnding':
      return ending(story)
    case 'GrantEnded':
      return {
        public: [text(ended(story))],
        internal: [strong('Removed and read back'), ...receiptsOf(story, 'remove')],
        move: 'ended',
      }
    case 'GrantFailed':
      return failed(story)
    case 'RevokeRefused':
      return { public: [text(`${by(story)} tried to revoke. ${inWords('may not revoke')}`)], move: 'live' }
    case 'ChangeAnswered':
    case 'ChangeAbandoned':
      return trouble(story)
    case 'FoundGone':
      return endedTooEarly(story)
    case 'ChangeResent':
      return {
        internal: [
          strong('The directory says that it carried out a change, and shows no effect'),
          {
            kind: 'facts',
            facts: [
              ['What now', 'it is sent again, and read back until it is so'],
              ['Change', String(event.data['changeId'])],
            ],
          },
        ],
      }
    default:
      return {}
  }
}

/** A refusal that the person cannot mend alone names somebody who can. */
function whoMends({ event, menders }: Story): readonly DeskParagraph[] {
  if (!MENDED_BY_OTHERS.has(String(event.data['code'])) || menders.length === 0) return []
  return [text(`Who can look into it: ${inList(menders)}.`)]
}

const MENDED_BY_OTHERS = new Set([
  'nobody can approve',
  'group not claimed',
  'held by another hand in an unclaimed group',
  'person unknown',
  'person ambiguous',
  'account not proven',
])

/** The refusal names what is wrong; what the person wrote stands in the fields that can be erased. */
function refusalDetail({ event }: Story): Record<string, string> {
  return {
    ...(event.personalFields as Record<string, string> | null),
    ...(event.data['detail'] as Record<string, string>),
  }
}

function text(words: string): DeskParagraph {
  return { kind: 'text', text: words }
}

function strong(words: string): DeskParagraph {
  return { kind: 'text', text: words, strong: true }
}

function by({ event, nameOf }: Story): string {
  return event.by.kind === 'person' ? nameOf(event.by.id) : 'Somebody whose account is linked to no person'
}

function whatOf({ appName, roleName, request }: Story): string {
  return `${appName}, ${roleName}, ${hoursInWords(request.submitted?.hours ?? null)}`
}

function submitted(story: Story): Telling {
  const { request, nameOf, accountsOf } = story
  const finding = request.submitted?.findings[0]
  if (!request.submitted || finding?.state !== 'waiting') return {}
  const facts: [string, string][] = [
    ['Person', nameOf(request.submitted.beneficiaryId)],
    ['Access', `${story.appName}: ${story.roleName} (${story.tier})`],
    ['How long', window(story)],
    ['Groups', request.submitted.groups.map(story.groupName).join(', ')],
    ...heldFacts(story),
    ['Who can approve', finding.on.map((each) => candidate(each, nameOf)).join(', ')],
    ['Exact ask', request.submitted.askHash.slice(0, 16)],
  ]
  return {
    public: [text(`This waits for an approval by ${names(finding.on, nameOf)}.`), { kind: 'facts', facts }],
    ask: [...new Set(finding.on.flatMap((each) => accountsOf(each.personId)))],
  }
}

function window({ request }: Story): string {
  const hours = request.submitted?.hours ?? null
  if (hours === null) return 'without an end: it stays until somebody revokes it'
  return `${hoursInWords(hours)}, from the moment it is live; it ends by itself`
}

function candidate(each: Candidate, nameOf: Story['nameOf']): string {
  return `${nameOf(each.personId)} (${each.as.map(capacity).join(', ')})`
}

/** In which capacity somebody may answer, as people say it. */
function capacity(as: string): string {
  return as === 'named' ? 'named approver' : as
}

function names(on: readonly Candidate[], nameOf: Story['nameOf']): string {
  return on.map((each) => nameOf(each.personId)).join(' or ')
}

/** Requester and approver are told before the decision what the person holds already, and what an approval would make of it. */
function heldFacts({ request, groupName }: Story): readonly [string, string][] {
  const said: Record<HeldAlready['by'], string> = {
    'another hand': 'held already, given by somebody else: an approval adopts it, and its end removes it',
    rule: 'held already by a rule of the directory: it is left alone, and Tenure will not end it',
    ours: 'held already by another request: this one keeps it until its own end',
  }
  return (request.submitted?.heldAlready ?? []).map((each) => [groupName(each.group), said[each.by]])
}

function approved(story: Story): Telling {
  const { event, nameOf } = story
  const rule = event.data['rule'] as unknown as RuleRef
  const [finding] = event.data['findings'] as unknown as readonly Finding[]
  const approval = event.data['approval'] as unknown as ApprovalRef | null
  if (finding?.state === 'satisfied' && finding.by === 'rule') {
    const words = `Approved by the rule "${story.ruleName(rule.id)}" (version ${rule.version}), because of a ${finding.because}. The access is being set up: ${whatOf(story)}.`
    return { public: [text(words), ...held(story)], move: 'approved' }
  }
  const decider = finding?.state === 'satisfied' && finding.by === 'person' ? finding : null
  const internal: [string, string][] = [
    ['Rule', `${story.ruleName(rule.id)}, version ${rule.version}`],
    ['Approval', approval ? `${approval.desk} approval ${approval.id}` : ''],
    ['Exact ask', String(event.data['askHash'])],
  ]
  return {
    public: [
      text(
        `${nameOf(decider?.personId ?? null)} approved as ${decider?.as.map(capacity).join(' and ') ?? 'approver'}. The access is being set up: ${whatOf(story)}.`,
      ),
    ],
    internal: [{ kind: 'facts', facts: internal }],
    move: 'approved',
  }
}

function held(story: Story): readonly DeskParagraph[] {
  const facts = heldFacts(story)
  return facts.length > 0 ? [{ kind: 'facts', facts }] : []
}

function voided(because: string): string {
  if (because === 'ticket edited')
    return 'The ticket was edited after it was sent for approval, so nobody approved what it says now. Nothing was given. Ask with a new request; an approver who is still asked can decline this one.'
  if (because === 'role changed')
    return 'What the role grants was changed after it was asked for, so nobody approved that. Nothing was given. Ask with a new request.'
  if (because === 'moved by hand')
    return 'The ticket was moved by hand before anybody could be asked, and a status never grants anything. Nothing was given. Ask with a new request.'
  if (because === 'holdings changed')
    return 'Somebody else changed what the person holds after this was asked for, so nobody approved what an approval would mean now. Nothing was given. Ask with a new request.'
  return 'The answer on the approval does not count, so nothing was given. Ask with a new request.'
}

function live({ appName, roleName, grant }: Story): string {
  const end =
    grant.endsAt === null
      ? 'It has no end: it stays until somebody revokes it.'
      : `It ends by itself at ${momentInWords(grant.endsAt)}.`
  return `The access is live: ${appName}, ${roleName}. ${end}`
}

function ending(story: Story): Telling {
  const because = story.event.data['because']
  const progress = `${story.grant.confirmed.length} of ${story.grant.opened?.groups.length ?? 0} groups were read back`
  if (because === 'incomplete')
    return {
      public: [text(`The access could not be completed in time (${progress}). What was added is being taken back.`)],
    }
  if (because === 'rejected')
    return {
      public: [
        text(`The directory refused a part of the access for good (${progress}). What was added is being taken back.`),
      ],
    }
  if (because === 'revoked') return { public: [text(`${by(story)} revoked the access. It is being removed now.`)] }
  return {}
}

function ended(story: Story): string {
  const { appName, roleName, grant } = story
  const kept = grant.released.filter((each) => each.how === 'kept')
  const why = grant.endedBecause === 'revoked' ? 'It was revoked' : 'Its window ended'
  const removed = grant.released.filter((each) => each.how === 'removed')
  const readAt = removed
    .map((each) => each.readAt ?? '')
    .sort()
    .at(-1)
  const { theirs = [], ours = [] } = Object.groupBy(removed, (each) =>
    each.endedBy === 'the provider' ? 'theirs' : 'ours',
  )
  const went = (those: typeof removed, how: string): readonly string[] =>
    those.length === 0
      ? []
      : [`${inList(those.map((each) => story.groupName(each.group)))} ${those.length === 1 ? 'was' : 'were'} ${how}`]
  const taken = [...went(ours, 'removed'), ...went(theirs, 'ended by the directory itself')]
  const gone = readAt
    ? `${taken.join(', ')}, and read back as gone at ${momentInWords(readAt)}`
    : 'nothing had to be removed'
  const still = kept.map(
    (each) =>
      `${story.groupName(each.group)} stays, because ${each.otherReasons.length === 1 ? 'another request holds' : `${each.otherReasons.length} other requests hold`} it`,
  )
  return `The access has ended: ${appName}, ${roleName}. ${why}; ${[gone, ...still].join('; ')}.`
}

function inList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function failed(story: Story): Telling {
  const owner = story.event.data['ownerId']
  const who = typeof owner === 'string' ? story.nameOf(owner) : 'an administrator'
  return {
    public: [
      text(
        `The access was not given: what had been added was taken back. ${who} owns this and has to look into it. Ask again afterwards.`,
      ),
    ],
    internal: [strong('Taken back and read back'), ...receiptsOf(story, 'remove')],
    move: 'failed',
  }
}

/** The safety net under our own end is missing, or stays where it was. The access has no trouble with that; whoever runs the directory may want to know. */
function noSafetyNet({ event }: Story): Telling {
  const said = event.personalFields?.['said']
  const facts: [string, string][] = [
    ['Answer', `rejected: ${String(event.data['because'])}`],
    ['The vendor said', typeof said === 'string' ? said.slice(0, 500) : '(erased)'],
    ['What now', "Tenure's own end holds alone: there is no safety net should Tenure be away when it comes"],
    ['Change', String(event.data['changeId'])],
  ]
  return { internal: [strong('The directory does not set its own end of this access'), { kind: 'facts', facts }] }
}

function endedTooEarly({ event }: Story): Telling {
  const facts: [string, string][] = [
    ['Its own end', String(event.data['endsAt'])],
    ['Read back as gone at', String(event.data['readAt'])],
    ['What now', 'it is added again as long as its window lasts'],
  ]
  return {
    internal: [strong('The directory ended a membership by itself, before Tenure did'), { kind: 'facts', facts }],
  }
}

function trouble(story: Story): Telling {
  const { event, grant } = story
  const { kind, because } = event.data
  if (event.data['do'] === 'set end' && kind === 'rejected') return noSafetyNet(story)
  const said = event.personalFields?.['said']
  const facts: [string, string][] = [
    [
      'Answer',
      kind === 'rejected' ? `rejected: ${String(because)}` : 'unavailable: it is tried again until it is proven',
    ],
    ['The vendor said', typeof said === 'string' ? said.slice(0, 500) : '(erased)'],
    ['Change', String(event.data['changeId'])],
  ]
  const internal = [strong('The directory did not carry out a change'), { kind: 'facts', facts } as const]
  if (kind !== 'rejected' || grant.status !== 'ending') return { internal }
  const owner = grant.opened?.ownerId
  const who = owner ? story.nameOf(owner) : 'An administrator'
  const words = `The access could not be removed yet: the directory refuses it. It is tried again until it is proven. ${who} owns this and has to look into it.`
  return { public: [text(words)], internal }
}
