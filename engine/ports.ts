import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Clock } from './store/clock.ts'
import type { Store } from './store/store.ts'

/** All that the engine needs of the outside. `server` builds it for production, a test or the simulation for itself. */
export interface Ports {
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  /** A connected directory by its name, e.g. `okta`; undefined when nothing of that name is connected. */
  readonly provider: (name: string) => Capabilities | undefined
  /** Where an operator reads what happened. Values are already free of secrets. */
  readonly log: Log
}

export interface Ids {
  /** A new random id with this prefix, e.g. `chg_5x…`. */
  next(prefix: string): string
  bytes(length: number): Buffer
}

export type Log = (
  level: 'info' | 'warning' | 'error',
  message: string,
  facts?: Readonly<Record<string, string | number>>,
) => void
