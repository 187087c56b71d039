import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '#core/identity-action/outcome.ts'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { read } from '#connectors/kit/conformance-subject.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import {
  DYNAMIC,
  groupId,
  NO_PIM,
  rolesFor,
  smallSeed,
  SUPPORT,
  tenant,
  UNDER_PIM,
  userId,
} from './tenant-for-tests.ts'

const ref = (id: string) => ({ provider: 'entra', id })
const short = (outcome: Outcome | undefined) => (outcome?.kind === 'rejected' ? outcome.because : outcome?.kind)
const isRequest = ({ url }: HttpRequest): boolean => url.endsWith('/assignmentScheduleRequests')
const isInstances = ({ url }: HttpRequest): boolean => url.includes('/assignmentScheduleInstances')

function withPim(options: Parameters<typeof tenant>[0] = {}) {
  const acme = tenant({ limits: null, config: { nativeEnd: 'pim' }, ...options })
  const change = (what: 'add' | 'remove', group = UNDER_PIM, inMs: number | null = HOUR_MS) =>
    acme.entra.membership.change([
      {
        do: what,
        account: userId(260),
        group: ref(group),
        ...(what === 'add' ? { endsAt: inMs === null ? null : acme.now() + inMs } : {}),
      },
    ])
  const setEnd = (group: string, inMs: number | null) =>
    acme.entra.nativeEnd!.setEnds([
      { account: userId(260), group: ref(group), endsAt: inMs === null ? null : acme.now() + inMs },
    ])
  const endIn = async (group: string) => read(await acme.entra.membership.members(ref(group)))[0]?.endsAt
  const actions = () =>
    acme.requests.filter(isRequest).map(({ body }) => (JSON.parse(body) as { action: string }).action)
  return { ...acme, change, setEnd, endIn, actions }
}

test('without PIM switched on there is no native end, and nothing is asked of PIM', async () => {
  const acme = tenant()
  assert.equal(acme.entra.nativeEnd, undefined)
  await acme.entra.membership.change([{ do: 'add', account: userId(260), group: ref(SUPPORT) }])
  await acme.entra.membership.members(ref(SUPPORT))
  assert.ok(!acme.requests.some((request) => isRequest(request) || isInstances(request)))
})

test('an add with an end is one assignment, and no plain membership beside it [R046]', async () => {
  const acme = withPim()
  assert.equal(short((await acme.change('add'))[0]), 'changed')
  assert.deepEqual(acme.actions(), ['adminAssign'])
  assert.ok(!acme.requests.some(({ method, url }) => method !== 'GET' && url.includes('/groups/')))
  assert.equal(acme.standIn.truth.endOf(UNDER_PIM, userId(260)), acme.now() + HOUR_MS)
})

test('an add without an end is a plain membership, and costs PIM nothing', async () => {
  const acme = withPim()
  await acme.change('add', UNDER_PIM, null)
  assert.deepEqual(acme.actions(), [])
  assert.equal(await acme.endIn(UNDER_PIM), null)
})

test('what PIM refuses is added plainly, and for a while it is not asked about that group again [R046]', async () => {
  const acme = withPim()
  assert.equal(short((await acme.change('add', NO_PIM))[0]), 'changed')
  await acme.change('remove', NO_PIM)
  assert.equal(short((await acme.change('add', NO_PIM))[0]), 'changed')
  assert.deepEqual(acme.actions(), ['adminAssign'])
  await acme.change('remove', NO_PIM)
  acme.advance(10 * MINUTE_MS)
  await acme.change('add', NO_PIM)
  assert.deepEqual(acme.actions(), ['adminAssign', 'adminAssign'])
})

test('what PIM does not answer is not added plainly: a second way in would outlive the end', async () => {
  for (const habit of ['503', '429', 'HTML login page', '500 after the effect'] as const) {
    const acme = withPim()
    acme.standIn.hands.misbehave(habit, { when: isRequest })
    assert.equal(short((await acme.change('add'))[0]), 'unavailable', habit)
    assert.ok(!acme.requests.some(({ method, url }) => method !== 'GET' && url.includes('/groups/')), habit)
  }
})

