import type { Capabilities, Connector } from '#connectors/kit/connector.ts'
import { createRenewedToken } from '#connectors/kit/renewed-token.ts'
import { createAccount, createSessions } from './account.ts'
import { createActivity } from './activity.ts'
import { createAssignments } from './assignments.ts'
import { createEntraClient } from './client.ts'
import { configFields, settingsOf } from './config.ts'
import type { EntraConfig } from './config.ts'
import { createDirectory } from './directory.ts'
import { createGroupFacts } from './group-facts.ts'
import { limitsOf } from './limits.ts'
import { createMemberWrites } from './member-writes.ts'
import { createMembership } from './membership.ts'
import { createNativeEnd } from './native-end.ts'
import { neededBy, PERMISSIONS } from './permissions.ts'
import { createRights } from './rights.ts'
import { createTokenRequest } from './token.ts'
import { createWritable } from './writable.ts'

/** Microsoft Entra ID, through Microsoft Graph. How to set it up, and what is awkward about it: README.md beside this file. */
export const entra: Connector<EntraConfig> = {
  name: 'entra',
  displayName: 'Microsoft Entra ID',
  config: configFields,
  capabilities: ['directory', 'membership', 'nativeEnd', 'account', 'sessions', 'activity', 'rights'],
  neverTouches: [
    'groups with dynamic membership: their rule alone decides',
    'groups that are synchronised from Active Directory, and mail-enabled ones, which Exchange manages',
    'groups to which directory roles may be assigned',
    'people: Tenure asks for no right to create, change or delete them, beyond switching an account off and on',
  ],
  permissions: PERMISSIONS,
  connect(config, io) {
    const settings = settingsOf(config)
    const budget = io.budget?.('entra', limitsOf(settings.concurrency))
    const request = createTokenRequest(io, settings, budget)
    const client = createEntraClient(io, settings, createRenewedToken(io.now, request), budget)
    const facts = createGroupFacts(io, client)
    const writable = createWritable(facts)
    const writes = createMemberWrites(io, client, facts)
    const assignments = settings.nativeEnd ? createAssignments(io, client) : null
    const capabilities: Capabilities = {
      membership: createMembership(io, client, facts, writable, writes, assignments),
      ...(assignments ? { nativeEnd: createNativeEnd(io, client, assignments, writes, writable) } : {}),
      directory: createDirectory(io, client),
      account: createAccount(io, client),
      sessions: createSessions(io, client),
      activity: createActivity(io, client),
    }
    return { ...capabilities, rights: createRights(request, neededBy(capabilities)) }
  },
}
