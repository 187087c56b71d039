import { MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { EntraClient } from './client.ts'
import { group, KIND_FIELDS } from './shapes.ts'
import type { EntraGroup, GraphError } from './shapes.ts'

/** An administrator may turn a group into a dynamic one, or put it under restricted management, at any time. */
const FRESH_FOR_MS = MINUTE_MS

/** Beyond this everything is forgotten and learned anew. */
const MAX_ENTRIES = 50_000

/**
 * Says why a group's members are never ours to write, or null. `unknown`: Entra left out what it takes to know.
 * https://learn.microsoft.com/graph/api/resources/group#properties
 */
export function whyNotWritable(kind: EntraGroup): string | null | 'unknown' {
  const { groupTypes, mailEnabled } = kind
  if (!Array.isArray(groupTypes) || typeof mailEnabled !== 'boolean') return 'unknown'
  if (isDynamic(kind)) return 'DynamicMembership: a rule of Entra manages the members, also while it is paused'
  if (isSynced(kind)) return 'onPremisesSyncEnabled: members come from the Active Directory, and must be changed there'
  if (mailEnabled && !groupTypes.includes('Unified'))
    return 'mailEnabled: a group of Exchange, which only Exchange changes'
  if (kind.isAssignableToRole === true)
    return 'isAssignableToRole: its members are administrators, whom Tenure does not make'
  if (kind.isManagementRestricted === true) return 'isManagementRestricted: it lies in a restricted management unit'
  if (kind.visibility === 'HiddenMembership') return 'HiddenMembership: its members cannot be read back'
  const strange = groupTypes.find((type) => type !== 'Unified')
  return strange === undefined ? null : `${strange}: a type of group that Tenure does not know`
}

export function isDynamic({ groupTypes }: EntraGroup): boolean {
  return groupTypes?.includes('DynamicMembership') === true
}

export function isSynced({ onPremisesSyncEnabled }: EntraGroup): boolean {
  return onPremisesSyncEnabled === true
}

/** Of these groups Entra says that no hand in Entra puts a member there. */
export function isManaged(kind: EntraGroup): boolean {
  return isDynamic(kind) || isSynced(kind)
}

/** What we must know of a group before we write to it. One request at a time for each, however many ask. */
export interface GroupFacts {
  kindOf(groupId: string): Promise<Exchange<EntraGroup, GraphError>>
  forget(groupId: string): void
}

export function createGroupFacts(io: Io, client: EntraClient): GroupFacts {
  const known = new Map<string, { readonly at: Instant; readonly answer: Exchange<EntraGroup, GraphError> }>()
  const underWay = new Map<string, Promise<Exchange<EntraGroup, GraphError>>>()

  async function load(groupId: string): Promise<Exchange<EntraGroup, GraphError>> {
    try {
      const answer = await client.read(`/groups/${groupId}?$select=${KIND_FIELDS}`, group)
      if (answer.kind === 'answered' && whyNotWritable(answer.value) !== 'unknown') {
        if (known.size >= MAX_ENTRIES) known.clear()
        known.set(groupId, { at: answer.startedAt, answer })
      } else known.delete(groupId)
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
