import type { Connector } from '#connectors/kit/connector.ts'
import { createAccount, createSessions } from './account.ts'
import { createActivity } from './activity.ts'
import { createOktaClient } from './client.ts'
import { configFields, settingsOf } from './config.ts'
import type { OktaConfig } from './config.ts'
import { createDirectory } from './directory.ts'
import { createGroupFacts } from './group-facts.ts'
import { createMemberSource } from './member-source.ts'
import { limitsOf } from './limits.ts'
import { createMembership } from './membership.ts'
import { createSight } from './sight.ts'
import { PERMISSIONS } from './permissions.ts'
import { createRights } from './rights.ts'
import { createTokenRequest, createTokenSource } from './token.ts'

/** Okta. How to set it up, and what is awkward about it: README.md beside this file. */
export const okta: Connector<OktaConfig> = {
  name: 'okta',
  displayName: 'Okta',
  config: configFields,
  capabilities: ['directory', 'membership', 'account', 'sessions', 'activity', 'rights'],
  neverTouches: [
    'groups that an application or another directory masters (APP_GROUP), and built-in ones such as Everyone (BUILT_IN)',
    'members whom a group rule holds: a removal would put them on the exclusion list of the rule',
    'applications, rules, policies and administrator roles; accounts only where OKTA_ACCOUNTS is on, and no account is ever deleted',
  ],
  permissions: PERMISSIONS,
  connect(config, io) {
    const settings = settingsOf(config)
    const budget = io.budget?.('okta', limitsOf(settings.concurrency))
    const request = createTokenRequest(io, settings, budget)
    const client = createOktaClient(io, settings, createTokenSource(io, settings, request), budget)
    const facts = createGroupFacts(io, client, () => budget?.payer?.() ?? client)
    return {
      membership: createMembership(io, client, facts, createMemberSource(io, client), createSight(client)),
      directory: createDirectory(io, client, facts),
      ...(settings.accounts ? { account: createAccount(io, client), sessions: createSessions(io, client) } : {}),
      ...(settings.log ? { activity: createActivity(io, client) } : {}),
      rights: createRights(io, settings, request),
    }
  },
}
