import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HOUR_MS } from '#core/instant.ts'
import { why } from '#surfaces/cli/why.ts'
import { approve, ask, groupIdOf, person, personOf, somebody, ticketOf } from '../life/seen.ts'
import { unreachable } from '../life/wire.ts'
import { openWorld, type World } from '../life/world.ts'

/* What an operator types to learn why somebody is in a group, and reads. */

const GROUP = 'figma-editors'
const OWNER = 'Sakura Ito'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

async function tenureWhy(
  who: string,
  group: string,
): Promise<{ readonly code: number; readonly told: readonly string[] }> {
  const told: string[] = []
  const line = (text: string): void => void told.push(text)
  const code = await why(
    { ports: world.ports, operator: 'olga', say: line, complain: line },
    ['okta', 'entra'],
    who,
    group,
  )
  return { code, told }
}

test('given by a request: the ticket, who approved it under which rule, and until when', async () => {
  const { id: personId, login, displayName } = somebody(world, { department: 'Marketing' })
  const asked = { personId, appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' }
  const key = await ask(world, asked)
  await approve(world, key, person(world, OWNER).id)

  const live = await tenureWhy(login, GROUP)
  assert.equal(live.code, 0)
  assert.equal(live.told.length, 2)
  assert.match(
    live.told[0] ?? '',
    new RegExp(
      `^${key}: Figma, Editor, approved by Sakura Ito under the rule [\\w-]+@1; since 2026-03-04 .* UTC, until 2026-03-05 .* UTC\\.$`,
    ),
  )
  assert.equal(live.told[1], `okta shows ${displayName} in ${GROUP}.`)

  await world.pass(24 * HOUR_MS + 60_000)
  assert.equal(ticketOf(world, key).key, key)
  assert.deepEqual((await tenureWhy(login, `okta:${GROUP}`)).told, [
    `okta does not show ${displayName} in ${GROUP}, and nothing of Tenure says that they should be.`,
  ])
})

test('put there by hand: nobody gave this', async () => {
  const { id, oktaId, displayName } = somebody(world, { department: 'Marketing' })
  world.standIns.okta.hands.addByAdmin(groupIdOf(world, GROUP), oktaId, world.clock.now())
  await world.pass(1_000)
  assert.deepEqual((await tenureWhy(id, GROUP)).told, [
    `Nobody gave this: okta shows ${displayName} in ${GROUP}, and no request, rule or bundle of Tenure is behind it.`,
  ])
})

test('held by a rule of the directory: the rule is told, and that nobody gave it', async () => {
  const { login, displayName } = somebody(world, { department: 'Marketing' })
  assert.deepEqual((await tenureWhy(login, 'department-marketing')).told, [
    `Nobody gave this: a rule of okta holds ${displayName} in department-marketing.`,
  ])
})

test('the directory is away: what is ours is told all the same, and that it was not asked', async () => {
  const { id: personId } = somebody(world, { department: 'Marketing' })
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-editor', hours: null, reason: 'Slides.' })
  await approve(world, key, person(world, OWNER).id)
  world.wires.okta.bend(unreachable)
  const { told } = await tenureWhy(personId, GROUP)
  world.wires.okta.bend(null)
  assert.match(told[0] ?? '', new RegExp(`^${key}: Figma, Editor, .*, with no end\\.$`))
  assert.match(told[1] ?? '', /^okta was not asked: /)
})

test('nobody of that name, no such group, and a name that several have', async () => {
  assert.deepEqual(await tenureWhy('nobody@halden.example', GROUP), {
    code: 1,
    told: ['Nobody has the login, address or id "nobody@halden.example".'],
  })
  const { login, oktaId } = personOf(world, person(world, OWNER).id)
  assert.ok(oktaId)
  assert.deepEqual((await tenureWhy(login, 'figma\u001b[31m')).told, [
    'No directory has a group "figma [31m". Give its exact name, or its id.',
  ])
  const double = {
    group: { provider: 'entra', id: 'g-1' },
    name: GROUP,
    description: '',
    notWritable: null,
    fedByRule: false,
  }
  await world.ports.store.saveDirectory('entra', { people: [], groups: [double], at: world.clock.now() })
  assert.match(
    (await tenureWhy(login, GROUP)).told[0] ?? '',
    /^"figma-editors" is 2 groups\. Give the one you mean: okta:\S+, entra:g-1\.$/,
  )
})
