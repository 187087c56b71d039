/** The configuration of a connection cannot be used. The message is for the operator and never holds a value of a secret field. */
export class ConfigFault extends Error {
  readonly code = 'CONFIG_FAULT'
}
