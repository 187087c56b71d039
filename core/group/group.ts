import { accepted, refused, type Decision, type Event } from '../event.ts'

/*
 * A group of a directory, as far as we govern it.
 *
 *   (nothing) --claim--> claimed
 *
 * Claiming allows writing; it writes nothing and adopts nobody. Before it, a role that maps to the group cannot be asked for.
 */

export type GroupEvent = Event<'GroupClaimed', { readonly name: string }>

export interface GroupState {
  readonly claimed: boolean
}

export const UNCLAIMED: GroupState = { claimed: false }

export interface ClaimGroup {
  readonly kind: 'claim'
  readonly name: string
  /** Why the vendor never lets us write its members; null when it does. */
  readonly notWritable: string | null
  /** Whether it is on the catalog's list of groups that nobody changes through us. */
  readonly isProtected: boolean
}

export function decideGroup(command: ClaimGroup, state: GroupState): Decision<GroupEvent> {
  if (state.claimed) return refused('already claimed', { group: command.name })
  if (command.isProtected) return refused('protected group', { group: command.name })
  if (command.notWritable !== null)
    return refused('not writable', { group: command.name, because: command.notWritable })
  return accepted({ type: 'GroupClaimed', data: { name: command.name } })
}

export function evolveGroup(_state: GroupState, _event: GroupEvent): GroupState {
  return { claimed: true }
}
