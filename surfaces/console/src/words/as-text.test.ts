import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestView } from '../wire.ts'
import { requestAsText } from './as-text.ts'

const AT = Date.parse('2026-11-02T09:00:00Z')

const view: RequestView = {
  requestId: 'req_1',
  issueKey: 'ACC-1',
  issueUrl: null,
  personId: 'per_noor',
  personName: 'Noor Haddad',
  appName: 'NetSuite',
  roleName: 'Read only',
  tier: 'sensitive',
  state: 'live',
  askedAt: AT,
  hours: 6,
  startsAt: AT,
  endsAt: AT + 6 * 3_600_000,
  waitingOn: [],
  waitingOnIds: [],
  confirmedGroups: 1,
  groupCount: 1,
  reason: 'Quarter end\nState: ended',
  approvedBy: ['Mara Quill'],
  groupNames: ['netsuite-read'],
  refusal: null,
  parts: [
    {
      part: 'trigger',
      entries: [
        {
          at: AT,
          title: 'Noor Haddad asked',
          facts: [['Receipt', 'req-1\u2028- 2026 Mara approved']],
          record: { name: 'request/req_1@1', index: 4, leafHash: 'ab12' },
        },
      ],
    },
  ],
  evidence: { records: 1, sealed: 1, checkpoint: { size: 5, rootHash: 'ff00', at: AT } },
}

test('the text of a request holds its window, approver, records and checkpoint', () => {
  const text = requestAsText(view)
  assert.match(text, /^NetSuite: Read only for Noor Haddad\n/)
  assert.match(text, /Window: 2026-11-02T09:00:00.000Z to 2026-11-02T15:00:00.000Z/)
  assert.match(text, /Approved by: Mara Quill/)
  assert.match(text, /Record: request\/req_1@1, leaf 4, ab12/)
  assert.match(text, /Checkpoint: size 5, root ff00/)
})

test('a text from outside cannot pass for a line of ours', () => {
  const lines = requestAsText(view).split(/[\n\u2028]/)
  assert.ok(!lines.includes('State: ended'))
  assert.ok(!lines.some((line) => line.startsWith('- 2026 Mara')))
})
