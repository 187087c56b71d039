import { MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import { unavailable } from '#connectors/kit/http.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { GoogleClient } from './client.ts'
import { LABEL } from './group-facts.ts'
import { SCOPE } from './scopes.ts'
import { found, user } from './shapes.ts'
import type { GoogleError } from './shapes.ts'

/** By the address of each group in lower case, those labels that matter. A group that is not among them has none of these. */
export type Marked = ReadonlyMap<string, readonly string[]>

/**
 * Which groups of the company are dynamic or locked, for lists: one search for each label tells of all groups, instead of two
 * calls for each. Before a write the group itself is looked at (group-facts.ts).
 */
export interface Labels {
  marked(): Promise<Exchange<Marked, GoogleError>>
}

const FRESH_FOR_MS = MINUTE_MS

export function createLabels(io: Io, client: GoogleClient, subject: string): Labels {
  let customer: string | null = null
  let kept: { readonly at: Instant; readonly answer: Exchange<Marked, GoogleError> } | null = null
  let underWay: Promise<Exchange<Marked, GoogleError>> | null = null

  /** Searches want the customer by its own id, which any of its users tells. */
  async function customerId(): Promise<Exchange<string, GoogleError>> {
    const path = `/admin/directory/v1/users/${encodeURIComponent(subject)}`
    const answer = await client.read(SCOPE.readUsers, path, user)
    if (answer.kind !== 'answered') return answer
    const id = answer.value.customerId ?? ''
    if (!/^C[A-Za-z0-9]{1,40}$/.test(id)) return unavailable('not the shape', 'Google does not tell the customer id')
    return { ...answer, value: (customer = id) }
  }

  async function load(): Promise<Exchange<Marked, GoogleError>> {
    const known = customer === null ? await customerId() : null
    if (known !== null && known.kind !== 'answered') return known
    const marked = new Map<string, string[]>()
    let startedAt: Instant | null = null
    for (const label of [LABEL.dynamic, LABEL.locked]) {
      const query = encodeURIComponent(`parent == 'customers/${customer}' && '${label}' in labels`)
      const path = `/v1/groups:search?query=${query}&pageSize=500&view=BASIC`
      const answer = await client.list(SCOPE.readLabels, path, found, ({ groups }) => groups)
      if (answer.kind !== 'answered') return answer
      startedAt ??= answer.startedAt
      for (const { groupKey } of answer.value) {
        const email = groupKey?.id?.toLowerCase()
        if (email === undefined) return unavailable('not the shape', `a group with ${label} and without an address`)
        marked.set(email, [...(marked.get(email) ?? []), label])
      }
    }
    return { kind: 'answered', status: 200, headers: {}, value: marked, startedAt: startedAt ?? io.now() }
  }

  return {
    marked() {
      if (kept !== null && io.now() - kept.at < FRESH_FOR_MS) return Promise.resolve(kept.answer)
      underWay ??= load()
        .then((answer) => {
          kept = answer.kind === 'answered' ? { at: answer.startedAt, answer } : null
          return answer
        })
        .finally(() => void (underWay = null))
      return underWay
    },
  }
}
