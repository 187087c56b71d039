import type { Host } from './host.ts'

declare global {
  /** Set by Jira before a Custom UI page is loaded. */
  var __bridge: { readonly callBridge?: unknown } | undefined
}

/** The part for Jira is a chunk of its own, loaded only inside Jira: it throws elsewhere, and its licence is not an open one. */
export async function chooseHost(): Promise<Host> {
  if (globalThis.__bridge?.callBridge) return (await import('./host-forge.ts')).forgeHost
  return (await import('./host-http.ts')).httpHost
}
