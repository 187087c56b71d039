/**
 * Where the console runs: in a browser window of its own, or inside Jira. The pages know only this. The same bundle serves
 * both; which host it is decides `chooseHost`, once, at the start.
 */
export interface Host {
  context(): Promise<HostContext>
  /** Calls Tenure's API. Resolves for every answer; rejects with `Unreachable` when none came. */
  api(path: string, method: 'GET' | 'POST', body?: unknown, signal?: AbortSignal): Promise<HostAnswer>
  /** Puts Atlassian's design tokens on the page, light or dark as the host or the system says, and keeps them so. */
  theme(): Promise<void>
  /** Opens an address outside the console. A page inside Jira may not do that by itself. */
  open(url: string): void
}

export interface HostContext {
  readonly kind: 'standalone' | 'jira'
}

export interface HostAnswer {
  readonly status: number
  readonly body: unknown
}

export class Unreachable extends Error {}
