import type { PersonId } from '#core/identity-action/membership-key.ts'
import type { StoredPerson } from '../store.ts'
import type { PersonRow } from './directory-tables.ts'

/** People by id and by address, with their managers found, in the order of provider and account. */
export class DirectoryIndex {
  private readonly byId: ReadonlyMap<PersonId, readonly StoredPerson[]>
  private readonly byAddress = new Map<string, StoredPerson[]>()
  readonly managers: readonly PersonId[]

  constructor(rows: readonly PersonRow[]) {
    const managerOf = managersIn(rows)
    const everybody = rows
      .toSorted((a, b) => (a.provider === b.provider ? order(a.account, b.account) : order(a.provider, b.provider)))
      .map((row) => storedPerson(row, managerOf(row)))
    this.byId = Map.groupBy(everybody, (each) => each.personId)
    for (const each of everybody) {
      for (const address of new Set([lower(each.email), lower(each.login)])) {
        const sharing = this.byAddress.get(address)
        if (sharing) sharing.push(each)
        else this.byAddress.set(address, [each])
      }
    }
    this.managers = [...new Set(everybody.flatMap(({ managerId }) => managerId ?? []))].sort()
  }

  people(ids: readonly PersonId[]): readonly StoredPerson[] {
    const found = [...new Set(ids)].flatMap((id) => this.byId.get(id) ?? [])
    return found.length < 2 ? found : found.sort(byAccount)
  }

  peopleOfAccounts(provider: string, accounts: readonly string[]): readonly StoredPerson[] {
    const asked = new Set(accounts)
    return [...this.byId.values()]
      .flat()
      .filter((each) => each.provider === provider && asked.has(each.account))
      .sort(byAccount)
  }

  peopleByAddresses(addresses: readonly string[]): readonly StoredPerson[] {
    const asked = new Set(addresses.map(lower))
    const found = new Set([...asked].flatMap((address) => this.byAddress.get(address) ?? []))
    return [...found].sort(byAccount)
  }
}

/**
 * A directory stores a manager as a login, a verified e-mail address or an account id; more than one match is nobody.
 * See engine/store/postgres/directory.ts for the reason.
 */
function managersIn(rows: readonly PersonRow[]): (row: PersonRow) => PersonId | null {
  const matches = new Map<string, Set<PersonRow>>()
  const note = (name: string, row: PersonRow): void => {
    const matching = matches.get(name)
    if (matching) matching.add(row)
    else matches.set(name, new Set([row]))
  }
  for (const row of rows) {
    note(`${row.provider}\naccount\n${row.account}`, row)
    note(`${row.provider}\naddress\n${lower(row.login)}`, row)
    if (row.emailVerified) note(`${row.provider}\naddress\n${lower(row.email)}`, row)
  }
  return ({ provider, manager }) => {
    if (manager === null) return null
    const found = new Set([
      ...(matches.get(`${provider}\naccount\n${manager}`) ?? []),
      ...(matches.get(`${provider}\naddress\n${lower(manager)}`) ?? []),
    ])
    const [only] = found
    return found.size === 1 && only ? only.personId : null
  }
}

function storedPerson(row: PersonRow, managerId: PersonId | null): StoredPerson {
  return Object.freeze({
    personId: row.personId,
    provider: row.provider,
    account: row.account,
    login: row.login,
    email: row.email,
    emailVerified: row.emailVerified,
    name: row.displayName,
    title: row.title,
    department: row.department,
    managerId,
    active: row.active,
  })
}

function byAccount(a: StoredPerson, b: StoredPerson): number {
  return a.provider === b.provider ? order(a.account, b.account) : order(a.provider, b.provider)
}

export function order(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** As lower() of the embedded server: each code point by itself, without regard to its neighbours. */
function lower(text: string): string {
  let lowered = ''
  for (const point of text) lowered += point === 'İ' ? 'i' : point.toLowerCase()
  return lowered
}
