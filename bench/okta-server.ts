import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface OktaServer {
  readonly url: string
  readonly accessToken: string
  /** For Okta's SDK, which wants to ask for its token itself. */
  readonly privateJwk: Readonly<Record<string, unknown>>
  counts(): Promise<{ readonly reads: number; readonly writes: number; readonly changes: number }>
  /** When each account was removed, by the account. */
  removals(): Promise<Readonly<Record<string, number>>>
  stop(): void
}

/** Starts the stand-in's process and waits until it answers. */
export async function startOktaServer(users: number, groups: number): Promise<OktaServer> {
  const child = fork(fileURLToPath(new URL('./okta-process.ts', import.meta.url)), [String(users), String(groups)])
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
    stop: () => child.disconnect(),
  }
}

export function benchUser(place: number): string {
  return `00uBench${String(place).padStart(12, '0')}`
}

export function benchGroup(place: number): string {
  return `00gBench${String(place).padStart(12, '0')}`
}
