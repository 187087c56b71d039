import { MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { GoogleClient } from './client.ts'
import { SCOPE } from './scopes.ts'
import { group, user } from './shapes.ts'
import type { GoogleError } from './shapes.ts'

const FRESH_FOR_MS = 10 * MINUTE_MS
const MAX_ENTRIES = 20_000

/**
 * Whose address it is. Only for the log, which names people and groups by nothing else, and is a hint: an address may have been
 * given to another since. Null: nobody's of this company any more.
 */
export interface Addresses {
  idOf(what: 'user' | 'group', address: string): Promise<Exchange<string | null, GoogleError>>
}

export function createAddresses(io: Io, client: GoogleClient, domain: string): Addresses {
  const known = new Map<string, { readonly at: Instant; readonly id: string | null }>()

  return {
    async idOf(what, address) {
      const key = `${what} ${address.toLowerCase()}`
      const entry = known.get(key)
      if (entry !== undefined && io.now() - entry.at < FRESH_FOR_MS) return answered(entry.id, entry.at)
      const path = `/admin/directory/v1/${what}s/${encodeURIComponent(address)}`
      const answer = await (what === 'user'
        ? client.read(SCOPE.readUsers, path, user)
        : client.read(SCOPE.readGroups, path, group))
      // Of an address outside Google says 403 where it might say 404; of one inside, that we may not read it.
      const isNobody =
        answer.kind === 'refused' &&
        (answer.status === 404 || answer.status === 400 || !address.toLowerCase().endsWith(domain))
      if (answer.kind !== 'answered' && !isNobody) return answer
      const id = answer.kind === 'answered' ? answer.value.id : null
      if (known.size >= MAX_ENTRIES) known.clear()
      known.set(key, { at: io.now(), id })
      return answered(id, io.now())
    },
  }
}

function answered(value: string | null, startedAt: Instant): Exchange<string | null, GoogleError> {
  return { kind: 'answered', status: 200, headers: {}, value, startedAt }
}
