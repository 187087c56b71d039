import type { JiraSeed } from './seed.ts'

/** Options of the three select fields. Ids are stable: the same seed gives the same ones. */
export function optionsOf(seed: JiraSeed, field: string): readonly string[] {
  if (field === seed.fields.app) return seed.apps.map((app) => app.name)
  if (field === seed.fields.role) return [...new Set(seed.apps.flatMap((app) => app.roles))]
  if (field === seed.fields.duration) return seed.durations
  return []
}

export function optionId(seed: JiraSeed, field: string, value: string): string {
  const base = field === seed.fields.app ? 20_000 : field === seed.fields.role ? 30_000 : 40_000
  return String(base + optionsOf(seed, field).indexOf(value))
}

/** What a caller may write into a select field: an object with `value` or `id`. Null when it names no option. */
export function chosenOption(seed: JiraSeed, field: string, written: unknown): string | null {
  if (typeof written !== 'object' || written === null) return null
  const options = optionsOf(seed, field)
  if ('value' in written && typeof written.value === 'string') {
    const wanted = written.value
    return options.find((option) => option === wanted) ?? null
  }
  if ('id' in written && typeof written.id === 'string') {
    const wanted = written.id
    return options.find((option) => optionId(seed, field, option) === wanted) ?? null
  }
  return null
}
