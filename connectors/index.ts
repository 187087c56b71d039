import { entra } from './entra/connector.ts'
import { jira } from './jira/connector.ts'
import { okta } from './okta/connector.ts'

/** Every connector there is, one line each. Found by name, never by looking at the file system. */
export const connectors = {
  entra,
  jira,
  okta,
}

export type ConnectorName = keyof typeof connectors
