import { plainText } from '#connectors/kit/plain-text.ts'
import type { CommandIo, ExitCode } from './command.ts'
import { groupNamed } from './why.ts'

/** People that are asked for in one statement. */
const AT_A_TIME = 1_000

/** `tenure members <group>`: who is in a group, as its directory was last read; the group by name or id, or `okta:name`. */
export async function members(io: CommandIo, providers: readonly string[], groupWord: string): Promise<ExitCode> {
  const { ports, say } = io
  const group = await groupNamed(io, providers, groupWord)
  if (group === null) return 1
  const found = await ports.store.membersOf(group)
  const names = new Map<string, string>()
  for (let from = 0; from < found.length; from += AT_A_TIME) {
    const accounts = found.slice(from, from + AT_A_TIME).map((each) => each.account)
    for (const each of await ports.store.peopleOfAccounts(group.provider, accounts)) names.set(each.account, each.name)
  }
  for (const { account, source } of found) {
    const who = plainText(names.get(account) ?? '', 100) || 'no known person'
    say(`${who} (${plainText(account, 100)})${source === 'rule' ? ', by a rule of the directory' : ''}`)
  }
  say(
    found.length === 0
      ? 'Nobody is in it, or its members were not read yet: tenure sync --status tells how far that is.'
      : `${found.length} ${found.length === 1 ? 'member' : 'members'}, as ${group.provider} was last read. tenure why <person> <group> says why.`,
  )
  return 0
}
