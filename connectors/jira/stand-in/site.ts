import type { Instant } from '#core/instant.ts'
import type { JiraHabits } from './habits.ts'
import type { AdfDocument } from './rich-text.ts'
import type { JiraSeed, JiraWebhookSettings } from './seed.ts'
import type { WebhookDelivery } from './webhooks.ts'

/**
 * All that the site remembers. Tickets are the only thing that lives: they are raised, edited, commented and moved;
 * every change writes history, moves `updatedAt` forward and queues a webhook. Nothing is ever forgotten.
 */
export interface Site {
  readonly seed: JiraSeed
  readonly habits: JiraHabits
  /** Known only once the door is open, so it may differ from the seed's. */
  url: string
  webhook: JiraWebhookSettings | null
  readonly accounts: ReadonlyMap<string, Account>
  readonly tickets: Map<string, Ticket>
  /** Whom a header of e-mail and token was found to be. */
  readonly basicCallers: Map<string, Account>
  readonly accessTokens: Map<string, { readonly accountId: string; readonly expiresAt: Instant }>
  /** The service account's credentials are answered 401. */
  refusesServiceAccount: boolean
  readonly deliveries: WebhookDelivery[]
  deliveryCount: number
  lastNumber: number
  lastId: number
  /** Counts webhooks apart: whether somebody listens must not change the ids of tickets. */
  lastWebhook: number
}

export interface Account {
  readonly accountId: string
  readonly displayName: string
  readonly email: string
  readonly emailHidden: boolean
  readonly active: boolean
  readonly agent: boolean
  readonly apiToken: string
}

export interface Ticket {
  readonly id: string
  readonly key: string
  /** Null: an issue that is no request of the service desk. Only such a one has type, description, labels and assignee. */
  readonly requestTypeId: string | null
  readonly issueType?: string
  readonly description?: AdfDocument | null
  readonly labels?: readonly string[]
  readonly assignee?: string | null
  /** Who made it: an agent, where a request is raised on behalf. */
  readonly creator: string
  readonly reporter: string
  readonly summary: string
  /** Keys of issues that it is linked with. */
  linked?: readonly string[]
  status: string
  /** Name of an option, or null when nothing was chosen. */
  app: string | null
  role: string | null
  duration: string | null
  reason: AdfDocument | null
  approvers: readonly string[]
  readonly createdAt: Instant
  updatedAt: Instant
  readonly history: HistoryEntry[]
  readonly comments: Comment[]
  readonly approvals: Approval[]
}

export interface HistoryEntry {
  readonly id: string
  readonly at: Instant
  readonly by: string
  readonly items: readonly HistoryItem[]
}

export interface HistoryItem {
  readonly field: string
  readonly fieldId: string
  readonly custom: boolean
  readonly from: string | null
  readonly fromText: string | null
  readonly to: string | null
  readonly toText: string | null
}

export interface Comment {
  readonly id: string
  readonly by: string
  readonly at: Instant
  readonly body: AdfDocument
  readonly internal: boolean
  readonly properties: readonly { readonly key: string; readonly value: unknown }[]
}

export interface Approval {
  readonly id: string
  readonly name: string
  readonly createdAt: Instant
  completedAt: Instant | null
  decision: 'pending' | 'approved' | 'declined'
  answers: readonly { readonly account: string; readonly decision: 'pending' | 'approved' | 'declined' }[]
}

/** Every deed on the site is done, or refused with an HTTP status and the vendor's words. */
export type Deed<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'refused'; readonly status: number; readonly because: string; readonly field?: string }

export function done<Value>(value: Value): Deed<Value> {
  return { kind: 'done', value }
}

export function refusedWith(status: number, because: string, field?: string): Deed<never> {
  return { kind: 'refused', status, because, ...(field === undefined ? {} : { field }) }
}

/** `kept`: tickets of a site that stood before. They are copied, and whatever follows gets numbers and ids after theirs. */
export function openSite(seed: JiraSeed, habits: JiraHabits, kept: readonly Ticket[] = []): Site {
  const { serviceAccount } = seed
  const tickets = structuredClone(kept)
  const people = seed.accounts.map((account): [string, Account] => [
    account.accountId,
    {
      accountId: account.accountId,
      displayName: account.displayName,
      email: account.email,
      emailHidden: account.emailHidden ?? false,
      active: account.active,
      agent: account.agent ?? false,
      apiToken: `stand-in-token-of-${account.accountId}`,
    },
  ])
  const machine: Account = { ...serviceAccount, emailHidden: false, active: true, agent: true }
  return {
    seed,
    habits,
    url: seed.siteUrl,
    webhook: seed.webhook,
    accounts: new Map([...people, [serviceAccount.accountId, machine]]),
    tickets: new Map(tickets.map((ticket) => [ticket.key, ticket])),
    basicCallers: new Map(),
    accessTokens: new Map(),
    refusesServiceAccount: false,
    deliveries: [],
    deliveryCount: 0,
    lastNumber: Math.max(0, ...tickets.map(({ key }) => Number(key.slice(key.lastIndexOf('-') + 1)))),
    lastId: Math.max(10_000, ...tickets.flatMap(idsIn)),
    lastWebhook: 0,
  }
}

function idsIn({ id, history, comments, approvals }: Ticket): readonly number[] {
  return [id, ...[...history, ...comments, ...approvals].map((each) => each.id)].map(Number)
}

export function nextId(site: Site): string {
  site.lastId += 1
  return String(site.lastId)
}

/** By key or by id, as every vendor path allows. */
export function ticketOf(site: Site, keyOrId: string): Ticket | null {
  const byKey = site.tickets.get(keyOrId.toUpperCase())
  if (byKey !== undefined) return byKey
  for (const ticket of site.tickets.values()) if (ticket.id === keyOrId) return ticket
  return null
}

/** Agents see every ticket of the project, a customer those that they raised or were asked to approve. */
export function maySee(ticket: Ticket, account: Account): boolean {
  return (
    account.agent ||
    ticket.reporter === account.accountId ||
    ticket.approvers.includes(account.accountId) ||
    ticket.approvals.some((approval) => approval.answers.some((answer) => answer.account === account.accountId))
  )
}
