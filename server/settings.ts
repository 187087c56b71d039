import { join, resolve } from 'node:path'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import type { ConfigField } from '#connectors/kit/connector.ts'
import { connectors, type AnyConnector, type Registry } from '#connectors/index.ts'
import { OVERDUE_AFTER_MS } from '#core/grant/overdue.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import { defaultStateFolder } from '#engine/store/embedded-postgres/state-folder.ts'

/** What the environment says, checked before anything starts. */
export interface Settings {
  readonly stateFolder: string
  readonly databaseUrl: string | null
  readonly host: string
  readonly port: number
  readonly webhookHost: string
  readonly webhookPort: number
  /** Where the sandbox serves its stand-in of Jira. */
  readonly sandboxJiraPort: number
  readonly sandboxDirectoriesPort: number
  /** What was configured, by the connector's name. Null: the sandbox company. */
  readonly connections: Readonly<Record<string, unknown>> | null
  readonly leaseMs: number
  /** How long an end of access may be unproven before people are called. */
  readonly overdueAfterMs: number
  /** Where the list of live windows is kept outside the database. */
  readonly windowsFolder: string
  /** A secret; null: nobody listens to our silence. */
  readonly heartbeatUrl: string | null
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The sandbox is the default only while no connection is configured at all: one variable of a connector is enough to mean
 * a real company, and then everything that is missing is said. `registry`: every connector there is.
 */
export function readSettings(environment: Environment, registry: Registry = connectors): Settings {
  const wantsSandbox = environment['TENURE_SANDBOX'] === '1'
  const used = connectorsIn(environment, registry)
  const configured = used.flatMap(fieldsOf).filter((field) => textOf(environment, field.env) !== '')
  if (wantsSandbox && configured.length > 0) {
    throw new ConfigFault(
      `TENURE_SANDBOX is set, and so is ${configured[0]?.env}: the sandbox and a real connection never run together`,
    )
  }
  const missing = configured.length === 0 ? [] : missingIn(environment, registry, used)
  if (missing.length > 0) {
    throw new ConfigFault(
      `${configured[0]?.env} is set, so this is a real company, and these are missing: ${missing.join('; ')} (docs/configuration.md)`,
    )
  }
  const stateFolder = defaultStateFolder(environment)
  return {
    stateFolder,
    databaseUrl: environment['DATABASE_URL'] ?? null,
    host: environment['TENURE_HOST'] ?? '127.0.0.1',
    port: portOf(environment, 'TENURE_PORT', 8420),
    webhookHost: environment['TENURE_WEBHOOK_HOST'] ?? '127.0.0.1',
    webhookPort: portOf(environment, 'TENURE_WEBHOOK_PORT', 8421),
    sandboxJiraPort: portOf(environment, 'TENURE_SANDBOX_JIRA_PORT', 8422),
    sandboxDirectoriesPort: portOf(environment, 'TENURE_SANDBOX_DIRECTORIES_PORT', 8423),
    connections: configured.length === 0 ? null : configsOf(environment, used),
    leaseMs: numberOf(environment, 'TENURE_LEASE_MS', 5_000, 200, 60_000),
    overdueAfterMs: durationOf(environment, 'TENURE_OVERDUE_AFTER', OVERDUE_AFTER_MS),
    windowsFolder: resolve(
      textOf(environment, 'TENURE_WINDOWS_FOLDER') ||
        join(stateFolder, configured.length === 0 ? 'sandbox' : '', 'windows'),
    ),
    heartbeatUrl: heartbeatUrlOf(textOf(environment, 'TENURE_HEARTBEAT_URL')),
  }
}

/** Those of which at least one variable is set. */
function connectorsIn(environment: Environment, registry: Registry): readonly AnyConnector[] {
  return Object.values(registry).filter((each) => fieldsOf(each).some(({ env }) => textOf(environment, env) !== ''))
}

/**
 * A connector that is used has to be configured whole, and a company has at least one directory and one ticket system: all that
 * is missing is said at once.
 */
function missingIn(environment: Environment, registry: Registry, used: readonly AnyConnector[]): readonly string[] {
  const fields = used.flatMap(fieldsOf).filter((field) => field.required && textOf(environment, field.env) === '')
  const lacking = (['membership', 'desk'] as const).filter(
    (one) => !used.some((each) => each.capabilities.includes(one)),
  )
  return [
    ...fields.map((field) => field.env),
    ...lacking.map((one) => {
      const choice = Object.values(registry).filter((each) => each.capabilities.includes(one))
      const named = choice.map((each) => `${each.displayName} (${requiredOf(each)})`)
      return `${one === 'desk' ? 'a ticket system' : 'a directory'}, ${named.join(' or ')}`
    }),
  ]
}

function requiredOf(connector: AnyConnector): string {
  const required = fieldsOf(connector).filter((field) => field.required)
  return `${required.map((field) => field.env).join(', ')}, …`
}

function configsOf(environment: Environment, used: readonly AnyConnector[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    used.map(({ name, config }) => {
      const fields = Object.entries(config as Record<string, ConfigField>)
      return [name, Object.fromEntries(fields.map(([field, { env }]) => [field, textOf(environment, env)]))]
    }),
  )
}

function fieldsOf({ config }: AnyConnector): readonly ConfigField[] {
  return Object.values(config as Record<string, ConfigField>)
}

function textOf(environment: Environment, name: string): string {
  return environment[name]?.trim() ?? ''
}

const UNIT_MS = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS } as const

/** `90s`, `15m`, `2h`: from a minute to a week. */
function durationOf(environment: Environment, name: string, otherwise: number): number {
  const text = textOf(environment, name)
  if (text === '') return otherwise
  const [, count = '', unit = ''] = /^(\d{1,6})\s*([smh])$/.exec(text) ?? []
  const ms = Number(count) * UNIT_MS[(unit || 's') as keyof typeof UNIT_MS]
  if (count === '' || ms < MINUTE_MS || ms > 7 * DAY_MS)
    throw new ConfigFault(`${name} must be a time from 1m to 168h, such as 15m, and is "${text}"`)
  return ms
}

/** The address is a secret, so what is wrong with it is said without it. */
function heartbeatUrlOf(text: string): string | null {
  if (text === '') return null
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '')
    throw new ConfigFault('TENURE_HEARTBEAT_URL is not an address, e.g. https://alarms.example/ping/… (no user, no #)')
  const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    throw new ConfigFault('TENURE_HEARTBEAT_URL must be reached by https')
  return url.href
}

function portOf(environment: Environment, name: string, otherwise: number): number {
  return numberOf(environment, name, otherwise, 0, 65_535)
}

function numberOf(environment: Environment, name: string, otherwise: number, least: number, most: number): number {
  const text = textOf(environment, name)
  if (text === '') return otherwise
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most)
    throw new ConfigFault(`${name} must be a whole number from ${least} to ${most}, and is "${text}"`)
  return value
}
