import type { Instant } from '#core/instant.ts'
import { MINUTE_MS } from '#core/instant.ts'
import { unavailable } from '#connectors/kit/http.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { GoogleClient } from './client.ts'
import { isNotFound, saidBy } from './outcome.ts'
import { SCOPE } from './scopes.ts'
import { group, identityGroup, looked } from './shapes.ts'
import type { GoogleError } from './shapes.ts'

/** An administrator may make another kind of group of it, or lock it, at any time. */
const FRESH_FOR_MS = MINUTE_MS

/** Beyond this everything is forgotten and learned anew. */
const MAX_ENTRIES = 50_000

/** The Directory knows the group and its address; only Cloud Identity knows what kind of group it is, by its labels. */
export interface GroupKind {
  readonly id: string
  /** In lower case; '' where Google does not tell. */
  readonly email: string
  /** Its name at Cloud Identity, e.g. `groups/01x0gk3749b7ol2`. */
  readonly name: string
  readonly labels: readonly string[]
}

/** https://docs.cloud.google.com/identity/docs/groups#group_properties */
export const LABEL = {
  dynamic: 'cloudidentity.googleapis.com/groups.dynamic',
  locked: 'cloudidentity.googleapis.com/groups.locked',
  external: 'system/groups/external',
  /** Every Google group has it. */
  forum: 'cloudidentity.googleapis.com/groups.discussion_forum',
} as const

const NEVER: Readonly<Record<string, string>> = {
  [LABEL.dynamic]: 'groups.dynamic: a query of Google manages the members',
  [LABEL.locked]: 'groups.locked: it is locked, and only some administrators and what synchronises it change it',
  [LABEL.external]: 'system/groups/external: members come from the identity source that it is mapped to',
}

/** Says why a group's members are never ours to write, or null. */
export function whyNotWritable(
  { id, email, labels }: Omit<GroupKind, 'name'>,
  readOnlyGroups: readonly string[],
): string | null {
  const label = Object.keys(NEVER).find((each) => labels.includes(each))
  if (label !== undefined) return NEVER[label] ?? null
  const domain = email.slice(email.indexOf('@'))
  const isNamed = [id.toLowerCase(), email, `*${domain}`].some((each) => each !== '' && readOnlyGroups.includes(each))
  return isNamed ? 'GOOGLE_READ_ONLY_GROUPS: kept by what synchronises it, as the configuration says' : null
}

export function isDynamic(labels: readonly string[]): boolean {
  return labels.includes(LABEL.dynamic)
}

/** What we must know of a group before we write to it. One look at a time for each, however many ask. */
export interface GroupFacts {
  kindOf(groupId: string): Promise<Exchange<GroupKind, GoogleError>>
  forget(groupId: string): void
}

export function createGroupFacts(io: Io, client: GoogleClient): GroupFacts {
  const known = new Map<string, { readonly at: Instant; readonly answer: Exchange<GroupKind, GoogleError> }>()
  const names = new Map<string, { readonly email: string; readonly name: string }>()
  const underWay = new Map<string, Promise<Exchange<GroupKind, GoogleError>>>()

  /** Refused is only what the Directory says: Cloud Identity answers 403 for what is not there, too. */
  async function look(groupId: string): Promise<Exchange<GroupKind, GoogleError>> {
    const found = await client.read(SCOPE.readGroups, `/admin/directory/v1/groups/${groupId}`, group)
    if (found.kind !== 'answered') return found
    if (found.value.id !== groupId) return unavailable('not the shape', 'Google answered with another group')
    const email = found.value.email?.toLowerCase() ?? ''
    const name = await nameOf(groupId, email)
    if (name.kind !== 'answered') return name.kind === 'unavailable' ? name : notTold(saidBy(name))
    const labelled = await client.read(SCOPE.readLabels, `/v1/${name.value}`, identityGroup)
    if (labelled.kind !== 'answered') {
      names.delete(groupId)
      return labelled.kind === 'unavailable' ? labelled : notTold(saidBy(labelled))
    }
    const { groupKey, labels } = labelled.value
    if (groupKey?.id?.toLowerCase() !== email || labels === null || labels === undefined) {
      names.delete(groupId)
      return notTold('another address, or no labels')
    }
    return { ...found, value: { id: groupId, email, name: name.value, labels: Object.keys(labels) } }
  }

  /** The name never changes; the address does. */
  async function nameOf(groupId: string, email: string): Promise<Exchange<string, GoogleError>> {
    const kept = names.get(groupId)
    if (kept?.email === email) return { kind: 'answered', status: 200, headers: {}, value: kept.name, startedAt: 0 }
    const path = `/v1/groups:lookup?groupKey.id=${encodeURIComponent(email)}`
    const answer = await client.read(SCOPE.readLabels, path, looked)
    if (answer.kind !== 'answered') return answer
    if (names.size >= MAX_ENTRIES) names.clear()
    names.set(groupId, { email, name: answer.value.name })
    return { ...answer, value: answer.value.name }
  }

  async function load(groupId: string): Promise<Exchange<GroupKind, GoogleError>> {
    try {
      const answer = await look(groupId)
      if (answer.kind === 'answered') {
        if (known.size >= MAX_ENTRIES) known.clear()
        known.set(groupId, { at: answer.startedAt, answer })
      } else known.delete(groupId)
      if (answer.kind === 'refused' && isNotFound(answer)) names.delete(groupId)
      return answer
    } finally {
      underWay.delete(groupId)
    }
  }

  return {
    kindOf(groupId) {
      const entry = known.get(groupId)
      if (entry && io.now() - entry.at < FRESH_FOR_MS) return Promise.resolve(entry.answer)
      const asked = underWay.get(groupId) ?? load(groupId)
      underWay.set(groupId, asked)
      return asked
    },
    forget: (groupId) => void known.delete(groupId),
  }
}

function notTold(said: string): Exchange<never, GoogleError> {
  return unavailable('unexplained refusal', `Cloud Identity does not tell what kind of group it is: ${said}`)
}
