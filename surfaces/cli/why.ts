import { plainText } from '#connectors/kit/plain-text.ts'
import type { GroupRef, PersonId } from '#core/identity-action/membership-key.ts'
import { whyHeld } from '#engine/why/why-held.ts'
import { whyInWords } from '../words/why-in-words.ts'
import type { CommandIo, ExitCode } from './command.ts'

/**
 * `tenure why <person> <group>`: each reason that somebody is in a group, or that nobody gave it. The person by login, address or
 * our id; the group by name or id, with its provider before a colon where several have one of that name.
 */
export async function why(
  io: CommandIo,
  providers: readonly string[],
  personWord: string,
  groupWord: string,
): Promise<ExitCode> {
  const personId = await personNamed(io, personWord)
  if (personId === null) return 1
  const group = await groupNamed(io, providers, groupWord)
  if (group === null) return 1
  for (const line of whyInWords(await whyHeld(io.ports, { personId, group }))) io.say(line)
  return 0
}

async function personNamed({ ports, complain }: CommandIo, word: string): Promise<PersonId | null> {
  const found = [...(await ports.store.people([word])), ...(await ports.store.peopleByAddresses([word]))]
  const ids = [...new Set(found.map((each) => each.personId))]
  const [personId] = ids
  if (personId !== undefined && ids.length === 1) return personId
  const named = plainText(word, 100)
  complain(
    ids.length === 0
      ? `Nobody has the login, address or id "${named}".`
      : `"${named}" fits ${ids.length} people. Give the id of the one you mean: ${ids.join(', ')}.`,
  )
  return null
}

/** The one group that the word means; null, and said why, where it means none or several. */
export async function groupNamed(
  { ports, complain }: CommandIo,
  providers: readonly string[],
  word: string,
): Promise<GroupRef | null> {
  const colon = word.indexOf(':')
  const before = word.slice(0, Math.max(0, colon))
  const [among, name] = providers.includes(before) ? [[before], word.slice(colon + 1)] : [providers, word]
  const found = (await Promise.all(among.map((each) => ports.store.groupsNamed(each, name)))).flat()
  const [only] = found
  if (only !== undefined && found.length === 1) return only.group
  const named = plainText(word, 100)
  complain(
    only === undefined
      ? `No directory has a group "${named}". Give its exact name, or its id.`
      : `"${named}" is ${found.length} groups. Give the one you mean: ${found.map(({ group }) => `${group.provider}:${group.id}`).join(', ')}.`,
  )
  return null
}
