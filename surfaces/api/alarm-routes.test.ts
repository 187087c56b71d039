import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUnderTest, codeOf } from './testing/api-under-test.ts'
import { SAMPLE_GAUGES, sampleOverdue } from './testing/sample-alarms.ts'
import { SAMPLE_NOW } from './testing/sample-requests.ts'
import type { OverdueAnswer } from './wire.ts'

function alarmsOver(removals: readonly ReturnType<typeof sampleOverdue>[]) {
  return { alarms: () => ({ overdue: async () => removals, gauges: async () => SAMPLE_GAUGES }) }
}

test('what is overdue is told with the last word of the provider in words, and its own text beside it [R055]', async () => {
  const hostile = sampleOverdue({
    grantId: 'grt_2',
    groups: [{ name: '<b>', lastWord: 'not allowed', said: '<script>alert(1)</script>', attempts: 3 }],
    alarm: null,
    alarmTrouble: 'Jira refused the issue',
  })
  const { get } = await apiUnderTest(alarmsOver([sampleOverdue(), hostile]))
  const answer = await get('/api/overdue')
  assert.equal(answer.statusCode, 200)
  const { now, count, overdue } = answer.json<OverdueAnswer>()
  assert.deepEqual([now, count], [SAMPLE_NOW, 2])
  assert.deepEqual(overdue[0], {
    ...sampleOverdue(),
    groups: [
      {
        name: 'netsuite-read',
        lastWord: 'the directory could not be reached',
        said: '503 Service unavailable',
        attempts: 40,
      },
    ],
  })
  assert.equal(overdue[1]?.groups[0]?.lastWord, 'the directory does not allow Tenure to do it: a permission is missing')
})

test('when nothing is overdue, that is an answer too', async () => {
  const { get } = await apiUnderTest(alarmsOver([]))
  assert.deepEqual((await get('/api/overdue')).json(), { now: SAMPLE_NOW, count: 0, overdue: [] })
})

test('of very many the longest are told, and how many there are', async () => {
  const many = Array.from({ length: 1_000 }, (_, place) => sampleOverdue({ grantId: `grt_${place}` }))
  const { get } = await apiUnderTest(alarmsOver(many))
  const { count, overdue } = (await get('/api/overdue')).json<OverdueAnswer>()
  assert.deepEqual([count, overdue.length, overdue[0]?.grantId], [1_000, 200, 'grt_0'])
})

test('who is not in does not read what is overdue, and an unknown question is not understood', async () => {
  const { raw, get } = await apiUnderTest(alarmsOver([sampleOverdue()]))
  const outside = await raw({ url: '/api/overdue' })
  assert.deepEqual([outside.statusCode, codeOf(outside)], [401, 'no session'])
  assert.equal((await get('/api/overdue?all=1')).statusCode, 400)
})

test('while the database starts, both say so', async () => {
  const { get, raw } = await apiUnderTest({ alarms: () => null })
  assert.equal((await get('/api/overdue')).statusCode, 503)
  assert.equal((await raw({ url: '/metrics' })).statusCode, 503)
})

test('the gauges are text for Prometheus, for anybody on this machine, and hold nobody’s name [R055]', async () => {
  const { raw } = await apiUnderTest(alarmsOver([sampleOverdue()]))
  const answer = await raw({ url: '/metrics' })
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  const samples = answer.body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  assert.deepEqual(samples, [
    'tenure_overdue_removals 2',
    'tenure_live_windows 1234',
    'tenure_due_work{queue="timer"} 0',
    'tenure_due_work{queue="membership"} 3',
    'tenure_due_work_oldest_age_seconds{queue="timer"} 0',
    'tenure_due_work_oldest_age_seconds{queue="membership"} 90.5',
    'tenure_sealed_records 10000',
    'tenure_unsealed_records 7',
    'tenure_last_heartbeat_timestamp_seconds 1793613600',
  ])
  for (const [name] of samples.map((line) => /^\w+/.exec(line) ?? assert.fail(line)))
    assert.match(answer.body, new RegExp(`^# HELP ${name} .+\n# TYPE ${name} gauge\n`, 'm'))
  assert.ok(answer.body.endsWith('\n'))
  assert.doesNotMatch(answer.body, /Noor|Mara|NetSuite/)
})

test('the gauges are read from this machine only, and by its own name', async () => {
  const { raw } = await apiUnderTest(alarmsOver([]))
  const elsewhere = await raw({ url: '/metrics', remoteAddress: '192.0.2.7' })
  assert.deepEqual([elsewhere.statusCode, codeOf(elsewhere)], [403, 'not loopback'])
  const rebound = await raw({ url: '/metrics', headers: { host: 'evil.example' } })
  assert.deepEqual([rebound.statusCode, codeOf(rebound)], [421, 'wrong host'])
})

test('before the first heartbeat there is no moment of it', async () => {
  const gauges = async () => ({ ...SAMPLE_GAUGES, lastHeartbeatAt: null })
  const { raw } = await apiUnderTest({ alarms: () => ({ overdue: async () => [], gauges }) })
  assert.doesNotMatch((await raw({ url: '/metrics' })).body, /^tenure_last_heartbeat_timestamp_seconds /m)
})
