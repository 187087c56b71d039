import type { PersonLink, Store } from '../store/store.ts'

/** Whose this account of another system is; null for nobody's. */
export async function linkOf(store: Store, system: string, account: string): Promise<PersonLink | null> {
  return (await store.linksOfAccounts(system, [account]))[0] ?? null
}
