import type { z } from 'zod'

export type Input<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly words: string }

/** Reads what came in by its schema. Schemas are strict: an unknown key is refused, so that a misspelt one is never ignored. */
export function readInput<Value>(schema: z.ZodType<Value>, raw: unknown): Input<Value> {
  const result = schema.safeParse(raw ?? {})
  return result.success ? { ok: true, value: result.data } : { ok: false, words: describe(result.error) }
}

/** Names the places that are wrong, never their values: these are the caller's, and hostile. */
function describe(error: z.ZodError): string {
  const places = error.issues.slice(0, 5).map((issue) => {
    if (issue.code === 'unrecognized_keys') return 'an unknown key'
    return issue.path.map(String).join('.') || 'the whole'
  })
  return `Wrong: ${[...new Set(places)].join(', ')}.`
}
