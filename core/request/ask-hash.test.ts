import assert from 'node:assert/strict'
import { test } from 'node:test'
import { READERS, WRITERS } from '../catalog/catalog-for-tests.ts'
import { exactAsk } from './ask-hash.ts'

const ASK = { beneficiaryId: 'per_mara', roleId: 'role_reader', groups: [READERS, WRITERS], hours: 6 }

test('the exact ask names the person, the role, the groups and the hours [N24]', () => {
  assert.deepEqual(exactAsk(ASK), {
    person: 'per_mara',
    role: 'role_reader',
    groups: ['okta/00gReaders', 'okta/00gWriters'],
    hours: 6,
  })
})

test('the order of the groups makes no difference, and any other change does [N24]', () => {
  const groups = [WRITERS, READERS]
  assert.deepEqual(exactAsk({ ...ASK, groups }), exactAsk(ASK))
  assert.deepEqual(groups, [WRITERS, READERS], 'the list of the caller is left as it is')
  const others = [
    { ...ASK, beneficiaryId: 'per_max' },
    { ...ASK, roleId: 'role_admin' },
    { ...ASK, groups: [READERS] },
    { ...ASK, groups: [READERS, { ...WRITERS, provider: 'entra' }] },
    { ...ASK, hours: 7 },
    { ...ASK, hours: null },
  ]
  for (const other of others) assert.notDeepEqual(exactAsk(other), exactAsk(ASK))
})
