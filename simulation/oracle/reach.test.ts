import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fired, ReplicaEvent } from '../world/history.ts'
import { calmSince } from './calm.ts'
import { reachesOf, type Reach } from './reach.ts'
import { at, call, instant, runOf, type Happening } from './run-for-tests.ts'

function access(happening: Happening): Reach {
  return reachesOf(runOf(happening)).access
}

/** Hindrances after the start, in which every process has to look first. */
function hindered(reach: Reach): readonly (readonly [number, number])[] {
  return reach.hindered
    .filter((each) => each.from > instant(0))
    .map((each) => [each.from - instant(0), each.until - instant(0)])
}

function befell(kind: string, when: number): Fired {
  return { number: 0, kind, at: instant(when), states: [], ofChange: false }
}

test('in the calm all time is clear', () => {
  const reach = access({})
  assert.deepEqual(hindered(reach), [])
  assert.equal(reach.after(instant(at(60)), 1_000), instant(at(60)) + 1_000)
  assert.equal(reach.clearMs(instant(at(60)), instant(at(70))), at(10))
})

test('one failed call stands in the way for seconds, not for the time in which calls may fail', () => {
  const faults = [{ kind: 'answer lost', at: at(30), until: at(150) }]
  const reach = access({ faults, history: { fired: [befell('answer lost', at(60))] } })
  assert.deepEqual(hindered(reach), [[at(60), at(60) + 7_100]])
  assert.equal(reach.after(instant(at(60)), 1_000), instant(at(60)) + 8_100)
})

test('an outage stands in the way to its end, and a while longer; the longer it was, the longer, up to half a minute', () => {
  const outage = (until: number) => hindered(access({ faults: [{ kind: 'outage', at: at(60), until }] }))
  assert.deepEqual(outage(at(60, 5)), [[at(60), at(60, 36)]])
  assert.deepEqual(outage(at(120)), [[at(60), at(120, 38)]])
})

test('failures that follow each other are one trouble, and waits have grown meanwhile', () => {
  const fired = Array.from({ length: 10 }, (_, place) => befell('500', at(60, place * 6)))
  const [[from, until] = [0, 0], ...more] = hindered(access({ history: { fired } }))
  assert.equal(more.length, 0)
  assert.equal(from, at(60))
  assert.ok(until > at(60, 54 + 31), 'longer than after a single one')
  assert.ok(until < at(60, 54 + 41), 'and no more than half a minute and an attempt')
})

test('a process that dies is taken over from within seconds, and none at all is waited for', () => {
  const died = (more: readonly ReplicaEvent[]): readonly (readonly [number, number])[] =>
    hindered(
      access({
        history: {
          replicas: [
            { at: instant(0), replica: 'r1', what: 'started' },
            ...more,
            { at: instant(at(60)), replica: 'r1', what: 'killed' },
            { at: instant(at(62)), replica: 'r9', what: 'started' },
          ],
          fired: [befell('killed', at(60))],
        },
      }),
    )
  assert.deepEqual(died([{ at: instant(0), replica: 'r2', what: 'started' }]), [[at(60), at(60) + 11_100]])
  const [[from, until] = [0, 0]] = died([])
  assert.equal(from, at(60))
  assert.ok(until > at(62))
})

test('an order to stand still is waited for, and one that exempts removals is not', () => {
  const ordered = (exceptRemovals: boolean) =>
    hindered(
      access({
        history: {
          deeds: [
            { at: instant(at(60)), deed: { at: 0, do: 'halt', exceptRemovals }, result: '' },
            { at: instant(at(90)), deed: { at: 0, do: 'resume' }, result: '' },
          ],
        },
      }),
    )
  assert.equal(ordered(false).length, 1)
  assert.deepEqual(ordered(true), [])
})

test('a webhook that was lost keeps us from hearing, and not from ending what is over', () => {
  const reaches = reachesOf(runOf({ history: { fired: [befell('webhook lost', at(60))] } }))
  assert.deepEqual(hindered(reaches.access), [])
  assert.equal(hindered(reaches.desk).length, 1)
})

test('a rate window that our own calls used up excuses what it must, and not that the urgent did not go first', () => {
  const counted = Array.from({ length: 24 }, (_, place) => ({
    at: instant(at(60, place)),
    method: 'GET' as const,
    kind: 'holdings' as const,
    bucket: 'other' as const,
    status: 200,
    refused: null,
    habit: null,
  }))
  const reaches = reachesOf(runOf({ limitShare: 0.02, counted }))
  assert.equal(reaches.windows?.[0]?.usedUpAt, instant(at(60, 23)))
  assert.deepEqual(
    hindered(reaches.access).map(([from]) => from),
    [at(60, 23)],
  )
  assert.deepEqual(hindered(reaches.accessButRate), [])
  const eaten = reachesOf(
    runOf({ limitShare: 0.02, counted, spent: [{ at: instant(at(60)), bucket: 'other', calls: 5 }] }),
  )
  assert.deepEqual(
    hindered(eaten.accessButRate).map(([from]) => from),
    [at(60, 18)],
  )
})

test('the calm begins when the storm is over, and what it left behind', () => {
  const stormMs = at(180)
  const late = call('PUT', 'groups/g/users/u', at(179), { arrivedAt: instant(at(181)), answeredAt: null, clean: false })
  assert.equal(calmSince(runOf({ stormMs })), instant(stormMs))
  assert.equal(calmSince(runOf({ stormMs, calls: [late] })), instant(at(181)))
  assert.equal(
    calmSince(runOf({ stormMs, spent: [{ at: instant(at(179, 30)), bucket: 'other', calls: 1 }] })),
    instant(at(180, 30)),
  )
})
