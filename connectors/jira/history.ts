import type { DeskChange } from '#connectors/kit/desk.ts'
import type { FieldIds } from './settings.ts'
import type { ChangelogEntry } from './shapes.ts'
import type { StatusNames } from './status.ts'

/** Moves between statuses and edits of the four fields, oldest first; everything else is left out. */
export function historyOf(
  entries: readonly ChangelogEntry[],
  ids: FieldIds,
  statuses: StatusNames,
): readonly DeskChange[] {
  // Documented as oldest first. Ids only grow, so they settle what happened in one millisecond.
  const ordered = entries.toSorted((a, b) => a.created - b.created || Number(BigInt(a.id) - BigInt(b.id)))
  return ordered.flatMap((entry) =>
    (entry.items ?? []).flatMap((item, index): readonly DeskChange[] => {
      const what = whatChanged(item, ids, statuses)
      if (what === null) return []
      // One entry may hold several changes: its id is that of the first, so each gets its place.
      const id = index === 0 ? entry.id : `${entry.id}.${index}`
      return [{ id, at: entry.created, author: entry.author?.accountId ?? null, what }]
    }),
  )
}

function whatChanged(
  item: Readonly<Record<string, unknown>>,
  ids: FieldIds,
  statuses: StatusNames,
): DeskChange['what'] | null {
  const {
    fieldId,
    fromString: from,
    toString: to,
  } = { fieldId: item['fieldId'], fromString: item['fromString'], toString: item['toString'] }
  if (fieldId === 'status') {
    return { kind: 'moved', from: statuses.ofName(wordsOf(from)), to: statuses.ofName(wordsOf(to)) }
  }
  for (const field of ['app', 'role', 'duration', 'reason'] as const) {
    if (fieldId === ids[field]) return { kind: 'edited', field, to: wordsOf(to) }
  }
  return null
}

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
