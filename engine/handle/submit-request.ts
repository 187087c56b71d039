import { exactAsk } from '#core/request/ask-hash.ts'
import { readAsk, type Ask, type AskForm } from '#core/request/read-ask.ts'
import type { IssueRef, SeenOnDesk } from '#core/request/request.ts'
import type { RefusalCode } from '#core/event.ts'
import type { PersonId } from '#core/identity-action/membership-key.ts'
import type { Door } from '#core/trigger/actor.ts'
import type { Catalog } from '#core/catalog/catalog.ts'
import { canonicalHash } from '../evidence/canonical-hash.ts'
import { idFor } from '../ids.ts'
import type { AccountMatch } from '../people/match-account.ts'
import { gatherAssessmentFacts } from '../people/people-facts.ts'
import type { Ports } from '../ports.ts'
import { holdingsIn, readHoldings } from './holdings.ts'
import { openGrant } from './open-grant.ts'
import { askKey, issueKey, REQUEST, RULE } from './stream-kinds.ts'
import { takeTurn, type Turn } from './turn.ts'

export interface Submission {
  readonly issue: IssueRef
  readonly form: AskForm
  /** Who made the ticket. */
  readonly requester: AccountMatch
  /** For whom: the same person, unless somebody asks on behalf of another. */
  readonly beneficiary: AccountMatch
  readonly seen: SeenOnDesk
  /** The ticket stands where no new request stands: whatever is on it was said to another question. */
  readonly movedBefore: boolean
  readonly door: Door
}

/** `try again`: something that the decision needs could not be read; nothing was recorded. */
export type Handled =
  | { readonly kind: 'done'; readonly requestId: string }
  | { readonly kind: 'try again'; readonly why: string; readonly afterMs: number | null }

/** The id of the request that a ticket is: always the same, so a ticket can never become two requests. */
export function requestIdOf(issue: IssueRef): string {
  return idFor('req', issue.desk, issue.id)
}

/** The first look at a ticket: what it asks becomes a request that waits, was approved by a rule, or was refused. */
export async function submitRequest(ports: Ports, submission: Submission): Promise<Handled> {
  const { issue, form, requester, beneficiary } = submission
  const requestId = requestIdOf(issue)
  const done: Handled = { kind: 'done', requestId }
  const inForce = await ports.store.catalogInForce()
  if (!inForce) return { kind: 'try again', why: 'no catalog was published yet', afterMs: 60_000 }

  const personId = beneficiary.kind === 'person' ? beneficiary.personId : null
  const no = async (code: RefusalCode, detail: Readonly<Record<string, string>> = {}): Promise<Handled> => {
    await takeTurn(ports, { kind: 'engine' }, async (turn) => {
      const request = await turn.open(REQUEST, `request/${requestId}`)
      request.decide({ kind: 'refuse', personId, code, detail, form, issue })
    })
    return done
  }
  if (requester.kind === 'several' || beneficiary.kind === 'several') return no('person ambiguous')
  if (requester.kind === 'nobody' || beneficiary.kind === 'nobody') return no('person unknown')
  if (submission.movedBefore) return no('ticket moved')
  const reading = readAsk(form, inForce.catalog)
  if (reading.kind === 'refused') return no(reading.refusal.code, reading.refusal.detail)
  const { ask } = reading
  const weak = [requester, beneficiary].some((each) => each.proof === 'verified e-mail')
  if (ask.role.tier === 'privileged' && weak) return no('account not proven')

  const held = await readHoldings(ports, beneficiary.personId, ask.role.groups)
  if (held.kind === 'unreadable') return { kind: 'try again', why: held.said, afterMs: held.retryAfterMs }
  if (held.kind === 'no account') return no('person unknown')

  const who = { requesterId: requester.personId, beneficiaryId: beneficiary.personId }
  const by = { kind: 'person', id: requester.personId, door: submission.door } as const
  const result = await takeTurn(ports, by, async (turn) => {
    if (!(await turn.requireCatalog(inForce.version))) return 'catalog changed' as const
    const facts = await submitFacts(ports, turn, { ask, catalog: inForce.catalog, ...who }, held.groups)
    if (!facts) return 'unknown' as const
    const request = await turn.open(REQUEST, `request/${requestId}`)
    const groups = facts.holdings.filter((each) => each.heldBy !== 'rule').map((each) => each.group)
    const askHash = canonicalHash(
      exactAsk({ beneficiaryId: who.beneficiaryId, roleId: ask.role.id, groups, hours: ask.hours }),
    )
    const all = { ...facts, catalogVersion: inForce.version, issue, seen: submission.seen }
    request.decide({ kind: 'submit', ask, form, askHash, facts: all })
    if (request.state.status === 'approved') {
      await openGrant(turn, requestId, request.state, inForce.catalog, facts.holdings)
    }
    return 'decided' as const
  })
  if (result === 'catalog changed')
    return { kind: 'try again', why: 'another catalog was published meanwhile', afterMs: 0 }
  return result === 'unknown' ? no('person unknown') : done
}

async function submitFacts(
  ports: Ports,
  turn: Turn,
  of: {
    readonly ask: Ask
    readonly catalog: Catalog
    readonly requesterId: PersonId
    readonly beneficiaryId: PersonId
  },
  held: ReadonlyMap<string, 'direct' | 'rule' | 'unknown'>,
) {
  const { ask, catalog, beneficiaryId } = of
  const rule = catalog.rules.find((each) => each.id === ask.role.ruleId)
  if (!rule) throw new Error(`the catalog in force names no rule ${ask.role.ruleId}`)
  const who = { requesterId: of.requesterId, beneficiaryId, catalog, app: ask.app, role: ask.role, rule }
  const assessment = await gatherAssessmentFacts(ports.store, who)
  if (!assessment) return null
  const holdings = await holdingsIn(turn, ports, beneficiaryId, ask.role.groups, held)
  const ruleState = await turn.open(RULE, `approval-rule/${rule.id}`)
  const already = await alreadyAsked(ports, beneficiaryId, ask.role.id)
  return { ...assessment, rule, ruleVersion: ruleState.state.version, holdings, already }
}

async function alreadyAsked(ports: Ports, personId: PersonId, roleId: string): Promise<'live' | 'asked' | null> {
  const names = await ports.store.find(askKey(personId, roleId))
  const requests = await ports.store.load(names)
  const grants = await ports.store.load(names.map((name) => name.replace('request/req_', 'grant/grt_')))
  const status = (stored: { readonly state: unknown } | undefined): string =>
    (stored?.state as { status?: string } | undefined)?.status ?? 'none'
  if ([...grants.values()].some((each) => ['opening', 'live'].includes(status(each)))) return 'live'
  return [...requests.values()].some((each) => status(each) === 'waiting') ? 'asked' : null
}

/** Whether a ticket is a request already. */
export async function findRequest(ports: Ports, issue: IssueRef): Promise<string | null> {
  const [name] = await ports.store.find(issueKey(issue.desk, issue.id))
  return name?.replace('request/', '') ?? null
}
