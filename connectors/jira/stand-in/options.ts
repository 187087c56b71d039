import type { JiraSeed } from './seed.ts'

/** Options of the three select fields, with their ids. Ids are stable: the same seed gives the same ones. */
const known = new WeakMap<JiraSeed, ReadonlyMap<string, ReadonlyMap<string, string>>>()

function optionsOf(seed: JiraSeed, field: string): ReadonlyMap<string, string> {
  let fields = known.get(seed)
  if (fields === undefined) {
    const { app, role, duration } = seed.fields
    const numbered = (base: number, options: Iterable<string>) =>
      new Map([...new Set(options)].map((option, place) => [option, String(base + place)]))
    fields = new Map([
      [duration, numbered(40_000, seed.durations)],
      [
        role,
        numbered(
          30_000,
          seed.apps.flatMap((each) => each.roles),
        ),
      ],
      [
        app,
        numbered(
          20_000,
          seed.apps.map((each) => each.name),
        ),
      ],
    ])
    known.set(seed, fields)
  }
  return fields.get(field) ?? new Map()
}

export function optionId(seed: JiraSeed, field: string, value: string): string {
  return optionsOf(seed, field).get(value) ?? ''
}

/** What a caller may write into a select field: an object with `value` or `id`. Null when it names no option. */
export function chosenOption(seed: JiraSeed, field: string, written: unknown): string | null {
  if (typeof written !== 'object' || written === null) return null
  const options = optionsOf(seed, field)
  if ('value' in written && typeof written.value === 'string') {
    return options.has(written.value) ? written.value : null
  }
  if (!('id' in written)) return null
  for (const [option, id] of options) if (id === written.id) return option
  return null
}
