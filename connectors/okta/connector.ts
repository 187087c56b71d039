import type { Connector } from '#connectors/kit/connector.ts'
import { createOktaClient } from './client.ts'
import { configFields, settingsOf } from './config.ts'
import type { OktaConfig } from './config.ts'
import { createDirectory } from './directory.ts'
import { createGroupFacts } from './group-facts.ts'
import { createMemberSource } from './member-source.ts'
import { limitsOf } from './limits.ts'
import { createMembership } from './membership.ts'
import { createSight } from './sight.ts'
import { createTokenSource } from './token.ts'

/** Okta. How to set it up, and what is awkward about it: README.md beside this file. */
export const okta: Connector<OktaConfig> = {
  name: 'okta',
  displayName: 'Okta',
  config: configFields,
  permissions: [
    { scope: 'okta.users.read', neededFor: 'directory' },
    { scope: 'okta.groups.read', neededFor: 'directory' },
    { scope: 'okta.users.read', neededFor: 'membership' },
    { scope: 'okta.groups.read', neededFor: 'membership' },
    { scope: 'okta.groups.manage', neededFor: 'membership' },
  ],
  connect(config, io) {
    const settings = settingsOf(config)
    const budget = io.budget?.('okta', limitsOf(settings.concurrency))
    const client = createOktaClient(io, settings, createTokenSource(io, settings, budget), budget)
    const facts = createGroupFacts(io, client)
    return {
      membership: createMembership(io, client, facts, createMemberSource(io, client), createSight(client)),
      directory: createDirectory(client, facts),
    }
  },
}
