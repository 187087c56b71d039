import assert from 'node:assert/strict'
import { test } from 'node:test'
import { read } from '#connectors/kit/conformance-subject.ts'
import { createRights } from './rights.ts'
import { TOO_MANY } from './permissions.ts'
import { rolesFor, smallSeed, tenant } from './tenant-for-tests.ts'

function withRoles(roles: readonly string[]) {
  const seed = smallSeed()
  return tenant({ seed: { ...seed, client: { ...seed.client, roles } } }).entra.rights.check()
}

for (const right of [
  'User.ReadWrite.All',
  'Directory.ReadWrite.All',
  'Group.ReadWrite.All',
  'RoleManagement.ReadWrite.Directory',
]) {
  test(`${right} is a right too many, with the reason and the fix`, async () => {
    const { tooMany, missing } = read(await withRoles([...rolesFor(false), right]))
    assert.deepEqual([tooMany.map((each) => each.right), missing], [[right], []])
    assert.match(tooMany[0]?.why ?? '', /take it away/)
  })
}

test('the reason why a right to write users is one too many is the removal that loses its end', async () => {
  const { tooMany } = read(await withRoles([...rolesFor(false), 'User.ReadWrite.All']))
  assert.match(tooMany[0]?.why ?? '', /DELETE …\/members\/\{id\} without \/\$ref\) would delete the person/)
})

test('what is needed is never too many, and what is only for PIM is not needed without it', async () => {
  assert.ok(rolesFor(true).every((role) => !Object.hasOwn(TOO_MANY, role)))
  const { held, missing, warnings } = read(await withRoles(rolesFor(true)))
  assert.deepEqual(missing, [])
  assert.ok(held.includes('PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup'))
  assert.match(warnings[0] ?? '', /^PrivilegedAssignmentSchedule.* never used/)
})

test('a wider right to read groups serves as well, and what is missing is named', async () => {
  const without = (...names: string[]) => rolesFor(false).filter((role) => !names.includes(role))
  assert.deepEqual(read(await withRoles([...without('GroupMember.Read.All'), 'Group.Read.All'])).missing, [])
  assert.deepEqual(read(await withRoles(without('User.RevokeSessions.All'))).missing, ['User.RevokeSessions.All'])
  assert.equal(read(await withRoles([])).missing.length, rolesFor(false).length)
})

test('a token that cannot be read is unreadable rights, not none', async () => {
  for (const accessToken of ['opaque', 'a.b.c', `x.${Buffer.from('{"roles":"all"}').toString('base64url')}.y`]) {
    const rights = createRights(async () => ({ kind: 'token', accessToken, lifeMs: 1, startedAt: 0 }), [])
    assert.equal((await rights.check()).kind, 'unreadable', accessToken)
  }
})
