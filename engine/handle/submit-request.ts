import { exactAsk } from '#core/request/ask-hash.ts'
import { readAsk, type Ask, type AskForm } from '#core/request/read-ask.ts'
import type { GroupFacts, IssueRef } from '#core/request/request.ts'
import type { RefusalCode } from '#core/event.ts'
import { groupStream, membershipStream, type PersonId } from '#core/identity-action/membership-key.ts'
import type { MembershipState } from '#core/identity-action/membership.ts'
import type { Door } from '#core/trigger/actor.ts'
import type { Catalog } from '#core/catalog/catalog.ts'
import { canonicalHash } from '../evidence/canonical-hash.ts'
import { idFor } from '../ids.ts'
import type { AccountMatch } from '../people/match-account.ts'
import { gatherAssessmentFacts } from '../people/people-facts.ts'
import type { Ports } from '../ports.ts'
import { openGrant } from './open-grant.ts'
import { askKey, GROUP, issueKey, REQUEST, RULE } from './stream-kinds.ts'
import { takeTurn, type Turn } from './turn.ts'

export interface Submission {
  readonly issue: IssueRef
  readonly form: AskForm
  /** Who asks, for themselves. */
  readonly requester: AccountMatch
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
  const { issue, form, requester } = submission
  const requestId = requestIdOf(issue)
  const done: Handled = { kind: 'done', requestId }
  const inForce = await ports.store.catalogInForce()
  if (!inForce) return { kind: 'try again', why: 'no catalog was published yet', afterMs: 60_000 }

  const personId = requester.kind === 'person' ? requester.personId : null
  const no = async (code: RefusalCode, detail: Readonly<Record<string, string>> = {}): Promise<Handled> => {
    await takeTurn(ports, { kind: 'engine' }, async (turn) => {
      const request = await turn.open(REQUEST, `request/${requestId}`)
      request.decide({ kind: 'refuse', personId, code, detail, form, issue })
    })
    return done
  }
  if (requester.kind === 'nobody') return no('person unknown')
  if (requester.kind === 'several') return no('person ambiguous')
  const reading = readAsk(form, inForce.catalog)
  if (reading.kind === 'refused') return no(reading.refusal.code, reading.refusal.detail)
  const { ask } = reading
  if (ask.role.tier === 'privileged' && requester.proof === 'verified e-mail') return no('account not proven')

  const held = await heldGroups(ports, requester.personId, ask)
  if (held.kind === 'unreadable') return { kind: 'try again', why: held.said, afterMs: held.retryAfterMs }
  if (held.kind === 'no account') return no('person unknown')

  const by = { kind: 'person', id: requester.personId, door: submission.door } as const
  const result = await takeTurn(ports, by, async (turn) => {
    const facts = await submitFacts(ports, turn, {
      ask,
      catalog: inForce.catalog,
      personId: requester.personId,
      held: held.groups,
    })
    if (!facts) return 'unknown' as const
    const request = await turn.open(REQUEST, `request/${requestId}`)
    const groups = facts.holdings.filter((each) => each.heldBy !== 'rule').map((each) => each.group)
    const askHash = canonicalHash(
      exactAsk({ beneficiaryId: requester.personId, roleId: ask.role.id, groups, hours: ask.hours }),
    )
    request.decide({ kind: 'submit', ask, form, askHash, facts: { ...facts, catalogVersion: inForce.version, issue } })
    if (request.state.status === 'approved') await openGrant(turn, requestId, request.state, inForce.catalog)
    return 'decided' as const
  })
  return result === 'unknown' ? no('person unknown') : done
}

type Held =
  | { readonly kind: 'read'; readonly groups: ReadonlyMap<string, 'direct' | 'rule' | 'unknown'> }
  | { readonly kind: 'unreadable'; readonly said: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'no account' }

/** What the person holds now, as the directories tell; read before the decision, because requester and approver must know. */
async function heldGroups(ports: Ports, personId: PersonId, ask: Ask): Promise<Held> {
  const people = await ports.store.people([personId])
  const groups = new Map<string, 'direct' | 'rule' | 'unknown'>()
  for (const provider of new Set(ask.role.groups.map((each) => each.provider))) {
    const account = people.find((each) => each.provider === provider)?.account
    if (!account) return { kind: 'no account' }
    const membership = ports.provider(provider)?.membership
    if (!membership)
      return { kind: 'unreadable', said: `no directory named ${provider} is connected`, retryAfterMs: null }
    const reading = await membership.groupsOf(account)
    if (reading.kind === 'absent') return { kind: 'no account' }
    if (reading.kind === 'unreadable') return reading
    for (const each of reading.value) groups.set(groupStream(each.group), each.source)
  }
  return { kind: 'read', groups }
}

async function submitFacts(
  ports: Ports,
  turn: Turn,
  of: {
    readonly ask: Ask
    readonly catalog: Catalog
    readonly personId: PersonId
    readonly held: ReadonlyMap<string, 'direct' | 'rule' | 'unknown'>
  },
) {
  const { ask, catalog, personId } = of
  const rule = catalog.rules.find((each) => each.id === ask.role.ruleId)
  if (!rule) throw new Error(`the catalog in force names no rule ${ask.role.ruleId}`)
  const who = { requesterId: personId, beneficiaryId: personId, catalog, app: ask.app, role: ask.role, rule }
  const assessment = await gatherAssessmentFacts(ports.store, who)
  if (!assessment) return null
  const names = new Map((await ports.store.groups(ask.role.groups)).map((each) => [groupStream(each.group), each.name]))
  const keys = ask.role.groups.map((group) => membershipStream({ group, personId }))
  await turn.load([...keys, ...ask.role.groups.map(groupStream), `approval-rule/${rule.id}`])
  const holdings: GroupFacts[] = []
  for (const group of ask.role.groups) {
    const state = await turn.open(GROUP, groupStream(group))
    const stored = (await ports.store.load([membershipStream({ group, personId })])).get(
      membershipStream({ group, personId }),
    )
    const ours = isOurs(stored?.state as unknown as MembershipState | undefined)
    const source = of.held.get(groupStream(group))
    const heldBy = source === undefined ? null : source === 'rule' ? 'rule' : ours ? 'ours' : 'another hand'
    holdings.push({ group, name: names.get(groupStream(group)) ?? group.id, claimed: state.state.claimed, heldBy })
  }
  const ruleState = await turn.open(RULE, `approval-rule/${rule.id}`)
  return {
    ...assessment,
    rule,
    ruleVersion: ruleState.state.version,
    holdings,
    already: await alreadyAsked(ports, personId, ask.role.id),
  }
}

function isOurs(state: MembershipState | undefined): boolean {
  return state !== undefined && (state.desired === 'held' || state.ending.length > 0)
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
