import type { Instant } from '#core/instant.ts'
import { COMPANY } from '../company.ts'
import type { Run } from '../world/simulate.ts'
import type { Interval } from './interval.ts'

/** When somebody was not active at the directory, by their person id. */
export function absencesOf({ history }: Run): ReadonlyMap<string, readonly Interval[]> {
  const since = new Map<string, Instant>()
  const found = new Map<string, Interval[]>()
  const close = (id: string, until: Instant): void => {
    const from = since.get(id)
    if (from === undefined) return
    since.delete(id)
    found.set(id, [...(found.get(id) ?? []), { from, until }])
  }
  for (const { at, deed, result } of history.deeds) {
    if ((deed.do !== 'deactivate' && deed.do !== 'reactivate') || result !== 'done') continue
    const id = COMPANY.people[deed.seat % COMPANY.people.length]?.id ?? ''
    if (deed.do === 'reactivate') close(id, at)
    else if (!since.has(id)) since.set(id, at)
  }
  for (const id of since.keys()) close(id, Infinity)
  return found
}
