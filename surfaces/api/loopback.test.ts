import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopbackAddress, listenOnLoopback, localHostOf } from './loopback.ts'
import { apiUnderTest } from './testing/api-under-test.ts'

test('the server refuses to listen on a public address, and says why', async () => {
  const { app } = await apiUnderTest()
  for (const host of ['0.0.0.0', '::', '', '10.0.0.7', 'tenure.example', '::ffff:10.0.0.7']) {
    await assert.rejects(listenOnLoopback(app, { host, port: 0 }), /until sign-in exists.*loopback only/, host)
  }
  assert.deepEqual(app.addresses(), [])
})

test('it listens on loopback, answers over a real socket, and closes though a connection is kept', async () => {
  const { app, entry } = await apiUnderTest()
  const { baseUrl } = await listenOnLoopback(app, { host: 'localhost', port: 0 })
  assert.match(baseUrl, /^http:\/\/127\.0\.0\.1:\d+$/)
  const entered = await fetch(entry.createLink(baseUrl))
  assert.equal(entered.status, 200)
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  assert.equal((await fetch(`${baseUrl}/api/session`, { headers: { cookie } })).status, 200)
  await app.close()
})

test('loopback is 127.0.0.0/8 and ::1, by address and never by name', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    assert.ok(isLoopbackAddress(address), address)
  }
  for (const address of ['localhost', '128.0.0.1', '::2', '', '127.1', '0x7f000001']) {
    assert.ok(!isLoopbackAddress(address), address)
  }
})

test('a request that names no host, or hides another in it, was not meant for us', () => {
  for (const host of [
    undefined,
    '',
    ' ',
    'localhost:',
    'localhost:99999999',
    'localhost:4400, evil.example',
    'user@localhost',
  ]) {
    assert.equal(localHostOf(host), null, String(host))
  }
  assert.deepEqual(localHostOf('[::1]:4400'), { host: '[::1]', port: '4400' })
  assert.deepEqual(localHostOf('localhost'), { host: 'localhost', port: '80' })
})
