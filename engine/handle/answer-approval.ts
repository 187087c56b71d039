import { exactAsk } from '#core/request/ask-hash.ts'
import { readAsk, type AskForm } from '#core/request/read-ask.ts'
import type { Answer, RequestCommand, RequestState } from '#core/request/request.ts'
import type { Catalog } from '#core/catalog/catalog.ts'
import { sameGroup } from '#core/identity-action/membership-key.ts'
import type { Door } from '#core/trigger/actor.ts'
import { canonicalHash } from '../evidence/canonical-hash.ts'
import { gatherAssessmentFacts } from '../people/people-facts.ts'
import type { Ports } from '../ports.ts'
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
  if (!submitted || reading.kind === 'refused')
    return canonicalHash({ unreadable: form as unknown as Record<string, string> })
  const byRule = submitted.heldAlready.filter((each) => each.by === 'rule')
  const groups = reading.ask.role.groups.filter((group) => !byRule.some((each) => sameGroup(each.group, group)))
  return canonicalHash(
    exactAsk({ beneficiaryId: submitted.beneficiaryId, roleId: reading.ask.role.id, groups, hours: reading.ask.hours }),
  )
}

/** An answer as the desk's approval object tells it. It counts only for the exact ask, from somebody who may answer when it is used. */
export async function answerApproval(
  ports: Ports,
  requestId: string,
  given: { readonly answer: Answer; readonly formNow: AskForm; readonly door: Door },
): Promise<void> {
  const inForce = await ports.store.catalogInForce()
  if (!inForce) throw new Error('a request waits for an answer and no catalog is in force')
  const { catalog } = inForce
  const { deciderId } = given.answer
  const by =
    deciderId === null ? ({ kind: 'engine' } as const) : ({ kind: 'person', id: deciderId, door: given.door } as const)
  await takeTurn(ports, by, async (turn) => {
    const request = await turn.open(REQUEST, `request/${requestId}`)
    const { submitted, status } = request.state
    if (!submitted || status !== 'waiting') return
    const hashNow = askHashNow(given.formNow, catalog, request.state)
    const app = catalog.apps.find((each) => each.id === submitted.appId)
    const role = catalog.roles.find((each) => each.id === submitted.roleId)
    const rule = catalog.rules.find((each) => each.id === role?.ruleId)
    const facts =
      app && role && rule
        ? await gatherAssessmentFacts(ports.store, { ...submitted, catalog, app, role, rule, deciderId })
        : null
    // The app, the role or its rule is gone from the catalog, or the person from the directory: nobody approves that any more.
    if (!facts || !rule) return void request.decide(editOf(given.formNow, hashNow), { kind: 'engine' })
    const ruleState = await turn.open(RULE, `approval-rule/${rule.id}`)
    const all = { ...facts, rule, ruleVersion: ruleState.state.version, formNow: given.formNow, askHashNow: hashNow }
    request.decide({ kind: 'answer', answer: given.answer, facts: all })
    if (request.state.status === 'approved') await openGrant(turn, requestId, request.state, catalog)
  })
}

function editOf(form: AskForm, askHash: string): RequestCommand {
  return {
    kind: 'note edit',
    form,
    askHash,
    editHash: canonicalHash({ app: form.app, role: form.role, duration: form.duration, reason: form.reason }),
  }
}

/** Compares the ticket with what was asked while nobody has answered yet; an edit voids the request. */
export async function noteEdit(ports: Ports, requestId: string, formNow: AskForm): Promise<void> {
  const inForce = await ports.store.catalogInForce()
  if (!inForce) return
  await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    const request = await turn.open(REQUEST, `request/${requestId}`)
    request.decide(editOf(formNow, askHashNow(formNow, inForce.catalog, request.state)))
  })
}

/**
 * The ticket stands in the approved status and no approval object says so: that grants nothing, and is written down once.
 * Without any approval nobody was asked, and nobody can be asked any more: then the request is over.
 */
export async function noteMoveByHand(ports: Ports, requestId: string, asked: boolean): Promise<void> {
  await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    const request = await turn.open(REQUEST, `request/${requestId}`)
    request.decide({ kind: asked ? 'note move by hand' : 'note way round' })
  })
}
