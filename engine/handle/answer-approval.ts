import { exactAsk } from '#core/request/ask-hash.ts'
import { readAsk, type AskForm } from '#core/request/read-ask.ts'
import type { Answer, RequestState } from '#core/request/request.ts'
import type { Catalog } from '#core/catalog/catalog.ts'
import { sameGroup } from '#core/identity-action/membership-key.ts'
import type { Door } from '#core/trigger/actor.ts'
import { canonicalHash } from '../evidence/canonical-hash.ts'
import { gatherAssessmentFacts } from '../people/people-facts.ts'
import type { Ports } from '../ports.ts'
import { holdingsIn, readHoldings } from './holdings.ts'
import { openGrant } from './open-grant.ts'
import { REQUEST, RULE } from './stream-kinds.ts'
import { takeTurn } from './turn.ts'

/**
 * The hash of what the ticket and the role's mapping ask for *now*. Anything that the form cannot mean any more
 * (another app, a role that is gone) hashes to something that no approver ever saw.
 */
function askHashNow(form: AskForm, catalog: Catalog, state: RequestState): string {
  const { submitted } = state
  const reading = readAsk(form, catalog)
  if (!submitted || reading.kind === 'refused') return UNREADABLE
  const byRule = submitted.heldAlready.filter((each) => each.by === 'rule')
  const groups = reading.ask.role.groups.filter((group) => !byRule.some((each) => sameGroup(each.group, group)))
  const { beneficiaryId } = submitted
  return canonicalHash(exactAsk({ beneficiaryId, roleId: reading.ask.role.id, groups, hours: reading.ask.hours }))
}

/** Not a hash of the form: its free text could be guessed from that, also after it was erased. */
const UNREADABLE = 'unreadable'

export interface TicketNow {
  readonly form: AskForm
  /** Whether its history shows an edit since the request was made. */
  readonly edited: boolean
}

export type Answered =
  { readonly kind: 'done' } | { readonly kind: 'try again'; readonly why: string; readonly afterMs: number | null }

/** An answer as the desk's approval object tells it. It counts only for the exact ask, from somebody who may answer when it is used. */
export async function answerApproval(
  ports: Ports,
  requestId: string,
  given: { readonly answer: Answer; readonly now: TicketNow; readonly door: Door },
): Promise<Answered> {
  const inForce = await ports.store.catalogInForce()
  if (!inForce) throw new Error('a request waits for an answer and no catalog is in force')
  const { catalog } = inForce
  const before = (await ports.store.load([`request/${requestId}`])).get(`request/${requestId}`)?.state as unknown as
    RequestState | undefined
  if (!before?.submitted || before.status !== 'waiting') return { kind: 'done' }
  const held = await readHoldings(ports, before.submitted.beneficiaryId, before.submitted.groups)
  if (held.kind === 'unreadable') return { kind: 'try again', why: held.said, afterMs: held.retryAfterMs }

  const { deciderId } = given.answer
  const by =
    deciderId === null ? ({ kind: 'engine' } as const) : ({ kind: 'person', id: deciderId, door: given.door } as const)
  const result = await takeTurn(ports, by, async (turn) => {
    if (!(await turn.requireCatalog(inForce.version))) return 'catalog changed' as const
    const request = await turn.open(REQUEST, `request/${requestId}`)
    const { submitted, status } = request.state
    if (!submitted || status !== 'waiting') return 'decided' as const
    const { form, edited } = given.now
    const hashNow = askHashNow(form, catalog, request.state)
    const app = catalog.apps.find((each) => each.id === submitted.appId)
    const role = catalog.roles.find((each) => each.id === submitted.roleId)
    const rule = catalog.rules.find((each) => each.id === role?.ruleId)
    const facts =
      app && role && rule && held.kind === 'read'
        ? await gatherAssessmentFacts(ports.store, { ...submitted, catalog, app, role, rule, deciderId })
        : null
    // The app, the role or its rule is gone from the catalog, or the person from the directory: nobody approves that any more.
    if (!facts || !rule || held.kind !== 'read') {
      request.decide({ kind: 'note edit', form, askHash: UNREADABLE, edited }, { kind: 'engine' })
      return 'decided' as const
    }
    const holdingsNow = await holdingsIn(turn, ports, submitted.beneficiaryId, submitted.groups, held.groups)
    const ruleState = await turn.open(RULE, `approval-rule/${rule.id}`)
    const version = { rule, ruleVersion: ruleState.state.version }
    const all = { ...facts, ...version, formNow: form, askHashNow: hashNow, edited, holdingsNow }
    request.decide({ kind: 'answer', answer: given.answer, facts: all })
    if (request.state.status === 'approved') await openGrant(turn, requestId, request.state, catalog, holdingsNow)
    return 'decided' as const
  })
  return result === 'catalog changed'
    ? { kind: 'try again', why: 'another catalog was published meanwhile', afterMs: 0 }
    : { kind: 'done' }
}

/** Compares the ticket with what was asked; an edit before the decision voids the request, one after it is noted. */
export async function noteEdit(ports: Ports, requestId: string, now: TicketNow): Promise<void> {
  const inForce = await ports.store.catalogInForce()
  if (!inForce) return
  const { form, edited } = now
  await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    const request = await turn.open(REQUEST, `request/${requestId}`)
    request.decide({ kind: 'note edit', form, edited, askHash: askHashNow(form, inForce.catalog, request.state) })
  })
}

export async function noteMoveByHand(ports: Ports, requestId: string, asked: boolean): Promise<void> {
  await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    const request = await turn.open(REQUEST, `request/${requestId}`)
    request.decide({ kind: asked ? 'note move by hand' : 'note way round' })
  })
}
