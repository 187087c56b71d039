import type { Connector } from '#connectors/kit/connector.ts'
import { createJiraClient } from './client.ts'
import { configFields } from './config.ts'
import type { JiraConfig } from './config.ts'
import { createDesk } from './desk.ts'
import { settingsOf } from './settings.ts'
import { verifyJiraWebhook } from './webhook.ts'

/** Jira Service Management. How to set it up, and what is awkward about it: README.md beside this file. */
export const jira: Connector<JiraConfig> = {
  name: 'jira',
  displayName: 'Jira Service Management',
  config: configFields,
  capabilities: ['desk', 'webhooks'],
  neverTouches: ['issues of other projects and request types', 'workflows, permissions and other settings of the site'],
  permissions: [
    { scope: 'read:jira-work', neededFor: 'desk' },
    { scope: 'write:jira-work', neededFor: 'desk' },
    { scope: 'read:jira-user', neededFor: 'desk' },
    { scope: 'read:servicedesk-request', neededFor: 'desk' },
  ],
  connect(config, io) {
    const settings = settingsOf(config)
    const { siteUrl, webhookSecret: secret } = settings
    const desk = createDesk(io, createJiraClient(io, settings), settings)
    if (secret === null) return { desk }
    return { desk, webhooks: { verify: (posted) => verifyJiraWebhook({ ...posted, secret, siteUrl }) } }
  },
}
