import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { generateCompany, SANDBOX_SEED } from './company.ts'
import { storiesOf } from './stories.ts'
import { tourOf } from './tour.ts'

const company = generateCompany(SANDBOX_SEED)

test('docs/sandbox.md says what the company is (else run node sandbox/company/write-tour.ts)', () => {
  assert.equal(readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8'), tourOf(company))
})

test('the tour tells of every ask of every case', () => {
  const told = storiesOf(company.cases).flatMap((story) => story.asks)
  const asks = Object.values(company.cases)
    .flat()
    .filter((each) => typeof each === 'object' && 'roleId' in each)
  assert.deepEqual(
    asks.filter((ask) => !told.includes(ask)),
    [],
  )
  assert.equal(told.length, asks.length)
})

test('the owner who answers the contractor is not their manager, as the tour says', () => {
  const { personId, then } = company.cases.contractorReadsNetSuite
  const managerId = company.people.find((person) => person.id === personId)?.managerId
  assert.ok(then.kind === 'answered by' && managerId && !then.personIds.includes(managerId))
})
