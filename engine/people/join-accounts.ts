import type { DirectoryPerson } from '#connectors/kit/directory.ts'
import type { AccountId } from '#connectors/kit/connector.ts'
import type { PersonId } from '#core/identity-action/membership-key.ts'
import type { Ports } from '../ports.ts'
import type { StoredPerson } from '../store/store.ts'

/** An account that is nobody's we know, although somebody known has its address: an administrator has to say whose it is. */
export interface JoinConflict {
  readonly account: AccountId
  readonly address: string
  readonly why: 'several people' | 'several accounts' | 'has another account'
  /** Not known here before: what was told once need not be told at each look. */
  readonly isNew: boolean
}

export interface Joined {
  /** The person of another directory that an account belongs to, for those that belong to one. */
  readonly personOf: ReadonlyMap<AccountId, PersonId>
  readonly conflicts: readonly JoinConflict[]
}

/** Addresses are looked up so many at a time. */
const AT_A_TIME = 1_000

/**
 * Which of the people whom another directory knows the accounts of this one are. Two accounts are one person's when each side says
 * that the same address is proven: a verified e-mail address, or a login where the vendor proves logins. One address that two
 * people have, or two accounts, or whose person has an account here already, joins nobody: never a guess.
 */
export async function joinAccounts(
  ports: Ports,
  provider: string,
  people: readonly DirectoryPerson[],
): Promise<Joined> {
  const own = ports.provider(provider)?.directory
  const addressesOf = new Map(people.map((each) => [each.account, provenOf(each, own?.loginsAreProven === true)]))
  const accounts = Map.groupBy(
    [...addressesOf].flatMap(([account, addresses]) => addresses.map((address) => ({ account, address }))),
    ({ address }) => address,
  )
  const { known, here } = await knownBy(ports, provider, [...accounts.keys()])
  const taken = await peopleWithAccount(ports, provider, known)
  const personOf = new Map<AccountId, PersonId>()
  const conflicts: JoinConflict[] = []
  for (const [account, addresses] of addressesOf) {
    const found = new Set(addresses.flatMap((address) => [...(known.get(address) ?? [])]))
    const [personId] = found
    if (personId === undefined) continue
    const holder = taken.get(personId)
    if (holder === account) continue
    const shared = addresses.some((address) => (accounts.get(address)?.length ?? 0) > 1)
    const why = found.size > 1 ? 'several people' : shared ? 'several accounts' : holder ? 'has another account' : null
    if (why === null) personOf.set(account, personId)
    else conflicts.push({ account, address: addresses[0] ?? '', why, isNew: !here.has(account) })
  }
  return { personOf, conflicts }
}

function provenOf(
  { email, emailVerified, login, guest }: Pick<DirectoryPerson, 'email' | 'emailVerified' | 'login' | 'guest'>,
  loginsAreProven: boolean,
): readonly string[] {
  const proven = [emailVerified ? email : '', loginsAreProven && guest !== true ? login : '']
  return [...new Set(proven.map((each) => each.toLowerCase()))].filter((each) => each !== '')
}

/** Of the other directories: who has which address, by what these directories prove. */
async function knownBy(
  ports: Ports,
  provider: string,
  addresses: readonly string[],
): Promise<{
  readonly known: ReadonlyMap<string, ReadonlySet<PersonId>>
  /** Accounts of this directory that were known before. */
  readonly here: ReadonlySet<AccountId>
}> {
  const known = new Map<string, Set<PersonId>>()
  const here = new Set<AccountId>()
  for (let from = 0; from < addresses.length; from += AT_A_TIME) {
    const found = await ports.store.peopleByAddresses(addresses.slice(from, from + AT_A_TIME))
    for (const one of found) {
      if (one.provider === provider) here.add(one.account)
      if (one.provider === provider || !one.active) continue
      for (const address of provenByItsOwn(ports, one)) {
        const people = known.get(address)
        if (people) people.add(one.personId)
        else known.set(address, new Set([one.personId]))
      }
    }
  }
  return { known, here }
}

function provenByItsOwn(ports: Ports, one: StoredPerson): readonly string[] {
  return provenOf(one, ports.provider(one.provider)?.directory?.loginsAreProven === true)
}

/** Those of them who have an account in this directory already, and which. */
async function peopleWithAccount(
  ports: Ports,
  provider: string,
  known: ReadonlyMap<string, ReadonlySet<PersonId>>,
): Promise<ReadonlyMap<PersonId, AccountId>> {
  const ids = [...new Set([...known.values()].flatMap((each) => [...each]))]
  const taken = new Map<PersonId, AccountId>()
  for (let from = 0; from < ids.length; from += AT_A_TIME) {
    for (const each of await ports.store.people(ids.slice(from, from + AT_A_TIME))) {
      if (each.provider === provider) taken.set(each.personId, each.account)
    }
  }
  return taken
}
