import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inShort, read } from '#connectors/kit/conformance-subject.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { ADMINISTRATOR, BLOCKED, person, smallSeed, SUPER, userId, workspace } from './workspace-for-tests.ts'

const isSignOut = ({ url }: HttpRequest): boolean => url.endsWith('/signOut')

test('a suspension changes nothing else: the body holds one word', async () => {
  const { google, requests } = workspace()
  await google.account.suspend(userId(260))
  const put = requests.find(({ method }) => method === 'PUT')
  assert.deepEqual(JSON.parse(put?.body ?? ''), { suspended: true })
})

test('the administrator whom we act for is never suspended, and nothing is sent', async () => {
  const { google, standIn, requests } = workspace()
  const outcome = await google.account.suspend(ADMINISTRATOR)
  assert.ok(outcome.kind === 'rejected' && outcome.because === 'not allowed' && /GOOGLE_ADMIN_EMAIL/.test(outcome.said))
  assert.ok(!standIn.truth.isSuspended(ADMINISTRATOR) && !requests.some(({ method }) => method === 'PUT'))
})

test('a super administrator is refused by Google, in words that say why', async () => {
  const { google } = workspace()
  for (const outcome of [await google.account.suspend(SUPER), await google.sessions.end(SUPER)]) {
    assert.ok(outcome.kind === 'rejected' && /only a super administrator/.test(outcome.said))
  }
})

test('whom Google itself suspended nobody restores: not allowed, with Google’s word', async () => {
  const { google } = workspace()
  assert.equal(read(await google.account.standing(BLOCKED)), 'suspended')
  const outcome = await google.account.restore(BLOCKED)
  assert.ok(outcome.kind === 'rejected' && outcome.because === 'not allowed', JSON.stringify(outcome))
  assert.match(outcome.said, /adminCannotUnsuspend/)
})

test('an account that is archived is deactivated', async () => {
  const seed = smallSeed()
  const archived = person(400, { archived: true })
  const { google } = workspace({ seed: { ...seed, users: [...seed.users, archived] } })
  assert.equal(read(await google.account.standing(archived.id)), 'deactivated')
})

test('an answer that tells of nobody, or of somebody else, is no proof that somebody was suspended', async () => {
  for (const habit of [
    'about another one',
    'operation that is not done',
    'nothing in a 200',
    'error in a 200',
  ] as const) {
    const { google, standIn } = workspace()
    standIn.hands.misbehave(habit, { when: ({ method }) => method === 'PUT' })
    assert.equal(inShort(await google.account.suspend(userId(260))), 'unavailable', habit)
  }
})

test('sessions, tokens of applications and passwords of programs are ended, each', async () => {
  const { google, standIn, requests, now } = workspace()
  standIn.hands.signIn(userId(260), now())
  standIn.hands.addAsp(userId(260))
  standIn.hands.addAsp(userId(260))
  assert.equal(standIn.truth.sessions(userId(260)), 4)
  assert.equal(inShort(await google.sessions.end(userId(260))), 'changed')
  assert.equal(standIn.truth.sessions(userId(260)), 0)
  assert.equal(requests.filter(({ method }) => method === 'DELETE').length, 3)
})

test('what of it is not answered keeps nobody from ending the rest, and the whole is unavailable', async () => {
  const { google, standIn, now } = workspace()
  standIn.hands.signIn(userId(260), now())
  standIn.hands.addAsp(userId(260))
  standIn.hands.misbehave('500', { when: isSignOut })
  assert.equal(inShort(await google.sessions.end(userId(260))), 'unavailable')
  assert.equal(standIn.truth.sessions(userId(260)), 1, 'the session on the web')
  standIn.hands.misbehave('HTML login page', { times: 9, when: ({ url }) => url.endsWith('/tokens') })
  assert.equal(inShort(await google.sessions.end(userId(260))), 'unavailable')
})

test('an error in a 200 is not an ended session', async () => {
  const { google, standIn } = workspace()
  standIn.hands.misbehave('error in a 200', { when: isSignOut })
  assert.equal(inShort(await google.sessions.end(userId(260))), 'unavailable')
})
