import type { Capabilities } from '#connectors/kit/connector.ts'

/** What a connected vendor can do, as people say it. In the order in which one wants to know. */
export const CAPABILITY_WORDS: Readonly<Record<keyof Capabilities, string>> = {
  directory: 'read people and groups',
  membership: 'add, remove and read back members',
  nativeEnd: 'let the vendor end a membership by itself',
  account: 'suspend and restore accounts',
  sessions: 'end sessions',
  activity: 'read the vendor’s own log',
  rights: 'tell what the credentials may do',
  desk: 'take requests and approvals, and keep the record on the ticket',
  webhooks: 'hear of changes by webhook',
}

export const CAPABILITIES = Object.keys(CAPABILITY_WORDS) as readonly (keyof Capabilities)[]
