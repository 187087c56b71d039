import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupStream, membershipStream, sameGroup } from './membership-key.ts'

const OKTA = { provider: 'okta', id: '00g1' }

test('a group is the same when provider and id are', () => {
  assert.ok(sameGroup(OKTA, { provider: 'okta', id: '00g1' }))
  assert.ok(!sameGroup(OKTA, { provider: 'entra', id: '00g1' }))
  assert.ok(!sameGroup(OKTA, { provider: 'okta', id: '00G1' }))
})

test('a membership and a group each have one stream, and no two share one', () => {
  assert.equal(groupStream(OKTA), 'group/okta/00g1')
  assert.equal(membershipStream({ group: OKTA, personId: 'per_1' }), 'membership/okta/00g1/per_1')
  const streams = ['per_1', 'per_2'].flatMap((personId) =>
    [OKTA, { ...OKTA, id: '00g2' }, { ...OKTA, provider: 'entra' }].map((group) =>
      membershipStream({ group, personId }),
    ),
  )
  assert.equal(new Set(streams).size, 6)
})
