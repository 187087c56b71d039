import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { wordsOf } from '#connectors/jira/stand-in/rich-text.ts'
import type { Ticket } from '#connectors/jira/stand-in/site.ts'
import { MINUTE_MS } from '#core/instant.ts'
import { lookAtGroup } from '#engine/drift/look-at-group.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import { openFindings } from '#engine/read/findings.ts'
import { findings, readFindingsWords } from '#surfaces/cli/findings.ts'
import { why } from '#surfaces/cli/why.ts'
import { publishCatalog } from '#engine/handle/publish-catalog.ts'
import { holds } from '../life/holds.ts'
import { approve, ask, changesOf, eventsOf, groupIdOf, isMember, person, somebody, statusOf } from '../life/seen.ts'
import { status } from '../life/wire.ts'
import { fromPeopleOnly, hours, openWorld, type World } from '../life/world.ts'

/* Somebody clicks in the directory: it is found within one sync, told in an issue, and adopted or removed. */

const GROUP = 'figma-editors'
const OWNER = 'Sakura Ito'
const SYNC = 10 * MINUTE_MS

let world: World
before(async () => {
  world = await openWorld()
  world.onTheWay = fromPeopleOnly
  await takeTurn(world.ports, { kind: 'engine' }, (turn) =>
    turn.setTimer({ id: 'sync:okta', kind: 'sync directory', about: 'okta', dueAt: turn.now }),
  )
  await world.settle()
})
after(() => world.close())

function put(personId: string, oktaId: string): void {
  world.standIns.okta.hands.addByAdmin(groupIdOf(world, GROUP), oktaId, world.clock.now())
  assert.equal(isMember(world, GROUP, personId), true)
}

function issues(): readonly Ticket[] {
  return world.standIns.jira.tickets().filter((each) => each.summary.startsWith('Access outside of Tenure'))
}

function issueAbout(name: string): Ticket {
  const found = issues().filter((each) => each.summary.includes(name))
  assert.equal(
    found.length,
    1,
    issues()
      .map((each) => each.summary)
      .join('\n'),
  )
  return found[0] ?? assert.fail()
}

function saidOnIssue(issue: Ticket): readonly string[] {
  const ticket = world.standIns.jira.ticket(issue.key) ?? assert.fail()
  return ticket.comments.map((each) => wordsOf(each.body).replace(/\s+/g, ' ').trim())
}

/** A day passes with one sync at its end, as if the server had been away: what it has to find is the same. */
async function passADay(): Promise<void> {
  await world.pool.query("UPDATE timer SET due_at = $1 WHERE id = 'sync:okta'", [world.clock.now() + hours(24)])
  await world.pass(hours(24))
}

async function openAbout(personId: string) {
  return (await openFindings(world.ports.store)).filter(
    (each) => each.personId === personId && each.groupName === GROUP,
  )
}

async function tenure(
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly told: readonly string[] }> {
  const told: string[] = []
  const line = (text: string): void => void told.push(text)
  const read = readFindingsWords(['findings', ...words])
  assert.ok(read, words.join(' '))
  const code = await findings({ ports: world.ports, operator: 'olga', say: line, complain: line }, read)
  return { code, told }
}

test('who was in a group before it was claimed is found by the first look: listed, told in no issue, and nothing was written [R012, R117]', async () => {
  const open = await openFindings(world.ports.store)
  assert.ok(open.length > 0)
  assert.deepEqual([...new Set(open.map((each) => each.kind))], ['held when claimed'])
  assert.deepEqual(issues(), [])
  assert.deepEqual(
    world.standIns.okta.truth.changeLog.filter((each) => each.by.kind === 'client'),
    [],
  )
  const before = (await eventsOf(world)).length
  await world.pass(SYNC)
  assert.equal((await eventsOf(world)).length, before, 'a look that finds nothing new records nothing')
})

test('put into a group by hand: found within one sync, and told in one issue that its owner gets [R099, R101, N08, I33]', async () => {
  const { id: personId, oktaId, displayName } = somebody(world, { department: 'Marketing' })
  put(personId, oktaId)
  await world.pass(SYNC)
  const [finding] = await openAbout(personId)
  assert.equal(finding?.kind, 'added outside')
  const issue = issueAbout(displayName)
  const words = wordsOf(issue.description ?? assert.fail())
  assert.match(words, /Nothing was changed/)
  assert.match(words, /To keep it: ask for Figma, Editor for this person, with a duration/)
  assert.ok(words.includes(finding.findingId))
  await world.pass(SYNC * 3)
  assert.equal(issueAbout(displayName).key, issue.key, 'and in no other')
  assert.equal(isMember(world, GROUP, personId), true)
})

test('to adopt it, the role is asked for: its rule decides, the grant takes it over with its window, and the finding is settled [R101, N08]', async () => {
  const { id: personId, oktaId, displayName } = somebody(world, { department: 'Marketing' })
  put(personId, oktaId)
  await world.pass(SYNC)
  const issue = issueAbout(displayName)
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' })
  await approve(world, key, person(world, OWNER).id)
  assert.equal(statusOf(world, key), 'Access live')
  await world.pass(SYNC)
  assert.deepEqual(await openAbout(personId), [])
  assert.match(saidOnIssue(issue).at(-1) ?? '', /A grant holds it by now: it is adopted/)
  await passADay()
  assert.equal(isMember(world, GROUP, personId), false)
  await world.pass(SYNC)
  assert.deepEqual(await openAbout(personId), [], 'what a window ended is no finding')
})

