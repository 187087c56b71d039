import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { RequestReads } from '#engine/read/request-reads.ts'
import { buildApi } from '../api.ts'
import type { ApiOptions } from '../api-options.ts'
import type { Entry } from '../entry.ts'
import { createEntry } from '../entry.ts'
import type { Sandbox } from '../sandbox.ts'
import { SAMPLE_GAUGES } from './sample-alarms.ts'
import { readsOver, SAMPLE_NOW, sampleLine } from './sample-requests.ts'

/** The whole server without a socket, with a browser in front of it that came in by a link. */
export interface ApiUnderTest {
  readonly app: FastifyInstance
  readonly entry: Entry
  readonly faults: string[]
  readonly clock: { wall: number }
  /** A cookie header of a session that is live. */
  readonly cookie: string
  /** As the browser with the session. */
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** As a page of ours in that browser. */
  post(url: string, payload: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** As anybody: exactly these headers, with our host unless told. */
  raw(options: InjectOptions): Promise<LightMyRequestResponse>
}

export const HOST = '127.0.0.1:4400'

export const SAMPLE_SANDBOX: Sandbox = {
  companyName: 'Halden Supply',
  persons: async () => [
    { personId: 'per_noor', name: 'Noor Haddad', title: 'Contractor', department: 'Finance' },
    { personId: 'per_mara', name: 'Mara Quill', title: 'Controller', department: 'Finance' },
  ],
  advance: async () => {},
}

export async function apiUnderTest(
  changes: Partial<ApiOptions> & { readonly requests?: RequestReads } = {},
): Promise<ApiUnderTest> {
  const clock = { wall: SAMPLE_NOW }
  const entry = createEntry({ wallNow: () => clock.wall })
  const faults: string[] = []
  const reads = changes.requests ?? readsOver([sampleLine({ requestId: 'req_1' })])
  const app = buildApi({
    reads: () => reads,
    halts: () => ({ orders: async () => [] }),
    alarms: () => ({ overdue: async () => [], gauges: async () => SAMPLE_GAUGES }),
    sandbox: SAMPLE_SANDBOX,
    console: { state: () => ({ kind: 'building' }) },
    entry,
    now: () => SAMPLE_NOW,
    askUrl: () => null,
    onFault: (fault, where) => faults.push(`${where}: ${fault instanceof Error ? fault.message : String(fault)}`),
    ...changes,
  })
  const raw = (options: InjectOptions): Promise<LightMyRequestResponse> =>
    app.inject({ ...options, headers: { host: HOST, ...options.headers } })
  const entered = await raw({ url: pathOf(entry.createLink(`http://${HOST}`)) })
  const cookie = String(entered.headers['set-cookie']).split(';')[0] ?? ''
  return {
    app,
    entry,
    faults,
    clock,
    cookie,
    raw,
    get: (url, headers = {}) => raw({ url, headers: { cookie, ...headers } }),
    post: (url, payload, headers = {}) =>
      raw({
        method: 'POST',
        url,
        headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers },
        payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
      }),
  }
}

export function pathOf(link: string): string {
  const url = new URL(link)
  return url.pathname + url.search
}

export function codeOf(answer: LightMyRequestResponse): unknown {
  return answer.json<{ error?: { code?: string } }>().error?.code
}
