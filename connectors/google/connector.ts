import type { Capabilities, Connector } from '#connectors/kit/connector.ts'
import { createAccount, createSessions } from './account.ts'
import { createActivity } from './activity.ts'
import { createAddresses } from './addresses.ts'
import { createGoogleClient } from './client.ts'
import { configFields, settingsOf } from './config.ts'
import type { GoogleConfig } from './config.ts'
import { createDirectory } from './directory.ts'
import { createEnds } from './ends.ts'
import { createGroupFacts } from './group-facts.ts'
import { createLabels } from './labels.ts'
import { limitsOf } from './limits.ts'
import { createMemberWrites } from './member-writes.ts'
import { createMembership } from './membership.ts'
import { createNativeEnd } from './native-end.ts'
import { createPeople } from './people.ts'
import { createRights } from './rights.ts'
import { neededBy, PERMISSIONS } from './scopes.ts'
import { throttlingToldApart } from './throttled.ts'
import { createTokens } from './token.ts'
import { createWritable } from './writable.ts'

/** Google Workspace, and Cloud Identity beside it. How to set it up, and what is awkward about it: README.md beside this file. */
export const google: Connector<GoogleConfig> = {
  name: 'google',
  displayName: 'Google Workspace',
  config: configFields,
  capabilities: ['directory', 'membership', 'nativeEnd', 'account', 'sessions', 'activity', 'rights'],
  neverTouches: [
    'dynamic groups: their query alone decides',
    'locked groups, and those that you name as kept by somebody else (GOOGLE_READ_ONLY_GROUPS)',
    'settings of groups, addresses, organisational units and administrator roles',
    'members who are no accounts of your company: nobody is added by an unknown address',
  ],
  permissions: PERMISSIONS,
  connect(config, plainIo) {
    const settings = settingsOf(config)
    const { subject, readOnlyGroups } = settings
    const io = { ...plainIo, fetch: throttlingToldApart(plainIo.fetch) }
    const budget = io.budget?.('google', limitsOf(settings.concurrency))
    const tokens = createTokens(io, settings, budget)
    const client = createGoogleClient(io, settings, tokens, budget)
    const facts = createGroupFacts(io, client)
    const labels = createLabels(io, client, subject)
    const people = createPeople(client)
    const writable = createWritable(facts, readOnlyGroups)
    const writes = createMemberWrites(io, client, facts, people)
    const ends = settings.nativeEnd ? createEnds(io, client, facts, people, writes) : null
    const domain = subject.slice(subject.lastIndexOf('@'))
    const capabilities: Capabilities = {
      membership: createMembership(io, client, facts, labels, people, writable, writes, ends, domain),
      ...(ends ? { nativeEnd: createNativeEnd(ends, writable) } : {}),
      directory: createDirectory(io, client, labels, people, readOnlyGroups),
      account: createAccount(io, client, people, subject),
      sessions: createSessions(io, client),
      activity: createActivity(io, client, createAddresses(io, client, domain)),
    }
    return { ...capabilities, rights: createRights(io, client, tokens, neededBy(capabilities), subject) }
  },
}
