import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Budgets } from './budget/budgets.ts'
import type { Clock } from './store/clock.ts'
import type { Store } from './store/store.ts'

/** All that the engine needs of the outside. `server` builds it for production, a test or the simulation for itself. */
export interface Ports {
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  /** A connected directory by its name, e.g. `okta`; undefined when nothing of that name is connected. */
  readonly provider: (name: string) => Capabilities | undefined
  /** How long a removal may be unproven before people are called; the core's own bound unless given. */
  readonly overdueAfterMs?: number
  /** Where an operator reads what happened. Values are already free of secrets. */
  readonly log: Log
}

/** What workers need beside that. */
export interface WorkPorts extends Ports {
  /** The names of all directories that are connected and have memberships. */
  readonly providers: () => readonly string[]
  /** How often each of them may be called, by all replicas together. */
  readonly budgets: Budgets
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
