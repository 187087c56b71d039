import type { Reading } from '#connectors/kit/connector.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import { joinAccounts, type JoinConflict } from '../people/join-accounts.ts'
import type { Ports } from '../ports.ts'

export type SyncResult =
  | {
      readonly kind: 'synced'
      readonly people: number
      readonly groups: number
      readonly gone: number
      readonly conflicts: readonly JoinConflict[]
    }
  | { readonly kind: 'unreadable'; readonly said: string; readonly retryAfterMs: number | null }

/** Reads everybody and every group of one directory. What is not complete is not used: a short answer never looks like a small company. */
export async function syncDirectory(ports: Ports, provider: string): Promise<SyncResult> {
  const directory = ports.provider(provider)?.directory
  if (!directory) return { kind: 'unreadable', said: `no directory named ${provider} is connected`, retryAfterMs: null }
  const people = await wholeList(directory.people, ({ account }) => account)
  if (people.kind !== 'read') return unreadable(people)
  const groups = await wholeList(directory.groups, ({ group }) => group.id)
  if (groups.kind !== 'read') return unreadable(groups)
  if (people.value.length === 0)
    return { kind: 'unreadable', said: 'the directory answered with nobody at all', retryAfterMs: null }
  const { personOf, conflicts } = await joinAccounts(ports, provider, people.value)
  for (const each of conflicts.filter(({ isNew }) => isNew).slice(0, MOST_TOLD))
    ports.log('warning', inWords(provider, each))
  const saved = await ports.store.saveDirectory(provider, {
    people: people.value.map((person) => ({
      ...person,
      newPersonId: personOf.get(person.account) ?? ports.ids.next('per'),
    })),
    groups: groups.value,
    at: people.startedAt,
  })
  return { kind: 'synced', ...saved, conflicts }
}

/** A directory that is new may have hundreds; the first ones show what is wrong. */
const MOST_TOLD = 20

const WHY: Readonly<Record<JoinConflict['why'], string>> = {
  'several people': 'two people of other directories have it',
  'several accounts': 'two accounts of this directory have it',
  'has another account': 'the person who has it has another account here already',
}

function inWords(provider: string, { account, address, why }: JoinConflict): string {
  return `${provider}: the account ${plainText(account, 80)} is joined with nobody, because of its address ${plainText(address, 120)}: ${WHY[why]}`
}

function unreadable(reading: Exclude<Reading<unknown>, { kind: 'read' }>): SyncResult {
  return {
    kind: 'unreadable',
    said: reading.said,
    retryAfterMs: reading.kind === 'unreadable' ? reading.retryAfterMs : null,
  }
}
