import type { ApprovalRule } from '../approval-rule/approval-rule.ts'
import { accepted, refused, type Decision, type Event } from '../event.ts'
import { sameGroup, type GroupRef, type PersonId } from '../identity-action/membership-key.ts'

/**
 * Who may have what, who must say yes, for how long. Published as a whole: a request is decided under exactly one
 * version of it, and the version is named in every decision.
 */
export interface Catalog {
  readonly apps: readonly App[]
  readonly roles: readonly Role[]
  readonly rules: readonly ApprovalRule[]
  readonly securityIds: readonly PersonId[]
  readonly administratorIds: readonly PersonId[]
  /** An answer shorter than this becomes a window that ends by itself, even where the role allows standing access. */
  readonly shortNeedHours: number
  /** All groups of a role must have been read back within this time (or the asked duration, if shorter), else what was added is taken back. */
  readonly completeWithinHours: number
  /**
   * Whom and what nobody changes through Tenure, such as the accounts for the day on which everything else fails. Missing in
   * catalogs from before there was such a list.
   */
  readonly protection?: Protection
}

export interface Protection {
  readonly personIds: readonly PersonId[]
  readonly groups: readonly GroupRef[]
}

export function isProtectedPerson({ protection }: Catalog, personId: PersonId): boolean {
  return protection?.personIds.includes(personId) ?? false
}

export function isProtectedGroup({ protection }: Catalog, group: GroupRef): boolean {
  return protection?.groups.some((each) => sameGroup(each, group)) ?? false
}

export interface App {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly ownerIds: readonly PersonId[]
}

export type Tier = 'standard' | 'sensitive' | 'privileged'

export interface Role {
  readonly id: string
  readonly appId: string
  readonly name: string
  /** In plain words: what it really grants. */
  readonly description: string
  readonly tier: Tier
  readonly ownerIds: readonly PersonId[]
  readonly groups: readonly GroupRef[]
  readonly durations: Durations
  readonly ruleId: string
}

export interface Durations {
  /** What the form offers, in hours. Empty: any whole number of hours up to the maximum. */
  readonly hours: readonly number[]
  readonly maximumHours: number | null
  /** Whether "no end" may be chosen. Never for a privileged role. */
  readonly noEnd: boolean
}

export type CatalogEvent = Event<'CatalogPublished', { readonly version: number; readonly hash: string }>

export interface CatalogState {
  /** 0 before the first publication. */
  readonly version: number
  readonly hash: string | null
}

export const NO_CATALOG: CatalogState = { version: 0, hash: null }

export interface PublishCatalog {
  readonly kind: 'publish catalog'
  readonly catalog: Catalog
  /** Hash of the canonical form, computed by the caller: the same content again publishes nothing. */
  readonly hash: string
}

export function decideCatalog(command: PublishCatalog, state: CatalogState): Decision<CatalogEvent> {
  const flaw = flawOf(command.catalog)
  if (flaw) return refused('invalid catalog', { flaw })
  if (command.hash === state.hash) return accepted()
  return accepted({ type: 'CatalogPublished', data: { version: state.version + 1, hash: command.hash } })
}

export function evolveCatalog(_state: CatalogState, event: CatalogEvent): CatalogState {
  return { version: event.data.version, hash: event.data.hash }
}

/** The first thing wrong with a catalog, in words that name it; null when it can be used. */
export function flawOf(catalog: Catalog): string | null {
  return (
    doubled('app', catalog.apps) ??
    doubled('role', catalog.roles) ??
    doubled('rule', catalog.rules) ??
    first(catalog.roles, (role) => flawOfRole(role, catalog)) ??
    first(catalog.rules, (rule) => flawOfRule(rule)) ??
    (catalog.completeWithinHours > 0 ? null : 'completeWithinHours must be above 0')
  )
}

function flawOfRole(role: Role, catalog: Catalog): string | null {
  const named = `role "${role.name}" (${role.id})`
  const app = catalog.apps.find((each) => each.id === role.appId)
  if (!app) return `${named} names an app that does not exist: ${role.appId}`
  const rule = catalog.rules.find((each) => each.id === role.ruleId)
  if (!rule) return `${named} names an approval rule that does not exist: ${role.ruleId}`
  const twin = catalog.roles.find(
    (each) => each.id !== role.id && each.appId === role.appId && fold(each.name) === fold(role.name),
  )
  if (twin) return `${named} has the same name as role ${twin.id} of the same app`
  if (role.groups.length === 0) return `${named} maps to no group`
  const again = role.groups.find((group, place) => role.groups.findIndex((each) => sameGroup(each, group)) !== place)
  if (again) return `${named} maps to the group ${again.id} twice`
  const spared = role.groups.find((group) => isProtectedGroup(catalog, group))
  if (spared) return `${named} maps to the protected group ${spared.id}`
  if (role.tier === 'privileged' && role.durations.noEnd) return `${named} is privileged, and so may not offer "no end"`
  if (role.tier !== 'standard' && rule.autoApprove.length > 0) {
    return `${named} is ${role.tier}, and so may not use rule ${rule.id}, which approves by itself`
  }
  const { hours, maximumHours, noEnd } = role.durations
  const bad = hours.find(
    (each) => !Number.isInteger(each) || each < 1 || (maximumHours !== null && each > maximumHours),
  )
  if (bad !== undefined) return `${named} offers a duration that it does not allow: ${bad} hours`
  if (role.tier === 'privileged' && maximumHours === null)
    return `${named} is privileged, and so needs a maximum duration`
  // Otherwise "99999 weeks" would be the "no end" that the role does not allow.
  if (!noEnd && maximumHours === null && hours.length === 0)
    return `${named} lets any duration be asked for but not "no end": give it a maximum or a list of hours`
  return null
}

function flawOfRule(rule: ApprovalRule): string | null {
  return rule.approvers.length === 0 && rule.autoApprove.length === 0
    ? `rule "${rule.name}" (${rule.id}) lets nobody approve`
    : null
}

function doubled(what: string, things: readonly { readonly id: string }[]): string | null {
  const seen = new Set<string>()
  for (const { id } of things) {
    if (seen.has(id)) return `two ${what}s have the id ${id}`
    seen.add(id)
  }
  return null
}

function first<T>(things: readonly T[], flaw: (thing: T) => string | null): string | null {
  for (const thing of things) {
    const found = flaw(thing)
    if (found) return found
  }
  return null
}

/** Names are compared as people read them: without case and with single spaces. */
export function fold(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
}
