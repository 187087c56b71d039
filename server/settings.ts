import { ConfigFault } from '#connectors/kit/config-fault.ts'
import type { ConfigField } from '#connectors/kit/connector.ts'
import { connectors } from '#connectors/index.ts'
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
  /** Null: the sandbox company. */
  readonly connections: Readonly<Record<string, unknown>> | null
  readonly leaseMs: number
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The sandbox is the default only while no connection is configured at all: one variable of a connector is enough to mean
 * a real company, and then everything that is missing is said.
 */
export function readSettings(environment: Environment): Settings {
  const wantsSandbox = environment['TENURE_SANDBOX'] === '1'
  const configured = Object.values(connectors)
    .flatMap((each) => Object.values(each.config as Record<string, ConfigField>))
    .filter((field) => textOf(environment, field.env) !== '')
  if (wantsSandbox && configured.length > 0) {
    throw new ConfigFault(
      `TENURE_SANDBOX is set, and so is ${configured[0]?.env}: the sandbox and a real connection never run together`,
    )
  }
  const missing = configured.length === 0 ? [] : missingFields(environment)
  if (missing.length > 0) {
    throw new ConfigFault(
      `${configured[0]?.env} is set, so this is a real company, and these are missing: ${missing.join(', ')} (docs/configuration.md)`,
    )
  }
  return {
    stateFolder: defaultStateFolder(environment),
    databaseUrl: environment['DATABASE_URL'] ?? null,
    host: environment['TENURE_HOST'] ?? '127.0.0.1',
    port: portOf(environment, 'TENURE_PORT', 8420),
    webhookHost: environment['TENURE_WEBHOOK_HOST'] ?? '127.0.0.1',
    webhookPort: portOf(environment, 'TENURE_WEBHOOK_PORT', 8421),
    sandboxJiraPort: portOf(environment, 'TENURE_SANDBOX_JIRA_PORT', 8422),
    connections: configured.length === 0 ? null : configsOf(environment),
    leaseMs: numberOf(environment, 'TENURE_LEASE_MS', 5_000, 200, 60_000),
  }
}

/** Every connector has to be configured whole: what is missing is said at once, not one after the other. */
function missingFields(environment: Environment): readonly string[] {
  return Object.values(connectors)
    .flatMap((each) => Object.values(each.config as Record<string, ConfigField>))
    .filter((field) => field.required && textOf(environment, field.env) === '')
    .map((field) => field.env)
}

function configsOf(environment: Environment): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(connectors).map(([name, connector]) => {
      const fields = Object.entries(connector.config as Record<string, ConfigField>)
      return [name, Object.fromEntries(fields.map(([field, { env }]) => [field, textOf(environment, env)]))]
    }),
  )
}

function textOf(environment: Environment, name: string): string {
  return environment[name]?.trim() ?? ''
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
