import assert from 'node:assert/strict'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import type { Person } from '#sandbox/company/people.ts'
import { grantOf, groupIdOf, person, statusOf } from '../life/seen.ts'
import { html, status } from '../life/wire.ts'
import {
  APP_ID,
  groupsOfRole,
  HELD_BY_HAND,
  MANAGER,
  OWNER,
  roleIdOf,
  SECURITY,
  type GroupName,
  type RoleName,
} from './company.ts'
import { DEATH, type Product } from './product.ts'

/** One request of the story, and what must come of it after the upgrade, whoever wrote the fixture. */
export interface Thread {
  /** In words, for whoever reads a test that failed. */
  readonly what: string
  readonly key: string
  readonly personId: string
  readonly groups: readonly GroupName[]
  /** The groups were held by another hand before: nothing of ours adds them. */
  readonly adopts: boolean
  readonly then: Then
}

export type Then =
  /** Live: the window ends at this instant. */
  | { readonly kind: 'ends'; readonly at: string }
  /** Opening: it becomes live, and its window ends so many hours later. */
  | { readonly kind: 'goes live'; readonly hours: number }
  /** Waiting: this person approves it, unless they have done so already; then it becomes live as above. */
  | { readonly kind: 'is approved'; readonly byId: string; readonly answered: boolean; readonly hours: number }
  /** Opening, and it will never be complete: at this instant it is given up, and nothing stays behind. */
  | { readonly kind: 'is given up'; readonly at: string }
  /** Ending: what is left of it is removed. */
  | { readonly kind: 'is removed' }
  /** Live without an end. */
  | { readonly kind: 'stands' }
  /** Nothing more ever happens. */
  | { readonly kind: 'is over'; readonly status: string }

/** What a story leaves to whoever goes on with it. */
export interface Told {
  readonly threads: readonly Thread[]
  /** Accounts in Okta that no add of ours ever reaches. */
  readonly unreachable: readonly string[]
}

/** What becomes of a write of ours that is about one person. */
export type Fate = (request: HttpRequest, go: () => HttpAnswer) => HttpAnswer

export const FATES = {
  /** A page of some proxy: it tells nothing of the effect, and nothing of how well the directory is. */
  'not answered': () => html(403),
  'killed before it was sent': () => {
    throw DEATH
  },
  'killed after it was done': (_request, go) => {
    go()
    throw DEATH
  },
  'not allowed': () => status(403, '{"errorCode":"E0000006","errorSummary":"You do not have permission"}'),
} as const satisfies Record<string, Fate>

/** The people of the small company, and what they do at their Jira while Tenure is at work. */
export class Teller {
  readonly product: Product
  readonly threads: Thread[] = []
  private readonly fates = new Map<string, Fate>()
  private readonly free: Person[]

  constructor(product: Product) {
    this.product = product
    this.free = product.company.people.filter(
      (each) => each.title === 'Account Executive' && !HELD_BY_HAND.some((name) => name === each.displayName),
    )
    product.wires.okta.bend((request, go) => {
      const account = /\/groups\/[^/]+\/users\/([^/?]+)/.exec(request.url)?.[1] ?? ''
      const fate = request.method === 'GET' ? undefined : this.fates.get(account)
      return fate ? fate(request, go) : go()
    })
  }

  /** Somebody who has asked for nothing yet. */
  somebody(): Person {
    return this.free.shift() ?? assert.fail('the small company has nobody left who could ask')
  }

  named(name: string): Person {
    return person(this.product, name)
  }

  fate(of: Person, fate: Fate | null): void {
    if (fate === null) this.fates.delete(of.oktaId)
    else this.fates.set(of.oktaId, fate)
  }

  /** As `fate`, for some of the groups only. */
  fateIn(of: Person, groups: readonly GroupName[], fate: Fate): void {
    const ids = groups.map((name) => groupIdOf(this.product, name))
    this.fate(of, (request, go) => (ids.some((id) => request.url.includes(id)) ? fate(request, go) : go()))
  }

  /** Raises a ticket. Nothing of ours has looked at it yet. */
  raise(who: Person, role: RoleName, hours: number | null): Promise<string> {
    const reason = `${who.firstName} needs it: ${role}.`
    return this.product.people.ask(who.id, { appId: APP_ID, roleId: roleIdOf(role), hours, reason })
  }

  async ask(who: Person, role: RoleName, hours: number | null): Promise<string> {
    const key = await this.raise(who, role, hours)
    await this.product.work()
    return key
  }

  approverOf(role: RoleName): Person {
    return this.named(role === 'operator' ? SECURITY : role === 'editor' ? OWNER : MANAGER)
  }

  /** Says yes. Nothing of ours has heard of it yet. */
  async say(key: string, role: RoleName, decision: 'approve' | 'decline' = 'approve'): Promise<void> {
    const answer = await this.product.people.answer(this.approverOf(role).id, key, decision)
    assert.equal(answer.status, 200, answer.body)
  }

  /** Asked and approved, and worked as far as this instant allows. A rule approves explorers by itself. */
  async open(who: Person, role: RoleName, hours: number | null): Promise<string> {
    const key = await this.ask(who, role, hours)
    if (role !== 'explorer') await this.say(key, role)
    await this.product.work()
    return key
  }

  /** The same, until it is live. */
  async live(who: Person, role: RoleName, hours: number | null): Promise<string> {
    const key = await this.open(who, role, hours)
    await this.product.pass(2_000)
    assert.equal(statusOf(this.product, key), 'Access live')
    return key
  }

  async revoke(who: Person, key: string): Promise<void> {
    const moved = await this.product.people.move(who.id, key, 'Revoke access')
    assert.equal(moved.status, 204, moved.body)
  }

  thread(what: string, key: string, who: Person, role: RoleName, then: Then): void {
    const adopts = role === 'explorer' && HELD_BY_HAND.some((name) => name === who.displayName)
    this.threads.push({ what, key, personId: who.id, groups: groupsOfRole(role), adopts, then })
  }

  /** A window that is live: its end is what its grant says, now and after any upgrade. */
  async threadThatEnds(what: string, key: string, who: Person, role: RoleName): Promise<string> {
    const { endsAt, status } = await grantOf(this.product, key)
    assert.equal(status, 'live', what)
    assert.ok(endsAt, what)
    this.thread(what, key, who, role, { kind: 'ends', at: endsAt })
    return endsAt
  }
}
