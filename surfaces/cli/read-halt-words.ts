import { parseArgs } from 'node:util'

/** What `tenure halt …` and `tenure resume …` mean. */
export type HaltWords =
  | { readonly kind: 'status' }
  | {
      readonly kind: 'halt'
      readonly provider: string | null
      readonly exceptRemovals: boolean
      readonly reason: string
    }
  | { readonly kind: 'resume'; readonly provider: string | null; readonly reason: string }

const OPTIONS = {
  provider: { type: 'string' },
  reason: { type: 'string' },
  'except-removals': { type: 'boolean' },
  status: { type: 'boolean' },
} as const

/**
 * Null when the words mean nothing: a word that is not understood may have been the one that mattered, so nothing is
 * guessed. A reason that is missing is another matter: the rules say no to that, in words.
 */
export function readHaltWords([verb, ...rest]: readonly string[]): HaltWords | null {
  if (verb !== 'halt' && verb !== 'resume') return null
  const values = valuesOf(rest)
  if (values === null) return null
  const { provider, reason = '', status = false, 'except-removals': exceptRemovals = false } = values
  if (provider === '') return null
  if (status) return verb === 'halt' && rest.length === 1 ? { kind: 'status' } : null
  if (verb === 'halt') return { kind: 'halt', provider: provider ?? null, exceptRemovals, reason }
  return exceptRemovals ? null : { kind: 'resume', provider: provider ?? null, reason }
}

function valuesOf(words: readonly string[]) {
  try {
    const { values, tokens } = parseArgs({ args: [...words], options: OPTIONS, tokens: true })
    const named = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))
    // The same option twice: one of the two was not meant, and nobody knows which.
    return new Set(named).size === named.length ? values : null
  } catch {
    return null
  }
}