test('decided to be removed: it is removed, read back, settled, and the pack leads the change to who decided it [R101, N08, I24]', async () => {
  const { id: personId, oktaId, displayName, login } = somebody(world, { department: 'Marketing' })
  put(personId, oktaId)
  await world.pass(SYNC)
  const issue = issueAbout(displayName)
  const findingId = (await openAbout(personId))[0]?.findingId ?? assert.fail()
  assert.ok((await tenure()).told.some((line) => line.startsWith(findingId) && line.includes(issue.key)))

  const silent = await tenure('remove', findingId)
  assert.deepEqual([silent.code, isMember(world, GROUP, personId)], [1, true])
  assert.match(silent.told[0] ?? '', /Say why, with --reason/)
  assert.equal((await tenure('remove', findingId, '--reason', 'Left the project.')).code, 0)
  assert.equal((await tenure('remove', findingId, '--reason', 'Again.')).code, 1)
  await world.pass(2 * MINUTE_MS)
  assert.equal(isMember(world, GROUP, personId), false)
  assert.ok((await tenure()).told.some((line) => line.includes('; removed, and settled by the next look')))
  assert.deepEqual(changesOf(world, personId).slice(-2), [`add ${GROUP} by admin`, `remove ${GROUP} by client`])
  await world.pass(SYNC)
  assert.deepEqual(await openAbout(personId), [])
  const said = saidOnIssue(issue)
  assert.match(said.at(-2) ?? '', /olga decided that it is removed: Left the project\./)
  assert.match(said.at(-1) ?? '', /It was removed, and read back as gone/)

  const told: string[] = []
  const line = (text: string): void => void told.push(text)
  await why({ ports: world.ports, operator: 'olga', say: line, complain: line }, ['okta'], login, GROUP)
  assert.match(told.join(), /nothing of Tenure says that they should be/)
  await holds(world)
})

test('taken out by hand although a grant holds it: a finding, nothing is put back, and the end of the window agrees with it [R099]', async () => {
  const { id: personId, oktaId, displayName } = somebody(world, { department: 'Marketing' })
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' })
  await approve(world, key, person(world, OWNER).id)
  await world.pass(SYNC)
  world.standIns.okta.hands.removeByAdmin(groupIdOf(world, GROUP), oktaId, world.clock.now())
  await world.pass(SYNC)
  assert.equal((await openAbout(personId))[0]?.kind, 'removed outside')
  const issue = issueAbout(displayName)
  assert.match(issue.summary, /was taken out of/)
  const findingId = (await openAbout(personId))[0]?.findingId ?? assert.fail()
  assert.match((await tenure('remove', findingId, '--reason', 'x')).told[0] ?? '', /taken out of the group/)
  assert.equal(isMember(world, GROUP, personId), false)
  await passADay()
  await world.pass(SYNC)
  assert.equal(statusOf(world, key), 'Access ended')
  assert.deepEqual(await openAbout(personId), [])
})

test('a list that broke off finds nothing, and the next one that is whole does [I9]', async () => {
  const { id: personId, oktaId } = somebody(world, { department: 'Marketing' })
  put(personId, oktaId)
  world.wires.okta.bend((request, go) => (request.url.includes('/users?') ? status(503) : go()))
  const group = { provider: 'okta', id: groupIdOf(world, GROUP) }
  assert.equal((await lookAtGroup(world.ports, group)).kind, 'unreadable')
  world.wires.okta.bend(null)
  assert.deepEqual(await openAbout(personId), [])
  await world.pass(SYNC * 2)
  assert.equal((await openAbout(personId)).length, 1)
})

test('a protected account that was found is not removed: the answer says why [R118]', async () => {
  const { id: personId, oktaId } = somebody(world, { department: 'Marketing' })
  put(personId, oktaId)
  await world.pass(SYNC)
  const { catalog } = world.company
  const by = { kind: 'operator', name: 'test' } as const
  assert.equal(
    await publishCatalog(world.ports, { ...catalog, protection: { personIds: [personId], groups: [] } }, by),
    null,
  )
  const findingId = (await openAbout(personId))[0]?.findingId ?? assert.fail()
  const no = await tenure('remove', findingId, '--reason', 'Left.')
  assert.equal(no.code, 1)
  assert.match(no.told[0] ?? '', /accounts are protected/)
  await world.pass(SYNC)
  assert.equal(isMember(world, GROUP, personId), true)
})

test('what is no finding, and words that mean nothing, are answered in words', async () => {
  assert.match((await tenure('remove', 'fnd_nobody', '--reason', 'x')).told[0] ?? '', /There is no finding/)
  for (const words of [
    ['remove'],
    ['adopt', 'x'],
    ['remove', 'a', 'b', '--reason', 'x'],
    ['--loud'],
    ['--reason', 'x'],
  ])
    assert.equal(readFindingsWords(['findings', ...words]), null, words.join(' '))
})
