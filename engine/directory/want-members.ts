import type { Reading } from '#connectors/kit/connector.ts'
import type { Directory } from '#connectors/kit/directory.ts'
import { DAY_MS } from '#core/instant.ts'
import type { Ports } from '../ports.ts'
import { claimedGroupsOf } from './claimed-groups.ts'

/** However well a vendor tells what changed, everything is read again so often. */
const FULL_EVERY_MS = DAY_MS

export type Wanted =
  | { readonly kind: 'wanted'; readonly groups: number; readonly all: boolean }
  | { readonly kind: 'unreadable'; readonly said: string; readonly retryAfterMs: number | null }

/**
 * Decides whose members are to be read: of every group once a day, and between of those that are claimed and those that the vendor
 * names as changed. What is claimed is read each time: a row that is missing in a list of changes leaves no sign, and would hide
 * drift for a day. The cursor is taken before anything is read, so that what changes meanwhile is told the next time.
 */
export async function wantMembers(
  ports: Ports,
  provider: string,
  options: { readonly full: boolean } = { full: false },
): Promise<Wanted> {
  const directory = ports.provider(provider)?.directory
  if (!directory) return { kind: 'unreadable', said: `no directory named ${provider} is connected`, retryAfterMs: null }
  const { cursor, fullAt } = await ports.store.syncStanding(provider)
  const at = ports.clock.now()
  const claimed = await claimedGroupsOf(ports, provider)
  const isFullDue = options.full || fullAt === null || at - fullAt >= FULL_EVERY_MS
  if (!isFullDue && !directory.changedMembers) {
    const groups = await ports.store.wantMembers(provider, { at, groups: claimed, cursor: null })
    return { kind: 'wanted', groups, all: false }
  }
  const changed = isFullDue || cursor === null ? null : await changesOf(directory, cursor)
  if (changed?.kind === 'unreadable') return changed
  if (changed?.kind === 'read') {
    const groups = await ports.store.wantMembers(provider, {
      at,
      groups: [...new Set([...changed.value.ids, ...claimed])],
      cursor: changed.value.cursor,
    })
    return { kind: 'wanted', groups, all: false }
  }
  const first = await firstCursor(directory)
  if (typeof first === 'object' && first !== null) return first
  return {
    kind: 'wanted',
    groups: await ports.store.wantMembers(provider, { at, groups: 'all', cursor: first }),
    all: true,
  }
}

type Unreadable = Extract<Wanted, { kind: 'unreadable' }>

/** From where changes are told; null where the vendor tells none. */
async function firstCursor({ changedMembers }: Directory): Promise<string | null | Unreadable> {
  if (!changedMembers) return null
  const reading = await pagesOf(changedMembers, null)
  if (reading.kind === 'read') return reading.value.cursor
  return { kind: 'unreadable', said: reading.said, retryAfterMs: retryAfterOf(reading) }
}

async function changesOf({ changedMembers }: Directory, cursor: string): Promise<Reading<Changed>> {
  return changedMembers ? pagesOf(changedMembers, cursor) : { kind: 'absent', startedAt: 0, said: 'nothing is told' }
}

interface Changed {
  readonly ids: readonly string[]
  readonly cursor: string | null
}

async function pagesOf(
  list: NonNullable<Directory['changedMembers']>,
  cursor: string | null,
): Promise<Reading<Changed>> {
  const ids = new Set<string>()
  const places = new Set<string>()
  let reading = await list(cursor === null ? { kind: 'all' } : { kind: 'since', cursor })
  for (;;) {
    if (reading.kind !== 'read') return reading
    const { rows, gone, next, cursor: last } = reading.value
    for (const id of [...rows.map((each) => each.id), ...gone]) ids.add(id)
    if (next === null) return { ...reading, value: { ids: [...ids], cursor: last } }
    if (places.has(next)) {
      return { kind: 'unreadable', said: 'the list leads back to a page that was read already', retryAfterMs: null }
    }
    places.add(next)
    reading = await list({ kind: 'next', place: next })
  }
}

function retryAfterOf(reading: Exclude<Reading<unknown>, { kind: 'read' }>): number | null {
  return reading.kind === 'unreadable' ? reading.retryAfterMs : null
}
