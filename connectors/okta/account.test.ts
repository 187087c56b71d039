import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS } from '#core/instant.ts'
import { organisation, userId } from './organisation-for-tests.ts'

const ON = { accounts: 'on', log: 'on' }
const WHO = userId(260)

function connected() {
  const acme = organisation({ rateLimits: null, config: ON })
  const { account, sessions } = acme.okta
  assert.ok(account && sessions)
  return { acme, account, sessions }
}

test('without the setting nothing is done to accounts, no log is read, and no token is asked for that could', async () => {
  const acme = organisation()
  assert.deepEqual([acme.okta.account, acme.okta.sessions, acme.okta.activity], [undefined, undefined, undefined])
  await acme.okta.membership.groupsOf(WHO)
  const [token] = acme.requests
  const scope = new URLSearchParams(token?.body).get('scope') ?? ''
  assert.equal(scope, 'okta.users.read okta.groups.read okta.groups.manage')
})

test('the right to manage people is too many as long as nobody wants it, and asked for as soon as somebody does', async () => {
  const rightsOf = async (config: { readonly accounts: string; readonly log: string }) => {
    const found = await organisation({ rateLimits: null, config }).okta.rights?.check()
    assert.ok(found?.kind === 'read')
    return found.value
  }
  const off = await rightsOf({ accounts: '', log: '' })
  assert.deepEqual([off.missing, off.tooMany.map(({ right }) => right)], [[], ['okta.users.manage']])
  assert.match(off.tooMany[0]?.why ?? '', /OKTA_ACCOUNTS is not on/)
  const on = await rightsOf(ON)
  assert.deepEqual([on.missing, on.tooMany], [[], []])
})

test('Okta suspends only from an active status: whoever is in another is named with it', async () => {
  const { acme, account } = connected()
  acme.standIn.hands.setStatus(WHO, 'LOCKED_OUT', acme.now())
  const outcome = await account.suspend(WHO)
  assert.ok(outcome.kind === 'rejected' && outcome.because === 'not allowed')
  assert.match(outcome.said, /^the account is LOCKED_OUT: 400 E0000038/)
})

test('a deactivation that Okta is at work on is told as leaving, is not begun twice, and sends no mail', async () => {
  const { acme, account } = connected()
  const first = await account.deactivate?.(WHO)
  assert.equal(first?.kind, 'accepted')
  const standing = await account.standing(WHO)
  assert.ok(standing.kind === 'read' && standing.value === 'leaving')
  const sent = () => acme.requests.filter(({ url }) => url.includes('/lifecycle/deactivate'))
  assert.equal((await account.deactivate?.(WHO))?.kind, 'accepted')
  assert.equal(sent().length, 1)
  assert.match(sent()[0]?.url ?? '', /deactivate\?sendEmail=false$/)
  assert.equal(sent()[0]?.headers['prefer'], 'respond-async')
  acme.advance(3 * MINUTE_MS)
  const after = await account.standing(WHO)
  assert.ok(after.kind === 'read' && after.value === 'deactivated')
  assert.equal((await account.suspend(WHO)).kind, 'unchanged')
})

test('the tokens that Okta gave to applications end with the sessions, which is not what Okta does unasked', async () => {
  const { acme, sessions } = connected()
  acme.standIn.hands.signIn(WHO, acme.now())
  await sessions.end(WHO)
  const [request] = acme.requests.filter(({ method }) => method === 'DELETE')
  assert.match(request?.url ?? '', /\/sessions\?oauthTokens=true&forgetDevices=true$/)
  assert.equal(acme.standIn.truth.sessions(WHO), 0)
})

test('nothing that this connector does deletes a user', async () => {
  const { acme, account, sessions } = connected()
  await account.suspend(WHO)
  await account.restore(WHO)
  await account.deactivate?.(WHO)
  await sessions.end(WHO)
  const deletes = acme.requests.filter(({ method, url }) => method === 'DELETE' && !url.includes('/sessions'))
  assert.deepEqual(deletes, [])
})
