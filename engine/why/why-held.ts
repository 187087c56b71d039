import { plainText } from '#connectors/kit/plain-text.ts'
import type { GrantState } from '#core/grant/grant.ts'
import type { MembershipState } from '#core/identity-action/membership.ts'
import { groupStream, membershipStream, type GroupRef, type PersonId } from '#core/identity-action/membership-key.ts'
import type { Instant } from '#core/instant.ts'
import type { RequestState } from '#core/request/request.ts'
import { readHoldings } from '../handle/holdings.ts'
import type { Ports } from '../ports.ts'

/*
 * Why somebody is in a group, from two sides that know nothing of each other: what the directory shows now, and the grants that
 * hold it. Whatever the directory shows and no grant explains, nobody gave.
 */

/** One reason: a grant, and what is behind it. */
export interface WhyReason {
  readonly grantId: string
  readonly ticket: string
  readonly app: string
  readonly role: string
  readonly rule: string
  /** Names of those who approved; empty: the rule did by itself. */
  readonly approvedBy: readonly string[]
  readonly state: GrantState['status']
  readonly startsAt: Instant | null
  readonly endsAt: Instant | null
}

/** What the directory shows: read just now, or why it could not be. */
export type Shown =
  | { readonly kind: 'member'; readonly source: 'direct' | 'rule' | 'unknown' }
  | { readonly kind: 'no member' }
  | { readonly kind: 'no account' }
  | { readonly kind: 'not asked'; readonly said: string }

export interface Why {
  readonly person: string
  readonly group: string
  readonly provider: string
  readonly reasons: readonly WhyReason[]
  readonly shown: Shown
}

export async function whyHeld(
  ports: Ports,
  { personId, group }: { readonly personId: PersonId; readonly group: GroupRef },
): Promise<Why> {
  const [somebody] = await ports.store.people([personId])
  const [known] = await ports.store.groups([group])
  const membership = await stateOf<MembershipState>(ports, membershipStream({ group, personId }))
  const holding = [...(membership?.reasons ?? []), ...(membership?.ending ?? [])]
  return {
    person: plainText(somebody?.name ?? personId, 100),
    group: plainText(known?.name ?? group.id, 100),
    provider: group.provider,
    reasons: await Promise.all(holding.map((each) => reasonOf(ports, each.grantId, each.requestId))),
    shown: await shownBy(ports, personId, group),
  }
}

async function reasonOf(ports: Ports, grantId: string, requestId: string): Promise<WhyReason> {
  const grant = await stateOf<GrantState>(ports, `grant/${grantId}`)
  const request = await stateOf<RequestState>(ports, `request/${requestId}`)
  const catalog = (await ports.store.catalogInForce())?.catalog
  const role = catalog?.roles.find((each) => each.id === grant?.opened?.roleId)
  const app = catalog?.apps.find((each) => each.id === role?.appId)
  const approvers = await ports.store.people(request?.approvedBy ?? [])
  const names = new Map(approvers.map((each) => [each.personId, plainText(each.name, 100)]))
  const { rule } = request?.submitted ?? {}
  return {
    grantId,
    ticket: plainText(request?.issue?.key ?? 'no ticket', 40),
    app: plainText(app?.name ?? role?.appId ?? 'an application that is gone', 100),
    role: plainText(role?.name ?? grant?.opened?.roleId ?? 'a role that is gone', 100),
    rule: rule ? `${plainText(rule.id, 60)}@${rule.version}` : 'no rule',
    approvedBy: [...new Set(request?.approvedBy)].map((each) => names.get(each) ?? each),
    state: grant?.status ?? 'none',
    startsAt: instantOf(grant?.startsAt),
    endsAt: instantOf(grant?.endsAt),
  }
}

async function shownBy(ports: Ports, personId: PersonId, group: GroupRef): Promise<Shown> {
  const held = await readHoldings(ports, personId, [group])
  if (held.kind === 'no account') return { kind: 'no account' }
  if (held.kind === 'unreadable') return { kind: 'not asked', said: plainText(held.said, 200) }
  const source = held.groups.get(groupStream(group))
  return source === undefined ? { kind: 'no member' } : { kind: 'member', source }
}

function instantOf(iso: string | null | undefined): Instant | null {
  return iso === null || iso === undefined ? null : Date.parse(iso)
}

async function stateOf<State>(ports: Ports, stream: string): Promise<State | null> {
  const stored = (await ports.store.load([stream])).get(stream)
  return stored ? (stored.state as unknown as State) : null
}
