import { setGlobalTheme } from '@atlaskit/tokens/set-global-theme'
import type { Host } from './host.ts'
import { Unreachable } from './host.ts'

/** A browser window of its own: the API is on the same origin, the theme follows the system. */
export const httpHost: Host = {
  context: async () => ({ kind: 'standalone' }),

  async api(path, method, body, signal) {
    try {
      const answer = await fetch(path, {
        method,
        headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        body: body === undefined ? null : JSON.stringify(body),
        credentials: 'same-origin',
        cache: 'no-store',
        signal: signal ?? null,
      })
      return { status: answer.status, body: await answer.json() }
    } catch (error) {
      if (signal?.aborted) throw error
      throw new Unreachable('Tenure does not answer', { cause: error })
    }
  },

  async theme() {
    await setGlobalTheme({ colorMode: 'auto', light: 'light', dark: 'dark' })
  },

  open(url) {
    window.open(url, '_blank', 'noopener,noreferrer')
  },
}
