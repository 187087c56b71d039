import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, isoOf, MINUTE_MS } from '#core/instant.ts'
import { NO_PIM, smallSeed, SUPPORT, UNDER_PIM, userId } from '../tenant-for-tests.ts'
import { setUp, START } from './caller-for-tests.ts'
import type { Caller } from './caller-for-tests.ts'

const REQUESTS = '/identityGovernance/privilegedAccess/group/assignmentScheduleRequests'
const INSTANCES = '/identityGovernance/privilegedAccess/group/assignmentScheduleInstances'

function ask({ call }: Caller, action: string, group: string, inMs: number | null = HOUR_MS, now = START) {
  const expiration =
    inMs === null ? { type: 'noExpiration' } : { type: 'afterDateTime', endDateTime: isoOf(now + inMs) }
  const scheduleInfo = { startDateTime: isoOf(now), expiration }
  return call(
    'POST',
    REQUESTS,
    { accessId: 'member', principalId: userId(260), groupId: group, action, scheduleInfo },
    now,
  )
}

const instances = ({ call }: Caller, filter: string, now = START) =>
  call('GET', `${INSTANCES}?$filter=${encodeURIComponent(filter)}`, undefined, now)

test('an assignment is a membership until its end, and then it is none', () => {
  const caller = setUp()
  const told = ask(caller, 'adminAssign', UNDER_PIM)
  assert.deepEqual([told.status, told.body['status']], [201, 'Provisioned'])
  assert.deepEqual(caller.truth.members(UNDER_PIM, START + HOUR_MS - 1), [userId(260)])
  assert.deepEqual(caller.truth.members(UNDER_PIM, START + HOUR_MS), [])
  assert.deepEqual(caller.truth.changeLog.at(-1)?.by.kind, 'pim')
})

test('who is a member is assigned already, and an assignment that is not there is not updated or removed', () => {
  const caller = setUp()
  caller.add(260, UNDER_PIM)
  assert.equal(caller.code(ask(caller, 'adminAssign', UNDER_PIM)), 'RoleAssignmentExists')
  for (const action of ['adminUpdate', 'adminRemove']) {
    assert.equal(caller.code(ask(caller, action, SUPPORT)), 'RoleAssignmentDoesNotExist', action)
  }
})

test('a plain member of a group under PIM counts as assigned for good, and can be given an end', () => {
  const caller = setUp()
  caller.add(260, UNDER_PIM)
  const [instance] = instances(caller, `groupId eq '${UNDER_PIM}'`).body.value ?? []
  assert.deepEqual([instance?.['principalId'], instance?.['endDateTime']], [userId(260), null])
  assert.equal(ask(caller, 'adminUpdate', UNDER_PIM).status, 201)
  assert.equal(caller.truth.endOf(UNDER_PIM, userId(260)), START + HOUR_MS)
})

test('PIM takes nothing away in the first five minutes, and nothing shorter than that', () => {
  const caller = setUp()
  assert.equal(caller.code(ask(caller, 'adminAssign', UNDER_PIM, MINUTE_MS)), 'ActiveDurationTooShort')
  ask(caller, 'adminAssign', UNDER_PIM)
  assert.equal(caller.code(ask(caller, 'adminRemove', UNDER_PIM)), 'ActiveDurationTooShort')
  assert.equal(ask(caller, 'adminRemove', UNDER_PIM, HOUR_MS, START + 5 * MINUTE_MS).body['status'], 'Revoked')
  assert.deepEqual(caller.truth.members(UNDER_PIM), [])
})

test('a plain removal takes the assignment along', () => {
  const caller = setUp()
  ask(caller, 'adminAssign', UNDER_PIM)
  assert.equal(caller.remove(260, UNDER_PIM).status, 204)
  assert.equal(caller.truth.endOf(UNDER_PIM, userId(260)), null)
})

test('a policy, an edition and a missing permission refuse', () => {
  const caller = setUp()
  assert.equal(caller.code(ask(caller, 'adminAssign', NO_PIM)), 'RoleAssignmentRequestPolicyValidationFailed')
  const free = setUp({ seed: { ...smallSeed(), edition: 'free' } })
  assert.equal(free.code(ask(free, 'adminAssign', UNDER_PIM)), 'AadPremiumLicenseRequired')
  assert.equal(ask(setUp({}, []), 'adminAssign', UNDER_PIM).status, 403)
})

test('instances are asked for by group or by person, and never all of them', () => {
  const caller = setUp()
  ask(caller, 'adminAssign', UNDER_PIM)
  assert.equal(instances(caller, `principalId eq '${userId(260)}'`).body.value?.length, 1)
  assert.equal(caller.call('GET', INSTANCES).status, 400)
})
