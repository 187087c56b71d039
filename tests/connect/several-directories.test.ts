import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connectors, type Registry } from '#connectors/index.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import { HOUR_MS } from '#core/instant.ts'
import { syncDirectory } from '#engine/directory/sync-directory.ts'
import { claimGroup } from '#engine/handle/claim-group.ts'
import { publishCatalog } from '#engine/handle/publish-catalog.ts'
import { generateCompany, SANDBOX_SEED } from '#sandbox/company/company.ts'
import { entraIdOf, googleGroupIdOf, googleIdOf } from '#sandbox/company/identifiers.ts'
import { createOtherDirectories, type OtherDirectories } from '#sandbox/other-directories.ts'
import { newRsaKeys } from '#sandbox/seeds/rsa-keys.ts'
import { connectAll } from '#server/connect-all.ts'
import { approve, ask, groupIdOf, isMember, person, personOf, proofsOf, somebody, statusOf } from '../life/seen.ts'
import { openWorld, type World } from '../life/world.ts'
import { shelves, toy } from './toy/connector.ts'

/*
 * A fourth kind of directory is a folder (toy/) and this line. Nothing else in the product knows its name, and everything that
 * is done with a directory is done with it.
 */
const registry: Registry = { ...connectors, toy }

const BY = { kind: 'operator', name: 'test' } as const
const OKTA_GROUP = 'figma-editors'
const BOX = 'reports'
const OWNER = 'Sakura Ito'
const box = new Set<string>()

let world: World
let others: OtherDirectories

before(async () => {
  const company = generateCompany(SANDBOX_SEED)
  others = createOtherDirectories(company, { entra: newRsaKeys(), google: newRsaKeys() })
  shelves.set('of the test', {
    boxes: new Map([[BOX, box]]),
    people: company.people.map((each) => ({
      account: `toy-${each.oktaId}`,
      login: each.login,
      email: each.email.toUpperCase(),
      emailVerified: true,
      displayName: each.displayName,
      title: each.title,
      department: each.department,
      manager: null,
      active: each.active,
    })),
  })
  world = await openWorld({
    beside: (io) =>
      connectAll(
        {
          entra: others.entraConfig(),
          google: others.googleConfig(),
          toy: { shelf: 'of the test' },
        },
        {
          ...io,
          fetch: async (request) =>
            (request.url.includes('google') ? others.google : others.entra).answer(request, io.now()),
        },
        registry,
      ),
  })
  const synced = await syncDirectory(world.ports, 'toy')
  assert.ok(synced.kind === 'synced' && synced.conflicts.length === 0, JSON.stringify(synced))
  const groups: readonly GroupRef[] = [
    { provider: 'okta', id: groupIdOf(world, OKTA_GROUP) },
    { provider: 'entra', id: entraIdOf('power-bi-editors') },
    { provider: 'google', id: googleGroupIdOf('shared-drive-editors') },
    { provider: 'toy', id: BOX },
  ]
  assert.equal(await claimGroup(world.ports, { provider: 'toy', id: BOX }, BY), null)
  const { catalog } = world.company
  const roles = catalog.roles.map((each) => (each.id === 'figma-editor' ? { ...each, groups } : each))
  assert.equal(await publishCatalog(world.ports, { ...catalog, roles }, BY), null)
})
after(() => world.close())

function holds(personId: string): readonly boolean[] {
  return [
    isMember(world, OKTA_GROUP, personId),
    others.entra.truth.isMember(entraIdOf('power-bi-editors'), entraIdOf(personId)),
    others.google.truth.isMember(googleGroupIdOf('shared-drive-editors'), googleIdOf(personId)),
    box.has(`toy-${personOf(world, personId).oktaId}`),
  ]
}

test('the sandbox company spans three directories: the report author gets a group in each, and loses all three at one instant [R034, R045]', async () => {
  const { personId, appId, roleId, hours, reason, then } = world.company.cases.threeDirectories
  const key = await ask(world, { personId, appId, roleId, hours, reason })
  assert.ok(then.kind === 'answered by')
  await approve(world, key, then.personIds[0] ?? '')
  await world.pass(2 * 60_000)
  assert.equal(statusOf(world, key), 'Access live')
  const inAll = (): readonly boolean[] => [
    isMember(world, 'looker-developers', personId),
    ...holds(personId).slice(1, 3),
  ]
  assert.deepEqual(inAll(), [true, true, true])
  await world.pass((hours ?? 0) * HOUR_MS)
  assert.equal(statusOf(world, key), 'Access ended')
  assert.deepEqual(inAll(), [false, false, false])
})

test('one request changes groups in Okta, Entra ID, Google Workspace and a toy directory, and the end of its window takes them all back [R034, R045, R055]', async () => {
  const { id: personId } = somebody(world, { department: 'Marketing' })
  const key = await ask(world, {
    personId,
    appId: 'figma',
    roleId: 'figma-editor',
    hours: 24,
    reason: 'A report with pictures.',
  })
  assert.deepEqual(holds(personId), [false, false, false, false])

  await approve(world, key, person(world, OWNER).id)
  await world.pass(2 * 60_000)
  assert.equal(statusOf(world, key), 'Access live')
  assert.deepEqual(holds(personId), [true, true, true, true])
  assert.equal((await proofsOf(world, key)).length, 4)

  await world.pass(24 * HOUR_MS)
  assert.equal(statusOf(world, key), 'Access ended')
  assert.deepEqual(holds(personId), [false, false, false, false])
  assert.equal((await proofsOf(world, key)).length, 8)
})

test('the same person of four directories is one person: by a verified address, or a login where logins are proven', async () => {
  const { id: personId } = somebody(world, { department: 'Marketing' })
  const accounts = (await world.ports.store.people([personId])).map((each) => each.provider)
  assert.deepEqual(accounts, ['entra', 'google', 'okta', 'toy'])
})
