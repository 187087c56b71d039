import { accepted, refused, type Decision, type Event } from '../event.ts'

/*
 * A group of a directory, as far as we govern it.
 *
 *   (nothing) --claim--> claimed --its members are looked at for the first time--> claimed, looked at
 *
 * Claiming allows writing; it writes nothing and adopts nobody. Before it, a role that maps to the group cannot be asked for.
 * Whoever the first look finds was there before; whoever a later one finds came around us.
 */

export type GroupEvent =
  | Event<'GroupClaimed', { readonly name: string }>
  | Event<'GroupFirstLookedAt', { readonly readAt: string; readonly members: number }>

export interface GroupState {
  readonly claimed: boolean
  /** Its members were compared with the grants once. Missing: not yet. */
  readonly looked?: true
}

export const UNCLAIMED: GroupState = { claimed: false }

export type GroupCommand =
  ClaimGroup | { readonly kind: 'note first look'; readonly readAt: string; readonly members: number }

export interface ClaimGroup {
  readonly kind: 'claim'
  readonly name: string
  /** Why the vendor never lets us write its members; null when it does. */
  readonly notWritable: string | null
  /** Whether it is on the catalog's list of groups that nobody changes through us. */
  readonly isProtected: boolean
}

export function decideGroup(command: GroupCommand, state: GroupState): Decision<GroupEvent> {
  if (command.kind === 'note first look') {
    const { readAt, members } = command
    if (!state.claimed || state.looked) return accepted()
    return accepted({ type: 'GroupFirstLookedAt', data: { readAt, members } })
  }
  if (state.claimed) return refused('already claimed', { group: command.name })
  if (command.isProtected) return refused('protected group', { group: command.name })
  if (command.notWritable !== null)
    return refused('not writable', { group: command.name, because: command.notWritable })
  return accepted({ type: 'GroupClaimed', data: { name: command.name } })
}

export function evolveGroup(state: GroupState, event: GroupEvent): GroupState {
  return event.type === 'GroupClaimed' ? { claimed: true } : { ...state, looked: true }
}
