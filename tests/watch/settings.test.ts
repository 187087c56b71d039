import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { readSettings } from '#server/settings.ts'

const HOME = { TENURE_HOME: '/var/lib/tenure' }

test('the bound after which a removal is overdue is a quarter of an hour, or what is set', () => {
  const of = (text: string) => readSettings({ ...HOME, TENURE_OVERDUE_AFTER: text }).overdueAfterMs
  assert.equal(readSettings(HOME).overdueAfterMs, 15 * MINUTE_MS)
  assert.deepEqual(['', '30m', '2h', ' 90s ', '168h'].map(of), [
    15 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    90_000,
    168 * HOUR_MS,
  ])
  for (const text of ['15', '59s', '0m', '169h', 'soon', '-15m', '15 minutes', '1e3m'])
    assert.throws(() => of(text), /TENURE_OVERDUE_AFTER must be a time from 1m to 168h, such as 15m/, text)
})

test('the list of live windows lies in the state folder, or where it is set; the sandbox keeps its own', () => {
  const of = (more: Record<string, string>) => readSettings({ ...HOME, ...more }).windowsFolder
  assert.equal(of({}), '/var/lib/tenure/sandbox/windows')
  assert.equal(of({ TENURE_WINDOWS_FOLDER: '/srv/windows' }), '/srv/windows')
})

test('the heartbeat goes out by https, or stays on this machine; its address is in no complaint', () => {
  const of = (text: string) => readSettings({ ...HOME, TENURE_HEARTBEAT_URL: text }).heartbeatUrl
  assert.equal(readSettings(HOME).heartbeatUrl, null)
  for (const url of [
    'https://alarms.example/ping/s3cret?x=1',
    'http://127.0.0.1:9000/s3cret',
    'http://localhost/s3cret',
    'http://[::1]:9/s3cret',
  ])
    assert.equal(of(url), url)
  const wrong = [
    'http://alarms.example/s3cret',
    'http://127.0.0.1.alarms.example/s3cret',
    'ftp://alarms.example/s3cret',
    'file:///s3cret',
    'https://s3cret:x@alarms.example/',
    'https://alarms.example/#s3cret',
    's3cret',
  ]
  for (const url of wrong)
    assert.throws(
      () => of(url),
      (fault: Error) => fault.message.startsWith('TENURE_HEARTBEAT_URL') && !fault.message.includes('s3cret'),
      url,
    )
})