test('an end in less than five minutes is none that PIM sets: the member is added without, and the next one is asked for again', async () => {
  const acme = withPim()
  assert.equal(short((await acme.change('add', UNDER_PIM, MINUTE_MS))[0]), 'changed')
  assert.equal(await acme.endIn(UNDER_PIM), null)
  assert.equal(short((await acme.setEnd(UNDER_PIM, HOUR_MS))[0]), 'changed')
})

test('after its first five minutes an assignment is taken away by PIM, and before by the group itself', async () => {
  const young = withPim()
  await young.change('add')
  assert.equal(short((await young.change('remove'))[0]), 'changed')
  assert.deepEqual(young.actions(), ['adminAssign', 'adminRemove'])
  assert.ok(young.requests.some(({ method, url }) => method === 'DELETE' && url.endsWith('/$ref')))
  assert.equal(young.standIn.truth.endOf(UNDER_PIM, userId(260)), null)

  const older = withPim()
  await older.change('add')
  older.advance(5 * MINUTE_MS)
  assert.equal(short((await older.change('remove'))[0]), 'changed')
  assert.ok(!older.requests.some(({ method }) => method === 'DELETE'))
  assert.deepEqual(older.standIn.truth.members(UNDER_PIM), [])
})

test('a removal waits for no word of PIM: who cannot be known to be assigned is taken out of the group', async () => {
  const acme = withPim()
  await acme.change('add')
  acme.standIn.hands.misbehave('403', { times: 9, when: isInstances })
  assert.equal(short((await acme.change('remove'))[0]), 'changed')
  assert.deepEqual(acme.standIn.truth.members(UNDER_PIM), [])
})

test('a plain member of a group that PIM never had is brought under it, and gets an end without leaving [R046]', async () => {
  const acme = withPim()
  await acme.change('add', SUPPORT, null)
  assert.equal(short((await acme.setEnd(SUPPORT, HOUR_MS))[0]), 'changed')
  assert.deepEqual(acme.actions(), ['adminUpdate', 'adminAssign', 'adminUpdate'])
  assert.equal(await acme.endIn(SUPPORT), acme.now() + HOUR_MS)
  assert.equal(acme.standIn.truth.changeLog.length, 1, 'a member all the while')
})

test('no end where none was is nothing to do', async () => {
  const acme = withPim()
  await acme.change('add', SUPPORT, null)
  assert.equal(short((await acme.setEnd(SUPPORT, null))[0]), 'unchanged')
})

test('a group whose members are not ours has no native end, and an unknown one does not exist', async () => {
  const acme = withPim()
  assert.equal(short((await acme.setEnd(DYNAMIC, HOUR_MS))[0]), 'no native end')
  assert.equal(short((await acme.setEnd(groupId(999), HOUR_MS))[0]), 'no such group')
})

test('an edition without PIM: people are added without an end, lists tell of none, and setting one is rejected by name', async () => {
  const acme = withPim({ seed: { ...smallSeed(), edition: 'free' } })
  assert.equal(short((await acme.change('add', SUPPORT))[0]), 'changed')
  assert.equal(await acme.endIn(SUPPORT), null)
  assert.equal(short((await acme.setEnd(SUPPORT, HOUR_MS))[0]), 'no native end')
})

test('without the permission the ends cannot be told, and no list pretends that there are none', async () => {
  const seed = smallSeed()
  const acme = withPim({ seed: { ...seed, client: { ...seed.client, roles: rolesFor(false) } } })
  const reading = await acme.entra.membership.members(ref(SUPPORT))
  assert.ok(reading.kind === 'unreadable' && /Privileged Identity Management/.test(reading.said))
  assert.deepEqual(read(await acme.entra.rights.check()).missing, [
    'PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup',
  ])
})

test('an assignment whose end is no moment makes the list unreadable', async () => {
  const acme = withPim()
  await acme.change('add')
  for (const habit of ['values of another kind', 'null among the rows'] as const) {
    acme.standIn.hands.misbehave(habit, { when: isInstances })
    assert.equal((await acme.entra.membership.members(ref(UNDER_PIM))).kind, 'unreadable', habit)
  }
})
