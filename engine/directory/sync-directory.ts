import type { Reading } from '#connectors/kit/connector.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import type { Ports } from '../ports.ts'

export type SyncResult =
  | { readonly kind: 'synced'; readonly people: number; readonly groups: number; readonly gone: number }
  | { readonly kind: 'unreadable'; readonly said: string; readonly retryAfterMs: number | null }

/** Reads everybody and every group of one directory. What is not complete is not used: a short answer never looks like a small company. */
export async function syncDirectory(ports: Ports, provider: string): Promise<SyncResult> {
  const directory = ports.provider(provider)?.directory
  if (!directory) return { kind: 'unreadable', said: `no directory named ${provider} is connected`, retryAfterMs: null }
  const people = await wholeList(directory.people, ({ account }) => account)
  if (people.kind !== 'read') return unreadable(people)
  const groups = await wholeList(directory.groups, ({ group }) => group.id)
  if (groups.kind !== 'read') return unreadable(groups)
  if (people.value.length === 0)
    return { kind: 'unreadable', said: 'the directory answered with nobody at all', retryAfterMs: null }
  const saved = await ports.store.saveDirectory(provider, {
    people: people.value.map((person) => ({ ...person, newPersonId: ports.ids.next('per') })),
    groups: groups.value,
    at: people.startedAt,
  })
  return { kind: 'synced', ...saved }
}

function unreadable(reading: Exclude<Reading<unknown>, { kind: 'read' }>): SyncResult {
  return {
    kind: 'unreadable',
    said: reading.said,
    retryAfterMs: reading.kind === 'unreadable' ? reading.retryAfterMs : null,
  }
}
