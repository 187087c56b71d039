import type { Host } from '../host/host.ts'
import type { ErrorAnswer } from '../wire.ts'

/** Tenure's answer, or why there is none, in words that can be shown. */
export type Asked<Value> =
  | { readonly kind: 'answered'; readonly value: Value }
  | { readonly kind: 'refused'; readonly code: string; readonly words: string; readonly how: string | null }
  | { readonly kind: 'unreachable' }

export async function ask<Value>(
  host: Host,
  path: string,
  options: { readonly method?: 'GET' | 'POST'; readonly body?: unknown; readonly signal?: AbortSignal } = {},
): Promise<Asked<Value>> {
  try {
    const { status, body } = await host.api(path, options.method ?? 'GET', options.body, options.signal)
    if (status >= 200 && status < 300) return { kind: 'answered', value: body as Value }
    const error = (body as Partial<ErrorAnswer> | null)?.error
    return {
      kind: 'refused',
      code: error?.code ?? 'fault',
      words: error?.words ?? `Tenure answered with status ${status}.`,
      how: error?.how ?? null,
    }
  } catch (error) {
    if (options.signal?.aborted) throw error
    return { kind: 'unreachable' }
  }
}
