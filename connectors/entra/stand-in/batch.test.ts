import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SUPPORT, userId } from '../tenant-for-tests.ts'
import { addressOf, setUp, START } from './caller-for-tests.ts'

interface Item {
  readonly id: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

const add = (user: number) => ({
  id: String(user),
  method: 'POST',
  url: `/groups/${SUPPORT}/members/$ref`,
  headers: { 'Content-Type': 'application/json' },
  body: { '@odata.id': addressOf(user) },
})

test('a batch is answered 200 whatever became of its requests, and backwards', () => {
  const { call, truth } = setUp()
  const told = call('POST', '/$batch', {
    requests: [
      add(1),
      add(1_999),
      { ...add(2), method: 'DELETE', url: `/groups/${SUPPORT}/members/${userId(2)}/$ref` },
    ],
  })
  const items = told.body['responses'] as unknown as readonly Item[]
  assert.equal(told.status, 200)
  assert.deepEqual(
    items.map(({ id, status }) => [id, status]),
    [
      ['2', 404],
      ['1999', 404],
      ['1', 204],
    ],
  )
  assert.deepEqual(truth.members(SUPPORT), [userId(1)])
})

test('each request of a batch is counted as if it had come alone, and told for itself to come again', () => {
  const { call, hands } = setUp()
  hands.spend('writes', 2_999, START)
  const told = call('POST', '/$batch', { requests: [add(1), add(2)] })
  const items = told.body['responses'] as unknown as readonly Item[]
  assert.deepEqual(
    items.map(({ id, status, headers }) => [id, status, headers['retry-after']]),
    [
      ['2', 429, '150'],
      ['1', 204, undefined],
    ],
  )
})

test('more than twenty, none, an id twice, a body without its type and no JSON at all are no batch', () => {
  const { call } = setUp()
  const { headers: _, ...untyped } = add(1)
  for (const requests of [
    Array.from({ length: 21 }, (_, index) => add(index + 1)),
    [],
    [add(1), add(1)],
    [untyped],
    7,
  ]) {
    assert.equal(call('POST', '/$batch', { requests }).status, 400)
  }
  assert.equal(call('POST', '/$batch', 'nothing').status, 400)
})

test('twenty in a batch are twenty-one calls', () => {
  const { call, truth } = setUp()
  call('POST', '/$batch', { requests: Array.from({ length: 20 }, (_, index) => add(index + 1)) })
  assert.deepEqual([truth.calls.length, truth.calls.filter(({ inBatch }) => inBatch).length], [21, 20])
})
