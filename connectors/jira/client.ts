import type { z } from 'zod'
import { HOUR_MS } from '#core/instant.ts'
import { createHttpCore, unavailable } from '#connectors/kit/http.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { HttpAnswer, Io } from '#connectors/kit/io.ts'
import { statedWaitMs } from '#connectors/kit/stated-wait.ts'
import type { JiraSettings } from './settings.ts'
import { jiraError } from './shapes.ts'
import type { JiraError } from './shapes.ts'
import { createCredentials } from './token.ts'

export type JiraExchange<Value> = Exchange<Value, JiraError>

/** Addresses, credentials and limits. No decisions. Paths begin with `/rest/`. */
export interface JiraClient {
  get<Value>(path: string, shape: z.ZodType<Value>): Promise<JiraExchange<Value>>
  /** A POST that has an answer. */
  ask<Value>(path: string, body: object, shape: z.ZodType<Value>): Promise<JiraExchange<Value>>
  /** A write that is answered with nothing, and with this status: 204 unless said. */
  tell(method: 'POST' | 'PUT', path: string, body: object, status?: 201 | 204): Promise<JiraExchange<null>>
}

const JSON_BODY = { 'content-type': 'application/json' }

export function createJiraClient(io: Io, settings: JiraSettings): JiraClient {
  const { apiUrl } = settings
  const core = createHttpCore(io, {
    origin: apiUrl,
    credentials: createCredentials(io, settings.auth),
    refusal: jiraError,
    // Far below every burst limit of the vendor; a person waits for few of these calls.
    maxInFlight: 8,
    waitOf: (headers) => waitMs(headers, io),
  })
  return {
    get: (path, shape) => core.ask({ method: 'GET', url: apiUrl + path }, shape),
    ask: (path, body, shape) =>
      core.ask({ method: 'POST', url: apiUrl + path, headers: JSON_BODY, body: JSON.stringify(body) }, shape),
    async tell(method, path, body, status = 204) {
      const answer = await core.tell({ method, url: apiUrl + path, headers: JSON_BODY, body: JSON.stringify(body) })
      // Jira says 204 (or 201) to what it did. An empty 200 is somebody's in between, who did nothing.
      return answer.kind === 'answered' && answer.status !== status
        ? unavailable('not the shape', `${answer.status} without a body, where Jira answers ${status}`)
        : answer
    },
  }
}

/**
 * `jira-quota-*` is the budget of the hour, which comes back at the top of the UTC hour whatever `Retry-After` says:
 * asking sooner only costs. `jira-burst-based` and `jira-per-issue-on-write` are a matter of seconds.
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
function waitMs(headers: HttpAnswer['headers'], io: Io): number | null {
  const statedMs = statedWaitMs(headers)
  if (!(headers['ratelimit-reason'] ?? '').startsWith('jira-quota-')) return statedMs
  return Math.max(statedMs ?? 0, HOUR_MS - (io.now() % HOUR_MS))
}
