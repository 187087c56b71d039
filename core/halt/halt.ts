import { accepted, refused, type Decision, type Event } from '../event.ts'
import type { OpenChange } from '../identity-action/membership.ts'
import { isoOf, type Instant } from '../instant.ts'

/*
 * The emergency stop of one scope: of everything (`halt/all`), or of one provider (`halt/okta`).
 *
 *   running --halt--> halted --resume--> running
 *                     halted --halt, once more--> halted, by the newer order
 *
 * While a scope is halted, no write to a provider of it starts. What is on its way is finished and recorded; reading,
 * deciding and the ends of windows go on, so that what is to be done is known, and waits. An order may exempt removals:
 * then access still ends, and none begins. One that does not lets access live on after its end, until it is lifted.
 *
 * Scopes add up: a change is written only if neither its provider nor everything stands still for it, and lifting one
 * order leaves the other in force. Every order is recorded, also one that changes nothing: who wanted it, and why.
 */

export type HaltEvent =
  Event<'HaltOrdered', { readonly exceptRemovals: boolean }> | Event<'HaltLifted', Record<string, never>>

/** What the newest order says, and since when the scope stands still; null while it runs. */
export interface HaltState {
  readonly halted: { readonly exceptRemovals: boolean; readonly since: string } | null
}

export const RUNNING: HaltState = { halted: null }

export type HaltCommand =
  | { readonly kind: 'halt'; readonly exceptRemovals: boolean; readonly reason: string }
  | { readonly kind: 'resume'; readonly reason: string }

/** Everything, whatever the provider. No provider has this name. */
export const ALL = 'all'

export function haltStream(scope: string): string {
  return `halt/${scope}`
}

export function decideHalt(command: HaltCommand, state: HaltState): Decision<HaltEvent> {
  const reason = command.reason.trim()
  if (reason === '') return refused('order without a reason')
  // Somebody's own words, and perhaps about somebody: they can be erased, and the order stays proven.
  const personal = { reason }
  switch (command.kind) {
    case 'halt':
      return accepted({ type: 'HaltOrdered', data: { exceptRemovals: command.exceptRemovals }, personal })
    case 'resume':
      return state.halted === null ? refused('not halted') : accepted({ type: 'HaltLifted', data: {}, personal })
  }
}

export function evolveHalt(state: HaltState, event: HaltEvent, at: Instant): HaltState {
  switch (event.type) {
    case 'HaltOrdered':
      return { halted: { exceptRemovals: event.data.exceptRemovals, since: state.halted?.since ?? isoOf(at) } }
    case 'HaltLifted':
      return RUNNING
  }
}

/** Whether a change of a provider may be written, as everything stands, and as the provider does. What takes no access away is never exempt. */
export function mayWrite(change: OpenChange['do'], everything: HaltState, provider: HaltState): boolean {
  return [everything, provider].every(({ halted }) => halted === null || (halted.exceptRemovals && change === 'remove'))
}
