import type { DeskStatus } from '#connectors/kit/desk.ts'

/** The names of the customer's workflow and our words for them. Case and outer spaces do not matter. */
export interface StatusNames {
  ofName(name: string): DeskStatus | 'other'
  nameOf(status: DeskStatus): string
}

export function createStatusNames(names: Readonly<Record<DeskStatus, string>>): StatusNames {
  const byName = new Map(
    Object.entries(names).map(([status, name]) => [name.trim().toLowerCase(), status as DeskStatus]),
  )
  return {
    ofName: (name) => byName.get(name.trim().toLowerCase()) ?? 'other',
    nameOf: (status) => names[status],
  }
}
