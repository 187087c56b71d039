import type { Capabilities, Connector } from '#connectors/kit/connector.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { RightsFound } from '#connectors/kit/rights.ts'
import { CAPABILITIES, CAPABILITY_WORDS } from '../words/capabilities.ts'
import type { CommandIo, ExitCode } from './command.ts'

/** A connector as far as its declarations go, and what it can do with the configuration that there is. */
export interface Connected {
  readonly connector: Pick<Connector<never>, 'name' | 'displayName' | 'permissions' | 'neverTouches'>
  readonly capabilities: Capabilities
}

export interface ConnectWords {
  readonly provider: string | null
  readonly json: boolean
}

/** `connect --check [--provider okta] [--json]`; null when the words are another command. */
export function readConnectWords(words: readonly string[]): ConnectWords | null {
  const [first, second, ...more] = words
  if (first !== 'connect' || second !== '--check') return null
  let provider: string | null = null
  let json = false
  for (let word = more.shift(); word !== undefined; word = more.shift()) {
    if (word === '--json') json = true
    else if (word === '--provider' && more[0] !== undefined) provider = more.shift() ?? null
    else return null
  }
  return { provider, json }
}

interface Checked {
  readonly name: string
  readonly displayName: string
  readonly can: readonly (keyof Capabilities)[]
  readonly cannot: readonly (keyof Capabilities)[]
  readonly rights: readonly RightLine[]
  readonly tooMany: RightsFound['tooMany']
  readonly warnings: readonly string[]
  readonly neverTouches: readonly string[]
  /** Why the vendor could not be asked; null when it was, or when it is none that can be. */
  readonly unreadable: string | null
}

interface RightLine {
  readonly right: string
  readonly neededFor: readonly (keyof Capabilities)[]
  readonly is: 'held' | 'missing' | 'unknown'
}

/**
 * Asks each connected vendor what our credentials may do, and tells it with what is declared: what Tenure can do there, with
 * which rights, and what it never touches. Nothing is written anywhere. The answer is no when a right is missing or too many, or
 * when a vendor could not be asked.
 */
export async function checkConnections(
  io: Pick<CommandIo, 'say' | 'complain'>,
  connected: readonly Connected[],
  { provider, json }: ConnectWords,
): Promise<ExitCode> {
  const wanted = connected.filter(({ connector }) => provider === null || connector.name === provider)
  if (wanted.length === 0) {
    const names = connected.map(({ connector }) => connector.name).join(', ')
    io.complain(`Nothing of the name "${plainText(provider ?? '', 80)}" is connected; these are: ${names || 'none'}.`)
    return 1
  }
  const found = await Promise.all(wanted.map(check))
  if (json) io.say(JSON.stringify(found))
  else for (const each of found) tell(io, each)
  return found.every(isWell) ? 0 : 1
}

function isWell({ rights, tooMany, unreadable }: Checked): boolean {
  return tooMany.length === 0 && unreadable === null && rights.every((each) => each.is !== 'missing')
}

async function check({ connector, capabilities }: Connected): Promise<Checked> {
  const { name, displayName, permissions, neverTouches } = connector
  const can = CAPABILITIES.filter((each) => capabilities[each] !== undefined)
  const reading = await capabilities.rights?.check()
  const told = reading?.kind === 'read' ? reading.value : null
  const scopes = new Set(permissions.filter((each) => can.includes(each.neededFor)).map((each) => each.scope))
  const isAsked = told !== null && (told.held.length > 0 || told.missing.length > 0)
  const rights = [...scopes].map((right): RightLine => {
    const neededFor = permissions.filter((each) => each.scope === right).map((each) => each.neededFor)
    // Another right may serve as well: so what the connector does not call missing is held.
    return { right, neededFor, is: !isAsked ? 'unknown' : told.missing.includes(right) ? 'missing' : 'held' }
  })
  return {
    name,
    displayName,
    can,
    cannot: CAPABILITIES.filter((each) => !can.includes(each)),
    rights,
    tooMany: told?.tooMany ?? [],
    warnings: told?.warnings ?? [],
    neverTouches,
    unreadable: reading === undefined || reading.kind === 'read' ? null : plainText(reading.said, 300),
  }
}

const IS: Readonly<Record<RightLine['is'], string>> = { held: 'held   ', missing: 'MISSING', unknown: 'unknown' }

function tell({ say }: Pick<CommandIo, 'say'>, each: Checked): void {
  say(`${each.displayName} (${each.name})`)
  for (const one of each.can) say(`  can            ${CAPABILITY_WORDS[one]}`)
  for (const { right, neededFor, is } of each.rights) {
    say(
      `  right ${IS[is]}  ${plainText(right, 100)}, to ${neededFor.map((one) => CAPABILITY_WORDS[one]).join('; to ')}`,
    )
  }
  for (const { right, why } of each.tooMany) say(`  RIGHT TOO MANY ${plainText(right, 100)}: ${plainText(why, 500)}`)
  for (const warning of each.warnings) say(`  warning        ${plainText(warning, 500)}`)
  if (each.unreadable !== null) say(`  NOT ASKED      ${each.unreadable}`)
  for (const one of each.neverTouches) say(`  never touches  ${one}`)
  say('')
}
