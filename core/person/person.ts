import { accepted, type Decision, type Event } from '../event.ts'
import type { PersonId } from '../identity-action/membership-key.ts'

/*
 * A person, as far as accounts of other systems are theirs. Who an account belongs to decides who may ask and who may
 * approve, so each link is evidence: what proved it, and who vouched for it.
 *
 *   account of nobody      --link-->  PersonLinked here
 *   account of this person --link-->  PersonLinked here, when another proof is given; otherwise nothing
 *   account of another     --link-->  PersonLinked here; there --unlink--> AccountUnlinked
 *
 * An equal e-mail address links an account of nobody only: it never replaces what stands. To whom an account belongs at
 * present is a fact that the caller brings, as it is about all persons and no single one of them knows it.
 */

export type LinkProof = 'provisioned id' | 'administrator import' | 'verified e-mail'

/** `provenBy` is whoever answers for the link by office, as the operator of a record is; the account tells of a person, and can be erased. */
export type PersonEvent =
  | Event<'PersonLinked', { readonly system: string; readonly proof: LinkProof; readonly provenBy: string }>
  | Event<'AccountUnlinked', { readonly system: string }>

export interface PersonState {
  /** Whether an account was ever theirs. Which one is personal, and so is not remembered here. */
  readonly wasLinked: boolean
}

export const NO_PERSON: PersonState = { wasLinked: false }

export interface LinkAccount {
  readonly kind: 'link account'
  readonly system: string
  readonly account: string
  readonly proof: LinkProof
  readonly provenBy: string
  /** Whose account it is at present, and by which proof; null: nobody's. */
  readonly standing: { readonly whose: 'this person' | 'another person'; readonly proof: LinkProof } | null
}

export interface UnlinkAccount {
  readonly kind: 'unlink account'
  readonly system: string
  readonly account: string
}

export type PersonCommand = LinkAccount | UnlinkAccount

export function decidePerson(command: PersonCommand): Decision<PersonEvent> {
  const { system, account } = command
  if (command.kind === 'unlink account')
    return accepted({ type: 'AccountUnlinked', data: { system }, personal: { account } })
  const { proof, provenBy, standing } = command
  if (standing !== null && proof === 'verified e-mail') return accepted()
  if (standing?.whose === 'this person' && standing.proof === proof) return accepted()
  return accepted({ type: 'PersonLinked', data: { system, proof, provenBy }, personal: { account } })
}

export function evolvePerson(state: PersonState, event: PersonEvent): PersonState {
  return { wasLinked: state.wasLinked || event.type === 'PersonLinked' }
}

export function personStream(personId: PersonId): string {
  return `person/${personId}`
}
