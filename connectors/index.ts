import type { Connector } from './kit/connector.ts'
import { entra } from './entra/connector.ts'
import { google } from './google/connector.ts'
import { jira } from './jira/connector.ts'
import { okta } from './okta/connector.ts'

/** Every connector there is, one line each. Found by name, never by looking at the file system. */
export const connectors = {
  entra,
  google,
  jira,
  okta,
}

export type ConnectorName = keyof typeof connectors

/** A connector whose configuration nobody has to know: it comes as text from the environment, and is judged by the connector. */
export type AnyConnector = Omit<Connector<never>, 'config'> & { readonly config: object }
export type Registry = Readonly<Record<string, AnyConnector>>
