import type { DirectoryGroup } from '#connectors/kit/directory.ts'
import type { GroupRef, PersonId } from '#core/identity-action/membership-key.ts'
import type { DirectorySaved, DirectorySeen, PersonLink } from '../store.ts'
import { order } from './directory-index.ts'
import { linkId } from './link-id.ts'
import { storedJson } from './stored-json.ts'
import type { LinkRow, Tables } from './tables.ts'

/** A look that began before another one that is written already tells nothing new: all of it is passed over. */
export function saveDirectory({ directory }: Tables, provider: string, seen: DirectorySeen): DirectorySaved {
  const newest = directory.of(provider)?.newestLook ?? null
  if (newest !== null && newest > seen.at) return { people: 0, groups: 0, gone: 0 }
  refuseDoubles(seen.people.map(({ account }) => account))
  refuseDoubles(seen.groups.map(({ group }) => group.id))
  const known = storedJson(seen)
  const written = directory.change(provider)
  const { people, groups } = written
  for (const { newPersonId, ...person } of known.people) {
    const personId = people.get(person.account)?.personId ?? newPersonId
    people.set(person.account, { ...person, manager: person.manager ?? null, provider, personId, seenAt: seen.at })
  }
  let gone = 0
  for (const person of people.values()) {
    if (!person.active || person.seenAt >= seen.at) continue
    people.set(person.account, { ...person, active: false })
    gone += 1
  }
  for (const { group, name, description, notWritable, fedByRule } of known.groups) {
    const ref = Object.freeze({ provider, id: group.id })
    written.groupSeenAt.set(group.id, seen.at)
    groups.set(group.id, Object.freeze({ group: ref, name, description, notWritable: notWritable ?? null, fedByRule }))
  }
  // Rows remember when they were seen: a look that showed nothing at all is remembered by none.
  if (known.people.length + known.groups.length > 0) written.newestLook = seen.at
  return { people: seen.people.length, groups: seen.groups.length, gone }
}

function refuseDoubles(names: readonly string[]): void {
  if (new Set(names).size < names.length) throw new Error('one look at a directory shows the same id twice')
}

export function groups({ directory }: Tables, refs: readonly GroupRef[]): readonly DirectoryGroup[] {
  return refs.flatMap(({ provider, id }) => directory.of(provider)?.groups.get(id) ?? [])
}

export function groupsNamed({ directory }: Tables, provider: string, nameOrId: string): readonly DirectoryGroup[] {
  return [...(directory.of(provider)?.groups.values() ?? [])]
    .filter(({ group, name }) => group.id === nameOrId || name === nameOrId)
    .sort((a, b) => order(a.group.id, b.group.id))
}

export function linksOf({ linksByPerson }: Tables, ids: readonly PersonId[]): readonly PersonLink[] {
  return [...new Set(ids)]
    .flatMap((id) => linksByPerson.carriers(id))
    .sort((a, b) => order(a.system, b.system) || order(a.account, b.account))
    .map(linkOf)
}

export function linksOfAccounts({ links }: Tables, system: string, accounts: readonly string[]): readonly PersonLink[] {
  return [...new Set(accounts)]
    .sort(order)
    .flatMap((account) => links.get(linkId(system, account)) ?? [])
    .map(linkOf)
}

function linkOf({ system, account, personId, proof, provenBy, at }: LinkRow): PersonLink {
  return { system, account, personId, proof, provenBy, at }
}
