import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { claimGroup } from '#engine/handle/claim-group.ts'
import { publishCatalog } from '#engine/handle/publish-catalog.ts'
import { readCatalogFile } from '#surfaces/cli/catalog-file.ts'
import { approve, ask, groupIdOf, isMember, person, saidOn, somebody, statusOf } from '../life/seen.ts'
import { openWorld, type World } from '../life/world.ts'

/* Break-glass accounts and the groups of the last administrators: on the list of the catalog, and out of everybody's reach. */

const BY = { kind: 'operator', name: 'test' } as const
const GROUP = 'figma-editors'
const OWNER = 'Sakura Ito'
const ASK = { appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' }

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

async function protect(personIds: readonly string[], groupNames: readonly string[] = []) {
  const groups = groupNames.map((each) => ({ provider: 'okta', id: groupIdOf(world, each) }))
  return publishCatalog(world.ports, { ...world.company.catalog, protection: { personIds, groups } }, BY)
}

test('a protected account gets nothing: the ticket is refused in words, and nothing was written [R118]', async () => {
  const { id: personId } = somebody(world, { department: 'Marketing' })
  assert.equal(await protect([personId]), null)
  const key = await ask(world, { ...ASK, personId })
  assert.equal(statusOf(world, key), 'Refused')
  assert.match(saidOn(world, key).at(-1) ?? '', /accounts are protected: nobody gives or takes access of theirs/)
  assert.equal(isMember(world, GROUP, personId), false)
})

test('put on the list between the question and the answer: the yes gives nothing [R118]', async () => {
  const { id: personId } = somebody(world, { department: 'Marketing' })
  assert.equal(await protect([]), null)
  const key = await ask(world, { ...ASK, personId })
  assert.equal(await protect([personId]), null)
  await approve(world, key, person(world, OWNER).id)
  assert.equal(isMember(world, GROUP, personId), false)
  assert.notEqual(statusOf(world, key), 'Access live')
})

test('a protected group cannot be claimed, and no role may map to one [R118]', async () => {
  assert.equal(await protect([], ['vpn-users']), null)
  const vpn = { provider: 'okta', id: groupIdOf(world, 'vpn-users') }
  assert.deepEqual(await claimGroup(world.ports, vpn, BY), { code: 'protected group', detail: { group: 'vpn-users' } })
  const refused = await protect([], [GROUP])
  assert.equal(refused?.code, 'invalid catalog')
  assert.match(String(refused?.detail['flaw']), /maps to the protected group/)
})

test('the catalog file names protected people by login and groups by name, and whoever it cannot find is a flaw [R118]', async () => {
  const { login, id } = somebody(world, { department: 'Marketing' })
  const empty = { apps: [], roles: [], rules: [], security: [], administrators: [] }
  const of = (people: readonly string[], groups: readonly string[]) =>
    readCatalogFile(world.ports, JSON.stringify({ ...empty, protected: { people, groups } }))
  const read = await of([login], ['okta:vpn-users'])
  assert.deepEqual(read.kind === 'catalog' && read.catalog.protection, {
    personIds: [id],
    groups: [{ provider: 'okta', id: groupIdOf(world, 'vpn-users') }],
  })
  const flawed = await of(['nobody@halden.example'], ['okta:nothing'])
  assert.deepEqual(flawed.kind === 'flawed' && flawed.flaws.map((each) => each.slice(0, 40)), [
    'protected people: "nobody@halden.example',
    'protected groups: "okta:nothing" is not ',
  ])
})
