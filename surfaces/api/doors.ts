/** Every door of this server. A route names its door; a route without one cannot be registered. */
export type Door = keyof typeof DOORS

export interface DoorRule {
  /** Whether one must have come in by an entry link. */
  readonly session: boolean
  /** Whether going through it changes anything: then only a page of ours may ask. */
  readonly changes: boolean
  readonly sandboxOnly: boolean
}

export const DOORS = {
  'ask whether it lives': { session: false, changes: false, sandboxOnly: false },
  'come to the front': { session: false, changes: false, sandboxOnly: false },
  /** The code in the address is the authority here. */
  'enter by a link': { session: false, changes: false, sandboxOnly: false },
  'load the console': { session: true, changes: false, sandboxOnly: false },
  'read the session': { session: true, changes: false, sandboxOnly: false },
  'read what is halted': { session: true, changes: false, sandboxOnly: false },
  /** Counts and ages alone, for the machine's own instruments. */
  'read the gauges': { session: false, changes: false, sandboxOnly: false },
  'read what is overdue': { session: true, changes: false, sandboxOnly: false },
  'read requests': { session: true, changes: false, sandboxOnly: false },
  'choose a person': { session: true, changes: true, sandboxOnly: true },
  'move the clock': { session: true, changes: true, sandboxOnly: true },
  /** An address that leads nowhere. */
  nowhere: { session: false, changes: false, sandboxOnly: false },
} as const satisfies Readonly<Record<string, DoorRule>>
