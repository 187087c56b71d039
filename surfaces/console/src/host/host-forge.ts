import { setGlobalTheme } from '@atlaskit/tokens/set-global-theme'
import { invokeRemote, router, view } from '@forge/bridge'
import type { Host } from './host.ts'
import { Unreachable } from './host.ts'

/** Inside Jira: calls go through Atlassian to the remote that the app's manifest names, and Jira owns the theme. */
export const forgeHost: Host = {
  context: async () => ({ kind: 'jira' }),

  async api(path, method, body, signal) {
    let answer: Awaited<ReturnType<typeof invokeRemote>>
    try {
      answer = await invokeRemote({ path, method, ...(body === undefined ? {} : { body }) })
    } catch (error) {
      throw new Unreachable('Jira could not reach Tenure', { cause: error })
    }
    // The bridge cannot take a call back; its answer is dropped instead.
    signal?.throwIfAborted()
    return { status: answer.status, body: answer.body }
  },

  async theme() {
    // The tokens come with us, both modes, in the version that we use; Jira then says which mode it is, not the system.
    const stopFollowingTheSystem = await setGlobalTheme({ colorMode: 'auto', light: 'light', dark: 'dark' })
    stopFollowingTheSystem()
    await view.theme.enable()
  },

  open(url) {
    void router.open(url)
  },
}
