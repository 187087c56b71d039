import type { Instant } from '#core/instant.ts'
import type { Append } from '../store.ts'
import { hasDoubles, type Failure } from './settle.ts'
import { storedJson } from './stored-json.ts'
import type { Tables } from './tables.ts'

export function versionAfter(each: Append): number {
  return each.expected + each.events.length
}

/** Where the streams stand that are no memberships: births first, as in PostgreSQL. */
export function writeStates({ streams }: Tables, appends: readonly Append[], now: Instant): Failure | null {
  for (const each of appends.filter(({ expected }) => expected === 0)) {
    if (streams.get(each.stream)) return 'conflict'
    streams.put({ ...standing(each), createdAt: now })
  }
  const known = appends.filter(({ expected }) => expected > 0).map((each) => ({ id: each.stream, each }))
  if (hasDoubles(known)) return 'conflict'
  for (const { id, each } of known) {
    const row = streams.get(id)
    if (row?.version !== each.expected) return 'conflict'
    streams.put({ ...row, ...standing(each) })
  }
  return null
}

function standing(each: Append) {
  return {
    id: each.stream,
    version: versionAfter(each),
    state: storedJson(each.state),
    keys: Object.freeze([...each.keys]),
  }
}
