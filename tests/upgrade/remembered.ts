import { isDeepStrictEqual } from 'node:util'

/** What states remember since 0012, and do without where it was never written: each only makes a doubt, or a bound, sharper. */
const CAME_LATER: ReadonlySet<string> = new Set(['readBackAt', 'unknownSince', 'late', 'troubled', 'looked'])

/**
 * Where a state that an earlier release stored is not what its events mean today. A field that the earlier release did
 * not know is no difference as long as it means nothing: whoever reads it finds it missing, and must find the same by it.
 */
export function whatIsMissing(stored: unknown, anew: unknown, at = 'state'): readonly string[] {
  if (Array.isArray(stored) && Array.isArray(anew)) {
    if (stored.length !== anew.length) return [`${at} has ${stored.length} entries, not ${anew.length}`]
    return stored.flatMap((each, place) => whatIsMissing(each, anew[place], `${at}[${place}]`))
  }
  if (isObject(stored) && isObject(anew)) {
    return [...new Set([...Object.keys(stored), ...Object.keys(anew)])].flatMap((name) => {
      if (!(name in anew)) return [`${at}.${name} is stored, and nobody knows it any more`]
      if (name in stored) return whatIsMissing(stored[name], anew[name], `${at}.${name}`)
      return meansNothing(anew[name]) || CAME_LATER.has(name)
        ? []
        : [`${at}.${name} is not stored, and is ${JSON.stringify(anew[name])} today`]
    })
  }
  return isDeepStrictEqual(stored, anew) ? [] : [`${at} is ${JSON.stringify(stored)}, not ${JSON.stringify(anew)}`]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function meansNothing(value: unknown): boolean {
  return value === null || value === false || (Array.isArray(value) && value.length === 0)
}
