import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { syncDirectory } from '#engine/directory/sync-directory.ts'
import type { CaseAsk } from '#sandbox/company/cases.ts'
import { JIRA_FIELDS } from '#sandbox/seeds/jira-seed.ts'
import { holds } from './holds.ts'
import {
  approversOf,
  ask,
  changesOf,
  groupsOfRole,
  isMember,
  nameOf,
  notedOn,
  person,
  personOf,
  recordsOf,
  requestOf,
  saidOn,
  statusOf,
  ticketOf,
  wayOf,
} from './seen.ts'
import { openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

const jiraAccountOf = (personId: string) => world.company.people.find((each) => each.id === personId)?.jiraAccountId

/** Asked exactly whom the case says, in Jira's own approval. */
function askedOf(key: string): readonly string[] {
  const [approval] = ticketOf(world, key).approvals
  return (approval?.answers ?? []).map((each) => each.account).sort()
}

const answered = [
  ['the manager', 'roleOfFiveGroups', 'Nikhil Rao approved as manager'],
  ['the owner of the app', 'contractorReadsNetSuite', 'Valentina Cruz approved as app owner'],
  ['a named approver', 'heldByAnotherHand', 'Elif Kaya approved as named approver'],
  ['security', 'engineerOperatesProduction', 'Mara Quill approved as security'],
  ['the manager of an owner', 'ownerAsksForOwnApp', 'Thandiwe Dlamini approved as manager'],
] as const

for (const [who, name, words] of answered) {
  test(`${who} is asked in the approval of Jira, answers, and access is live [R014, R015, R033]`, async () => {
    const asked = world.company.cases[name]
    const key = await ask(world, asked)
    assert.equal(statusOf(world, key), 'Waiting for approval')
    assert.deepEqual(askedOf(key), approversOf(asked).map(jiraAccountOf).sort())
    const names = approversOf(asked).map((id) => nameOf(world, id))
    assert.match(
      saidOn(world, key)[0] ?? '',
      new RegExp(`^This waits for an approval by ${names.join(' or ')}\\. Person`),
    )

    const decider = approversOf(asked)[0] ?? ''
    assert.equal((await world.people.answer(decider, key, 'approve')).status, 200)
    await world.pass(5_000)
    assert.deepEqual(wayOf(world, key), ['Submitted', 'Waiting for approval', 'Approved', 'Access live'])
    for (const group of groupsOfRole(world, asked.roleId)) assert.equal(isMember(world, group, asked.personId), true)
    assert.match(saidOn(world, key)[1] ?? '', new RegExp(`^${words}\\. The access is being set up`))
    const approved = (await recordsOf(world, key)).find((each) => each.type === 'RequestApproved')
    assert.deepEqual(approved?.by, { kind: 'person', id: decider, door: 'jira' })
    assert.match(notedOn(world, key)[0] ?? '', /^Rule .+, version 1 Approval jira approval \d+ Exact ask [0-9a-f]{64}$/)
  })
}

test('the approver reads what the groups are, for how long, and the mark of the exact ask [N24]', async () => {
  const asked = { ...world.company.cases.contractorReadsNetSuite, personId: person(world, 'Noor Rahimi').id, hours: 24 }
  const key = await ask(world, asked)
  const { submitted } = await requestOf(world, key)
  assert.equal(
    saidOn(world, key)[0],
    'This waits for an approval by Valentina Cruz. Person Noor Rahimi Access NetSuite: Read only (sensitive) ' +
      'How long 24 hours, from the moment it is live; it ends by itself Groups netsuite-read-only ' +
      `Who can approve Valentina Cruz (app owner) Exact ask ${submitted?.askHash.slice(0, 16)}`,
  )
})

test('a decline ends the request, and says who declined', async () => {
  const asked: CaseAsk = {
    ...world.company.cases.engineerOperatesProduction,
    personId: person(world, 'Quentin Moreau').id,
  }
  const key = await ask(world, asked)
  assert.equal((await world.people.answer(approversOf(asked)[1] ?? '', key, 'decline')).status, 200)
  await world.pass(60_000)
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Waiting for approval', 'Declined'])
  assert.equal(saidOn(world, key)[1], 'Priya Raman declined. No access was given.')
  assert.deepEqual(changesOf(world, asked.personId), [])
  assert.equal((await requestOf(world, key)).status, 'declined')
})

test('an approval is answered once: the second answer is refused by Jira, and changes nothing [R120, I13]', async () => {
  const asked: CaseAsk = {
    ...world.company.cases.engineerOperatesProduction,
    personId: person(world, 'Petra Novak').id,
  }
  const key = await ask(world, asked)
  const [first = '', second = ''] = approversOf(asked)
  assert.equal((await world.people.answer(first, key, 'approve')).status, 200)
  assert.equal((await world.people.answer(first, key, 'approve')).status, 409)
  assert.equal((await world.people.answer(second, key, 'decline')).status, 409)
  await world.pass(5_000)
  assert.equal(statusOf(world, key), 'Access live')
  const types = (await recordsOf(world, key)).map((each) => each.type)
  assert.equal(types.filter((type) => type === 'RequestApproved').length, 1)
  assert.equal(types.filter((type) => type === 'WindowStarted').length, 1)
})

test('an agent asks on behalf of somebody, and may not approve what they asked for [R020, I15]', async () => {
  const owner = person(world, 'Rosalind Achterberg')
  const { jiraAccountId, id: personId } = person(world, 'Sakura Ito')
  const raised = world.standIns.jira.answer(
    {
      method: 'POST',
      url: 'https://halden.atlassian.example/rest/servicedeskapi/request',
      headers: { authorization: world.standIns.jira.authorizationOf(owner.jiraAccountId) },
      body: JSON.stringify({
        serviceDeskId: '1',
        requestTypeId: '31',
        raiseOnBehalfOf: jiraAccountId,
        requestFieldValues: {
          [JIRA_FIELDS.app]: { value: 'Ironclad' },
          [JIRA_FIELDS.role]: { value: 'Contract reader' },
          [JIRA_FIELDS.duration]: { value: '7 days' },
          [JIRA_FIELDS.reason]: 'A licence for the new typeface.',
        },
      }),
    },
    world.clock.now(),
  )
  const { issueKey: key } = JSON.parse(raised.body) as { issueKey: string }
  await world.settle()
  const { code, submitted } = await requestOf(world, key)
  // The only one whom the rule would ask is the manager, and she is the one who asks.
  assert.deepEqual([code, submitted, owner.id], ['nobody can approve', null, personOf(world, personId).managerId])
  assert.match(saidOn(world, key)[0] ?? '', /nobody can approve this now \(manager: own request\)/)
})

test('whoever alone could approve their own request is refused in words, and nobody is asked [R020, I15]', async () => {
  const asked = world.company.cases.onlyOwnerCouldApprove
  const key = await ask(world, asked)
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Refused'])
  const [said, ...more] = saidOn(world, key)
  assert.match(
    said ?? '',
    /^By the rule "The owner of the app" nobody can approve this now \(app owner: own request\)\./,
  )
  assert.match(said ?? '', /Who can look into it: Stellan Berg and Tove Nyberg\.$/)
  assert.deepEqual(more, [])
  assert.deepEqual(ticketOf(world, key).approvals, [])
})

test('an approver whose account is not proven is nobody to ask, and the requester is told [R119, I17]', async () => {
  const key = await ask(world, world.company.cases.approverWithoutLink)
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Refused'])
  assert.match(saidOn(world, key)[0] ?? '', /nobody can approve this now \(named approver: account not proven\)/)
})

test('a manager who has left is nobody to ask [I22]', async () => {
  const key = await ask(world, world.company.cases.managerHasLeft)
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Refused'])
  assert.match(saidOn(world, key)[0] ?? '', /nobody can approve this now \(manager: nobody named\)/)
})

test('two accounts of one person count as one: neither may approve what the other asked for [R020, I15]', async () => {
  const { ownerWithTwoAccounts: asked } = world.company.cases
  const [, second] = asked.jiraAccountIds
  const key = await ask(world, asked)
  assert.deepEqual(askedOf(key), approversOf(asked).map(jiraAccountOf).sort())
  // An agent puts the second account among the approvers by hand.
  const approvers = [...askedOf(key), second].map((accountId) => ({ accountId }))
  const edited = await world.people.edit(person(world, 'Stellan Berg').id, key, { [JIRA_FIELDS.approvers]: approvers })
  assert.equal(edited.status, 204, edited.body)
  assert.equal((await world.people.answer(second, key, 'approve')).status, 200)
  await world.pass(5_000)
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Waiting for approval', 'Approved', 'Refused'])
  assert.match(saidOn(world, key)[1] ?? '', /^Nobody approves their own request, by any account of theirs\./)
  assert.match(saidOn(world, key)[2] ?? '', /nothing was given\. Ask with a new request\.$/)
  assert.deepEqual(changesOf(world, asked.personId), [])
})

test('a colleague whom somebody wrote into the approvers field cannot approve [R119, I15, I16]', async () => {
  const asked: CaseAsk = {
    ...world.company.cases.engineerOperatesProduction,
    personId: person(world, 'Kavita Menon').id,
  }
  const colleague = person(world, 'Noor Rahimi')
  const key = await ask(world, asked)
  const accounts = [...askedOf(key), colleague.jiraAccountId].map((accountId) => ({ accountId }))
  await world.people.edit(person(world, 'Stellan Berg').id, key, { [JIRA_FIELDS.approvers]: accounts })
  assert.equal((await world.people.answer(colleague.id, key, 'approve')).status, 200)
  await world.pass(5_000)
  assert.equal(statusOf(world, key), 'Refused')
  assert.match(saidOn(world, key)[1] ?? '', /^The answer came from somebody who may not give it/)
  assert.deepEqual(changesOf(world, asked.personId), [])
})

test('an account that is nobody of the directory is refused, visibly [R119]', async () => {
  const { jiraAccountId } = world.company.cases.strangerAccount
  const asked = { ...world.company.cases.engineerOperatesProduction, personId: jiraAccountId }
  const key = await ask(world, asked)
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Refused'])
  assert.match(saidOn(world, key)[0] ?? '', /^This Jira account could not be matched with exactly one proven person/)
})

test('an equal, verified e-mail address is enough to ask for a standard role, and not for a privileged one [R119]', async () => {
  const { approverId } = world.company.cases.approverWithoutLink
  const reason = 'Helping out for a day.'
  const standard = await ask(world, {
    personId: approverId,
    appId: 'zendesk',
    roleId: 'zendesk-light-agent',
    hours: 24,
    reason,
  })
  assert.equal(statusOf(world, standard), 'Waiting for approval')
  const privileged = { personId: approverId, appId: 'zendesk', roleId: 'zendesk-administrator', hours: 1, reason }
  const key = await ask(world, privileged)
  assert.equal(statusOf(world, key), 'Refused')
  assert.match(saidOn(world, key)[0] ?? '', /^A privileged role needs an account link that was proven by more than/)
})

test('namesakes are told apart by their accounts alone [I15]', async () => {
  const [engineer, writer] = world.company.cases.namesakes
  const asked = { appId: 'zendesk', roleId: 'zendesk-light-agent', hours: 24, reason: 'Reading along for a day.' }
  const keys = [await ask(world, { ...asked, personId: engineer }), await ask(world, { ...asked, personId: writer })]
  const beneficiaries = await Promise.all(
    keys.map(async (key) => (await requestOf(world, key)).submitted?.beneficiaryId),
  )
  assert.deepEqual(beneficiaries, [engineer, writer])
})

test('an address that two people of the directory share is nobody, and Tenure does not guess [R119]', async () => {
  const nunes = person(world, 'Beatriz Nunes')
  // A link that was made by the equal address would answer first: as long as it stands, nobody is asked again.
  await world.pool.query(`DELETE FROM person_link WHERE account = $1`, [nunes.jiraAccountId])
  const profile = {
    login: 'b.nunes2@halden.example',
    email: nunes.email,
    firstName: 'Bruna',
    lastName: 'Nunes',
    title: 'Clerk',
  }
  world.standIns.okta.hands.hire(
    { id: '00uBrunaNunes0000000', status: 'ACTIVE', profile, emailVerified: true },
    world.clock.now(),
  )
  assert.equal((await syncDirectory(world.ports, 'okta')).kind, 'synced')
  const key = await ask(world, {
    personId: nunes.id,
    appId: 'figma',
    roleId: 'figma-editor',
    hours: 24,
    reason: 'Cleaning up the library.',
  })
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Refused'])
  assert.match(saidOn(world, key)[0] ?? '', /^This Jira account fits more than one person of the directory/)
})

test('what somebody holds or has asked for already is not asked for twice [R009]', async () => {
  const asked = world.company.cases.contractorReadsNetSuite
  const again = await ask(world, asked)
  assert.equal(statusOf(world, again), 'Refused')
  assert.match(saidOn(world, again)[0] ?? '', /^You hold "Read only" already, or it is on its way/)
  const waiting = { ...asked, personId: person(world, 'Noor Rahimi').id, hours: 24 }
  assert.match(saidOn(world, await ask(world, waiting))[0] ?? '', /^An earlier request for "Read only" still waits/)
})

test('nothing that a person of these stories did needed an operator', () => {
  assert.deepEqual(world.log, [])
})

test('the evidence of these stories holds', () => holds(world))
