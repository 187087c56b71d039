import { syncDirectory } from '#engine/directory/sync-directory.ts'
import { claimGroup } from '#engine/handle/claim-group.ts'
import { publishCatalog } from '#engine/handle/publish-catalog.ts'
import { linkAccounts } from '#engine/people/link-accounts.ts'
import type { Ports } from '#engine/ports.ts'
import type { CompanyFacts } from './company/company.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'

const BY = { kind: 'operator', name: 'sandbox' } as const

/**
 * Makes the company's data as an administrator would have left it: the directory read once, accounts linked, the catalog
 * published, groups claimed. Everything here may be done twice.
 */
export async function populate(ports: Ports, company: CompanyFacts): Promise<void> {
  const isConnected = (name: string): boolean => ports.provider(name)?.membership !== undefined
  const directory = ports.provider('okta')?.directory
  if (!directory) throw new Error('the sandbox has no Okta connected')
  const people = await wholeList(directory.people, ({ account }) => account)
  const groups = await wholeList(directory.groups, ({ group }) => group.id)
  if (people.kind !== 'read' || groups.kind !== 'read')
    throw new Error('the sandbox company could not be read from its Okta')
  const idOf = new Map(company.people.map((person) => [person.oktaId, person.id]))
  await ports.store.saveDirectory('okta', {
    people: people.value.map((person) => ({
      ...person,
      newPersonId: idOf.get(person.account) ?? ports.ids.next('per'),
    })),
    groups: groups.value,
    at: people.startedAt,
  })
  const others = [...new Set(company.otherGroups.map(({ provider }) => provider))].filter(isConnected)
  for (const other of others) {
    const synced = await syncDirectory(ports, other)
    if (synced.kind !== 'synced') throw new Error(`the sandbox company could not be read from ${other}: ${synced.said}`)
  }
  // Should an account be another person's by now, an operator of the sandbox has decided so, and it stays.
  await linkAccounts(
    ports,
    BY,
    company.links.map(({ personId, jiraAccountId, proof }) => ({
      system: 'jira',
      account: jiraAccountId,
      personId,
      proof,
      provenBy: BY.name,
    })),
  )
  const refusal = await publishCatalog(ports, company.catalog, BY)
  if (refusal) throw new Error(`the sandbox catalog was refused: ${JSON.stringify(refusal)}`)
  for (const group of company.claimedGroups.filter(({ provider }) => isConnected(provider))) {
    const refused = await claimGroup(ports, group, BY)
    if (refused === 'no such group')
      throw new Error(`the sandbox company has no group ${group.id} in ${group.provider}`)
  }
}
