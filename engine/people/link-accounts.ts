import type { PersonId } from '#core/identity-action/membership-key.ts'
import { personStream } from '#core/person/person.ts'
import type { Actor } from '#core/trigger/actor.ts'
import { PERSON } from '../handle/stream-kinds.ts'
import { takeTurn, type Turn } from '../handle/turn.ts'
import type { Ports } from '../ports.ts'
import type { PersonLink } from '../store/store.ts'

/** An account of a system, whose it is, and what proves that. */
export type ProvenAccount = Omit<PersonLink, 'at'>

export type Linking =
  | { readonly kind: 'linked'; /** Those that were not so already. */ readonly changed: number }
  /** Accounts that belong to somebody else; nothing was linked at all. */
  | { readonly kind: 'taken'; readonly links: readonly PersonLink[] }

/**
 * Links accounts to persons, all of them or none, and records it with each person whom it is about. An account that
 * belongs to another person is taken from them only where that is said: it is how somebody would answer in their name.
 */
export async function linkAccounts(
  ports: Ports,
  by: Actor,
  links: readonly ProvenAccount[],
  options: { readonly replace: boolean } = { replace: false },
): Promise<Linking> {
  const accounts = [...new Map(links.map((link) => [nameOf(link), link])).values()]
  const result = await takeTurn(ports, by, async (turn): Promise<Linking> => {
    const standing = await standingLinks(ports, accounts)
    const ownerOf = (each: ProvenAccount): PersonLink | undefined => standing.get(nameOf(each))
    const taken = accounts.flatMap((each) => {
      const owner = ownerOf(each)
      return owner && owner.personId !== each.personId ? [owner] : []
    })
    if (taken.length > 0 && !options.replace) return { kind: 'taken', links: taken }
    await turn.load([...accounts, ...standing.values()].map(({ personId }) => personStream(personId)))
    const changed = accounts.filter((each) => linkOne(turn, each, ownerOf(each)))
    return { kind: 'linked', changed: changed.length }
  })
  if (result === 'lease lost') throw new Error('a turn without a claim lost a lease')
  return result
}

/** Whether anything changed. */
function linkOne(turn: Turn, link: ProvenAccount, owner: PersonLink | undefined): boolean {
  const { system, account, personId, proof, provenBy } = link
  const stream = (id: PersonId) => turn.openLoaded(PERSON, personStream(id))
  const person = stream(personId)
  const before = turn.stored(person.stream).version
  const whose = owner?.personId === personId ? 'this person' : 'another person'
  const standing = owner ? ({ whose, proof: owner.proof } as const) : null
  if (owner && whose === 'another person' && proof !== 'verified e-mail')
    stream(owner.personId).decide({ kind: 'unlink account', system, account })
  person.decide({ kind: 'link account', system, account, proof, provenBy, standing })
  if (turn.stored(person.stream).version === before) return false
  turn.link({ ...link, at: turn.now, replaces: owner?.personId ?? null })
  return true
}

async function standingLinks(
  ports: Ports,
  accounts: readonly ProvenAccount[],
): Promise<ReadonlyMap<string, PersonLink>> {
  const systems = [...new Set(accounts.map(({ system }) => system))]
  const found = await Promise.all(
    systems.map((system) =>
      ports.store.linksOfAccounts(
        system,
        accounts.filter((each) => each.system === system).map(({ account }) => account),
      ),
    ),
  )
  return new Map(found.flat().map((link) => [nameOf(link), link]))
}

function nameOf({ system, account }: { readonly system: string; readonly account: string }): string {
  return JSON.stringify([system, account])
}
