import type { Instant } from '#core/instant.ts'
import { HOUR_MS } from '#core/instant.ts'
import type { RequestReads } from '#engine/read/request-reads.ts'
import type { RequestLine, RequestView } from '#engine/read/request-view.ts'

/** One line with sensible values, for the tests of this surface. */
export function sampleLine(changes: Partial<RequestLine> & { readonly requestId: string }): RequestLine {
  return {
    issueKey: 'ACC-1',
    issueUrl: 'https://desk.example/browse/ACC-1',
    personId: 'per_noor',
    personName: 'Noor Haddad',
    appName: 'NetSuite',
    roleName: 'Read only',
    tier: 'sensitive',
    state: 'live',
    askedAt: 0,
    hours: 6,
    startsAt: 0,
    endsAt: 6 * HOUR_MS,
    waitingOn: [],
    waitingOnIds: [],
    confirmedGroups: 1,
    groupCount: 1,
    ...changes,
  }
}

export function sampleView(line: RequestLine): RequestView {
  return {
    ...line,
    reason: 'Quarter end',
    approvedBy: ['Mara Quill'],
    groupNames: ['netsuite-read'],
    refusal: null,
    parts: [],
    evidence: { records: 0, sealed: 0, checkpoint: null },
  }
}

/** Reads over a fixed list, newest first, as the contract says. `asked` counts the lines handed out. */
export function readsOver(lines: readonly RequestLine[]): RequestReads & { readonly asked: { lines: number } } {
  const asked = { lines: 0 }
  return {
    asked,
    list: async ({ limit, before }) => {
      const at = before === undefined ? 0 : lines.findIndex((line) => line.requestId === before) + 1
      const page = before !== undefined && at === 0 ? [] : lines.slice(at, at + limit)
      asked.lines += page.length
      return page
    },
    view: async (requestId) => {
      const line = lines.find((one) => one.requestId === requestId)
      return line ? sampleView(line) : null
    },
  }
}

export const SAMPLE_NOW: Instant = Date.parse('2026-11-02T09:00:00Z')
