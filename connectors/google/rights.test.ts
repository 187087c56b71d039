import assert from 'node:assert/strict'
import { test } from 'node:test'
import { read } from '#connectors/kit/conformance-subject.ts'
import { SCOPE, TOO_MANY } from './scopes.ts'
import { ADMINISTRATOR, ADMIN_EMAIL, scopesFor, smallSeed, workspace } from './workspace-for-tests.ts'

const delegated = (scopes: readonly string[]) => {
  const seed = smallSeed()
  return { ...seed, serviceAccount: { ...seed.serviceAccount, scopes } }
}

test('ends at Google need a scope more, and without them it is not asked for', async () => {
  const seed = delegated(scopesFor(false))
  const without = read(await workspace({ seed, config: { nativeEnd: 'off' } }).google.rights.check())
  assert.deepEqual(without.missing, [])
  const withEnds = read(await workspace({ seed, config: { nativeEnd: 'on' } }).google.rights.check())
  assert.deepEqual(withEnds.missing, [SCOPE.writeEnds])
})

test('each scope that must not be there is found by itself', async () => {
  for (const scope of Object.keys(TOO_MANY)) {
    const { google } = workspace({ seed: delegated([...scopesFor(true), scope]) })
    const { tooMany } = read(await google.rights.check())
    assert.deepEqual(
      tooMany.map(({ right }) => right),
      [scope],
    )
    assert.match(tooMany[0]?.why ?? '', /domain-wide delegation/)
  }
})

test('acting for a super administrator is a right too many, with what to do', async () => {
  const { google, standIn, now } = workspace()
  standIn.hands.change(ADMINISTRATOR, { isAdmin: true }, now())
  const { tooMany, held } = read(await google.rights.check())
  assert.equal(tooMany.length, 1)
  assert.ok(held.includes(tooMany[0]?.right ?? '') && tooMany[0]?.why.includes(ADMIN_EMAIL))
})

test('a privilege that the administrator lacks is named, although the scope is there', async () => {
  const { google, standIn } = workspace()
  standIn.hands.takePrivileges(['read groups', 'reports'])
  const { missing, held } = read(await google.rights.check())
  assert.deepEqual(missing, [
    `the privilege Groups, in the role of ${ADMIN_EMAIL}`,
    `the privilege Reports, in the role of ${ADMIN_EMAIL}`,
  ])
  assert.ok(held.includes(SCOPE.readGroups))
})

test('a key that Google does not take is unreadable rights, not missing ones', async () => {
  const { google, standIn, now } = workspace()
  standIn.hands.change(ADMINISTRATOR, { suspended: true }, now())
  const reading = await google.rights.check()
  assert.ok(reading.kind === 'unreadable' && reading.said.includes(ADMIN_EMAIL), JSON.stringify(reading))
})
