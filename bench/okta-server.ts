import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoggedCall } from '#connectors/okta/stand-in/call-log.ts'

export interface OktaServer {
  readonly url: string
  readonly accessToken: string
  /** For Okta's SDK, which wants to ask for its token itself. */
  readonly privateJwk: Readonly<Record<string, unknown>>
  counts(): Promise<{ readonly reads: number; readonly writes: number; readonly changes: number }>
  /** When each account was removed, by the account. */
  removals(): Promise<Readonly<Record<string, number>>>
  /** Every call, of a server with limits. */
  calls(): Promise<readonly LoggedCall[]>
  stop(): void
}

/** Starts the stand-in's process and waits until it answers. */
export async function startOktaServer(users: number, groups: number, windowMs?: number): Promise<OktaServer> {
  const orders = [users, groups, ...(windowMs === undefined ? [] : [windowMs])].map(String)
  const child = fork(fileURLToPath(new URL('./okta-process.ts', import.meta.url)), orders)
  const [ready] = (await once(child, 'message')) as [Pick<OktaServer, 'url' | 'accessToken' | 'privateJwk'>]
  return {
    ...ready,
    async counts() {
      const answer = once(child, 'message')
      child.send('counts')
      const [counts] = (await answer) as [{ reads: number; writes: number; changes: number }]
      return counts
    },
    async removals() {
      const answer = once(child, 'message')
      child.send('removals')
      const [removals] = (await answer) as [Readonly<Record<string, number>>]
      return removals
    },
    async calls() {
      const answer = once(child, 'message')
      child.send('calls')
      const [calls] = (await answer) as [readonly LoggedCall[]]
      return calls
    },
    stop: () => child.disconnect(),
  }
}

export function benchUser(place: number): string {
  return `00uBench${String(place).padStart(12, '0')}`
}

export function benchGroup(place: number): string {
  return `00gBench${String(place).padStart(12, '0')}`
}
