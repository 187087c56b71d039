import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { readMembers } from '#engine/directory/read-members.ts'
import { wantMembers } from '#engine/directory/want-members.ts'
import { members } from '#surfaces/cli/members.ts'
import { readSyncWords, sync } from '#surfaces/cli/sync.ts'
import { groupIdOf, somebody } from '../life/seen.ts'
import { status, unreachable } from '../life/wire.ts'
import { openWorld, type World } from '../life/world.ts'

/* Who is in which group, as the directory shows it: whole, group by group, and after the first time only what changed. */

const GROUP = 'figma-editors'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

async function tenure(
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly told: readonly string[] }> {
  const told: string[] = []
  const line = (text: string): void => void told.push(text)
  const read = readSyncWords(['sync', ...words])
  assert.ok(read, words.join(' '))
  const code = await sync({ ports: world.ports, operator: 'olga', say: line, complain: line }, ['okta', 'entra'], read)
  return { code, told }
}

/** Lists of members that were asked for since. */
function listsSince(calls: number): number {
  return world.wires.okta.sent.slice(calls).filter((each) => /\/groups\/[^/]+\/users\?/.test(each.url)).length
}

function truth(): number {
  const { groups, people } = world.company
  return groups
    .filter((group) => group.type !== 'BUILT_IN')
    .flatMap((group) => people.filter((each) => world.standIns.okta.truth.isMember(group.id, each.oktaId))).length
}

test('a process that dies half-way has lost nothing: whoever goes on reads only what is left', async () => {
  assert.equal(
    (await tenure('--status')).told[0],
    'okta: 337 active people, 55 groups, 0 memberships; all read; its members were never asked for',
  )
  assert.equal((await wantMembers(world.ports, 'okta')).kind, 'wanted')
  const { waiting } = await world.ports.store.syncStanding('okta')
  let calls = world.wires.okta.sent.length
  assert.deepEqual(await readMembers(world.ports, 'okta'), { kind: 'more', read: 25 })
  assert.ok(listsSince(calls) >= 25)
  calls = world.wires.okta.sent.length
  for (;;) if ((await readMembers(world.ports, 'okta')).kind === 'done') break
  assert.ok(listsSince(calls) >= waiting - 25 && listsSince(calls) <= 2 * (waiting - 25), String(listsSince(calls)))
  const { memberships } = await world.ports.store.syncStanding('okta')
  assert.ok(memberships >= truth() && truth() > 1_000, `${memberships} of ${truth()}`)
})

test('after that only claimed groups are read, and those whose members changed', async () => {
  const claimed = world.company.claimedGroups.filter(({ provider }) => provider === 'okta').length
  const other = world.company.groups.find(
    (each) => each.type === 'OKTA_GROUP' && !world.company.claimedGroups.some(({ id }) => id === each.id),
  )
  assert.ok(other)
  await world.pass(10 * MINUTE_MS)
  let calls = world.wires.okta.sent.length
  const quiet = await tenure('okta')
  assert.deepEqual([quiet.code, listsSince(calls)], [0, claimed], quiet.told.join('\n'))
  const { oktaId } = somebody(world, { department: 'Marketing' })
  world.standIns.okta.hands.addByAdmin(other.id, oktaId, world.clock.now())
  await world.pass(MINUTE_MS)
  calls = world.wires.okta.sent.length
  assert.equal((await tenure('okta')).code, 0)
  assert.equal(listsSince(calls), claimed + 1)
  const members = await world.ports.store.membersOf({ provider: 'okta', id: other.id })
  assert.ok(members.some((each) => each.account === oktaId))
})

test('who is in a group is told by name, and who is there by a rule is told so', async () => {
  const told: string[] = []
  const line = (text: string): void => void told.push(text)
  const io = { ports: world.ports, operator: 'olga', say: line, complain: line }
  assert.equal(await members(io, ['okta'], GROUP), 0)
  const stored = await world.ports.store.membersOf({ provider: 'okta', id: groupIdOf(world, GROUP) })
  assert.equal(told.length, stored.length + 1)
  assert.ok(stored.length > 0 && !told.some((each) => each.startsWith('no known person')), told.join('\n'))
  assert.ok((told.at(-1) ?? '').startsWith(`${stored.length} member`))
  const ruled = world.company.groupRules[0]?.groupId ?? assert.fail()
  assert.equal(await members(io, ['okta'], ruled), 0)
  assert.ok(told.some((each) => each.endsWith(', by a rule of the directory')))
  assert.equal(await members(io, ['okta'], 'no such group'), 1)
  assert.match(told.at(-1) ?? '', /No directory has a group "no such group"/)
})

test('once a day, and when somebody says so, all of it is read again', async () => {
  await world.pass(24 * HOUR_MS)
  const calls = world.wires.okta.sent.length
  const daily = await tenure('okta')
  assert.equal(daily.code, 0, daily.told.join('\n'))
  assert.ok(listsSince(calls) > 50)
  assert.ok(daily.told.some((line) => line.startsWith('[##########]')))
  const before = world.wires.okta.sent.length
  await tenure('okta', '--full')
  assert.ok(listsSince(before) > 50)
  assert.match((await tenure('--status')).told[0] ?? '', /all read; every group last asked for at 2026-03-05/)
})

test('a group that cannot be read keeps what was read of it and goes on waiting; the others are read [I9]', async () => {
  const bad = groupIdOf(world, GROUP)
  const kept = await world.ports.store.membersOf({ provider: 'okta', id: bad })
  world.wires.okta.bend((request, go) => (request.url.includes(`/groups/${bad}/users`) ? status(500) : go()))
  const cut = await tenure('okta', '--full')
  world.wires.okta.bend(null)
  assert.equal(cut.code, 0, cut.told.join('\n'))
  assert.ok(
    cut.told.some((line) => line.startsWith('1 group waits for the next sync')),
    cut.told.join('\n'),
  )
  assert.deepEqual(await world.ports.store.membersOf({ provider: 'okta', id: bad }), kept)
  assert.equal((await world.ports.store.syncStanding('okta')).waiting, 1)
  assert.equal((await tenure('okta')).code, 0)
  assert.equal((await world.ports.store.syncStanding('okta')).waiting, 0)
})

test('a directory that is away, and words that mean nothing, are answered in words', async () => {
  world.wires.okta.bend(unreachable)
  const away = await tenure('okta')
  world.wires.okta.bend(null)
  assert.equal(away.code, 1)
  assert.match(away.told[0] ?? '', /^okta could not be read: /)
  assert.match((await tenure('entra')).told[0] ?? '', /No directory named "entra" is connected/)
  for (const words of [[], ['okta', 'entra'], ['--loud'], ['--status', 'okta']])
    assert.equal(readSyncWords(['sync', ...words]), null, words.join(' '))
})
