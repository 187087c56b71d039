import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSmallSite, PEOPLE, smallSeed, type Small } from '../test/small-site.ts'
import { accessWorkflow } from './workflow.ts'

async function askedOf(approvers: readonly string[], needed = 1): Promise<{ small: Small; key: string; path: string }> {
  const workflow = { ...accessWorkflow, approvalStep: { ...accessWorkflow.approvalStep, needed } }
  const small = openSmallSite({ seed: { workflow } })
  const key = small.raise()
  await small.desk.askForApproval(key, approvers)
  const id = small.standIn.ticket(key)?.approvals[0]?.id
  return { small, key, path: `/rest/servicedeskapi/request/${key}/approval/${id}` }
}

test('only a pending approver may answer: everybody else gets 403, agents and the service account too [R119]', async () => {
  const { small, key, path } = await askedOf([PEOPLE.grace])
  for (const stranger of [PEOPLE.rosa, smallSeed.serviceAccount.accountId]) {
    assert.equal(small.as(stranger, 'POST', path, { decision: 'approve' }).status, 403, stranger)
  }
  // Who may not even see the request is told nothing about it.
  assert.equal(small.as(PEOPLE.linus, 'POST', path, { decision: 'approve' }).status, 404)
  assert.equal(small.standIn.ticket(key)?.status, 'Waiting for approval')
})

test('a second answer is a conflict, by the same approver and after completion [R120]', async () => {
  const { small, path } = await askedOf([PEOPLE.grace, PEOPLE.linus])
  assert.equal(small.as(PEOPLE.grace, 'POST', path, { decision: 'approve' }).status, 200)
  assert.equal(small.as(PEOPLE.grace, 'POST', path, { decision: 'decline' }).status, 409)
  assert.equal(small.as(PEOPLE.linus, 'POST', path, { decision: 'decline' }).status, 409)
})

test('completing the approval moves the ticket in the name of who completed it', async () => {
  const { small, key, path } = await askedOf([PEOPLE.grace, PEOPLE.linus], 2)
  small.as(PEOPLE.grace, 'POST', path, { decision: 'approve' })
  assert.equal(small.standIn.ticket(key)?.status, 'Waiting for approval')
  small.as(PEOPLE.linus, 'POST', path, { decision: 'approve' })
  const last = small.standIn.ticket(key)?.history.at(-1)
  assert.deepEqual([last?.by, last?.items[0]?.toText], [PEOPLE.linus, 'Approved'])
})

test('one decline is enough', async () => {
  const { small, key, path } = await askedOf([PEOPLE.grace, PEOPLE.linus], 2)
  small.as(PEOPLE.linus, 'POST', path, { decision: 'decline' })
  assert.equal(small.standIn.ticket(key)?.status, 'Declined')
})

test('a request that waits for approval has no exit for agents', async () => {
  const { small, key } = await askedOf([PEOPLE.grace])
  const { transitions } = JSON.parse(small.as(PEOPLE.rosa, 'GET', `/rest/api/3/issue/${key}/transitions`).body) as {
    transitions: unknown[]
  }
  assert.deepEqual(transitions, [])
  for (const { id } of accessWorkflow.transitions) {
    const answer = small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id } })
    assert.equal(answer.status, 400, id)
  }
})

test('an any-status transition, as a careless workflow has, goes round the approval and leaves it unanswered', async () => {
  const hole = { id: '999', name: 'Grant anyway', from: 'any', to: 'Approved', by: 'agents' } as const
  const small = openSmallSite({
    seed: { workflow: { ...accessWorkflow, transitions: [...accessWorkflow.transitions, hole] } },
  })
  const key = small.raise()
  await small.desk.askForApproval(key, [PEOPLE.grace])
  assert.equal(
    small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id: '999' } }).status,
    204,
  )
  const reading = await small.desk.issue(key)
  assert.ok(reading.kind === 'read')
  assert.deepEqual([reading.value.status, reading.value.approvals[0]?.decision], ['approved', 'pending'])
})

test('an approval for nobody cannot be answered: the ticket waits without one', () => {
  const small = openSmallSite()
  const key = small.raise()
  small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id: '11' } })
  assert.deepEqual(small.standIn.ticket(key)?.approvals, [])
})

test('anybody who can log in may revoke live access, and only from the live status', async () => {
  const small = openSmallSite()
  const key = small.raise()
  const revoke = () =>
    small.as(PEOPLE.ada, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id: '81' } }).status
  assert.equal(revoke(), 400)
  await small.desk.move(key, 'approved')
  assert.equal(revoke(), 400)
  await small.desk.move(key, 'live')
  assert.equal(revoke(), 204)
  assert.equal(small.standIn.ticket(key)?.history.at(-1)?.by, PEOPLE.ada)
  assert.equal((await small.desk.move(key, 'live')).kind, 'changed')
})

test('who has left cannot log in', () => {
  const small = openSmallSite()
  small.raise()
  assert.equal(small.as(PEOPLE.mallory, 'GET', '/rest/api/3/issue/ACC-1').status, 401)
})
