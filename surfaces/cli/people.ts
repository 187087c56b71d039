import { linkAccounts, type ProvenAccount } from '#engine/people/link-accounts.ts'
import { readCsv } from './read-csv.ts'
import type { CommandIo, ExitCode } from './command.ts'

/** `tenure people --check`: whoever may have to approve, and has no account that was proven by more than an equal e-mail address. */
export async function checkPeople(io: CommandIo): Promise<ExitCode> {
  const { store } = io.ports
  const catalog = (await store.catalogInForce())?.catalog
  if (!catalog) {
    io.complain('No catalog is in force, so nobody has to approve yet.')
    return 1
  }
  const named = catalog.rules.flatMap((rule) =>
    rule.approvers.flatMap((source) => (source.kind === 'named' ? source.people : [])),
  )
  const owners = [...catalog.apps, ...catalog.roles].flatMap((each) => each.ownerIds)
  const managers = catalog.rules.some((rule) => rule.approvers.some((source) => source.kind === 'manager'))
    ? await store.managers()
    : []
  const ids = [...new Set([...named, ...owners, ...managers, ...catalog.securityIds, ...catalog.administratorIds])]
  const people = await store.people(ids)
  const links = await store.linksOf(ids)
  const lacking = people.filter(
    (each) => each.active && !links.some((link) => link.personId === each.personId && link.proof !== 'verified e-mail'),
  )
  for (const each of lacking) {
    const weak = links.some((link) => link.personId === each.personId)
    io.say(
      `${each.name}  ${each.login}  ${weak ? 'has only an account with the same e-mail address' : 'has no linked Jira account'}`,
    )
  }
  io.say(
    `${people.length} people may have to approve; ${lacking.length} lack a proven Jira account${lacking.length > 0 ? ', and cannot approve until one is imported (tenure people import)' : ''}.`,
  )
  return lacking.length > 0 ? 1 : 0
}

/**
 * `tenure people import <file> <name>`: links that an administrator vouches for. The file has the columns
 * `jira_account_id` and `login`. All of it is taken, or none; an account that belongs to another person is taken from them
 * only where `replace` says so.
 */
export async function importPeople(
  io: CommandIo,
  text: string,
  by: string,
  options: { readonly replace: boolean },
): Promise<ExitCode> {
  const table = readCsv(text)
  const [header, ...rows] = table
  const account = header?.indexOf('jira_account_id') ?? -1
  const login = header?.indexOf('login') ?? -1
  if (account < 0 || login < 0) {
    io.complain('The first line must name the columns jira_account_id and login.')
    return 2
  }
  const links: ProvenAccount[] = []
  const lineOf = new Map<string, number>()
  const flaws: string[] = []
  const seen = new Map<string, string>()
  for (const [place, row] of rows.entries()) {
    const line = place + 2
    const [accountId, loginText] = [row[account]?.trim() ?? '', row[login]?.trim() ?? '']
    if (accountId === '' || loginText === '') {
      flaws.push(`line ${line}: both columns are needed`)
      continue
    }
    const people = await io.ports.store.peopleByAddresses([loginText])
    const ids = [...new Set(people.map((each) => each.personId))]
    const [personId] = ids
    if (personId === undefined) flaws.push(`line ${line}: nobody in the directory has the login "${loginText}"`)
    else if (ids.length > 1) flaws.push(`line ${line}: "${loginText}" fits ${ids.length} people`)
    else if (seen.has(accountId) && seen.get(accountId) !== personId)
      flaws.push(`line ${line}: the account ${accountId} is given to two people`)
    else {
      seen.set(accountId, personId)
      lineOf.set(accountId, line)
      links.push({ system: 'jira', account: accountId, personId, proof: 'administrator import', provenBy: by })
    }
  }
  if (flaws.length > 0) {
    for (const flaw of flaws) io.complain(flaw)
    io.complain('Nothing was imported. Mend these lines and import the file again.')
    return 1
  }
  const linking = await linkAccounts(io.ports, { kind: 'operator', name: io.operator }, links, options)
  if (linking.kind === 'taken') {
    const owners = await io.ports.store.people(linking.links.map((each) => each.personId))
    for (const { account: accountId, personId } of linking.links) {
      const owner = owners.find((each) => each.personId === personId)
      io.complain(
        `line ${lineOf.get(accountId)}: the account ${accountId} belongs to ${owner?.login ?? personId} already`,
      )
    }
    io.complain('Nothing was imported. If these accounts change hands, import the file again with --replace.')
    return 1
  }
  io.say(
    `${lineOf.size} accounts linked, as vouched for by ${by}; ${lineOf.size - linking.changed} of them were so already.`,
  )
  return 0
}
