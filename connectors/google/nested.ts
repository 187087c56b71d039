import type { Exchange } from '#connectors/kit/http.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { GoogleClient } from './client.ts'
import { SCOPE } from './scopes.ts'
import { GROUP_ID, hasMember, members } from './shapes.ts'
import type { GoogleError, GoogleMember } from './shapes.ts'

/** So many groups in a group are looked into; in a tree that is larger the reason stays untold. */
const MOST_LOOKED_INTO = 20

/**
 * Whether somebody who is no direct member has the group all the same: through a group that is a member of it, or because
 * everybody of the company is one. Null: no, or it cannot be told. `hasMember` alone would say yes of somebody who has just
 * been removed, for as long as the copy that answers lies behind; a group in between is a reason that stays.
 */
export async function throughWhat(client: GoogleClient, groupId: string, account: string): Promise<string | null> {
  const isMember = await hasIn(client, groupId, account)
  if (isMember.kind !== 'answered' || !isMember.value.isMember) return null
  const path = `/admin/directory/v1/groups/${groupId}/members?maxResults=200`
  const direct = await client.list(SCOPE.readGroups, path, members, ({ members: rows }) => rows)
  if (direct.kind !== 'answered') return null
  if (direct.value.some(({ type }) => type === 'CUSTOMER')) return 'everybody of the company is a member'
  const nested = direct.value.filter(isGroup).slice(0, MOST_LOOKED_INTO)
  for (const { id, email } of nested) {
    const within = await hasIn(client, id, account)
    if (within.kind === 'answered' && within.value.isMember) {
      return `through the group ${plainText(email ?? id, 100)}, which is a member of it`
    }
  }
  return null
}

function isGroup(row: GoogleMember): row is GoogleMember & { readonly id: string } {
  return row.type === 'GROUP' && typeof row.id === 'string' && GROUP_ID.test(row.id)
}

function hasIn(
  client: GoogleClient,
  groupId: string,
  account: string,
): Promise<Exchange<{ isMember: boolean }, GoogleError>> {
  return client.read(SCOPE.readGroups, `/admin/directory/v1/groups/${groupId}/hasMember/${account}`, hasMember)
}
