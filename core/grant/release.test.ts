import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import { group, READERS, WRITERS } from '../catalog/catalog-for-tests.ts'
import {
  confirmed,
  ending,
  GRANT,
  groupReleased,
  hoursLater,
  LIVE,
  open,
  opened,
  release,
  released,
  revoke,
} from './grant-for-tests.ts'
import type { EndedBecause, GrantCommand, GrantEvent } from './grant.ts'

const ENDING = [...LIVE, ending('window ended')]

function ended(because: EndedBecause): GrantEvent {
  return { type: 'GrantEnded', data: { because } }
}

function failed(because: EndedBecause, ownerId: string | null = 'per_olga'): GrantEvent {
  return { type: 'GrantFailed', data: { because, ownerId } }
}

test('a grant has ended when every group was released, in whatever order [R045, R039]', () => {
  given(GRANT, ENDING)
    .when(release(WRITERS))
    .then([groupReleased(WRITERS)])
  assert.equal(stateAfter(GRANT, [...ENDING, groupReleased(WRITERS)]).status, 'ending')
  given(GRANT, [...ENDING, groupReleased(WRITERS)])
    .when(release(READERS))
    .then([groupReleased(READERS), ended('window ended')])
  const state = stateAfter(GRANT, [...ENDING, groupReleased(WRITERS), groupReleased(READERS), ended('window ended')])
  assert.deepEqual([state.status, state.released], ['ended', [released(WRITERS), released(READERS)]])
})

test('a group that another grant holds is kept, and the record names the grant [R050, N07]', () => {
  const kept = { how: 'kept', otherReasons: ['grt_2'], readAt: null } as const
  given(GRANT, [...ENDING, groupReleased(WRITERS)])
    .when(release(READERS, kept))
    .then([groupReleased(READERS, kept), ended('window ended')])
})

test('a group that is released again is released once, and does not stand for another', () => {
  const past = [...ENDING, groupReleased(WRITERS)]
  given(GRANT, past).when(release(WRITERS)).thenNothing()
  given(GRANT, past)
    .when(release(WRITERS, { how: 'kept' }))
    .thenNothing()
  given(GRANT, past)
    .when(release(group('00gOther')))
    .thenNothing()
})

test('nothing is released while the grant lives', () => {
  for (const past of [[], [opened()], LIVE]) given(GRANT, past).when(release(READERS)).thenNothing()
})

test('what was incomplete is taken back and fails, with an owner [R036, I30]', () => {
  const past = [opened(), confirmed(READERS, hoursLater(1), 1), ending('incomplete'), groupReleased(READERS)]
  const never = { how: 'never added' } as const
  given(GRANT, past)
    .when(release(WRITERS, never))
    .then([groupReleased(WRITERS, never), failed('incomplete')])
  assert.equal(stateAfter(GRANT, [...past, groupReleased(WRITERS, never), failed('incomplete')]).status, 'failed')
})

test('whatever ends a grant before its window began makes it fail, and after it makes it end', () => {
  for (const because of ['revoked', 'rejected', 'incomplete'] as const) {
    given(GRANT, [opened({ ownerId: null }), ending(because), groupReleased(READERS)])
      .when(release(WRITERS))
      .then([groupReleased(WRITERS), failed(because, null)])
  }
  given(GRANT, [...LIVE, ending('revoked'), groupReleased(READERS)])
    .when(release(WRITERS))
    .then([groupReleased(WRITERS), ended('revoked')])
})

test('after the end nothing happens any more', () => {
  const over = [
    [...ENDING, groupReleased(READERS), groupReleased(WRITERS), ended('window ended')],
    [opened(), ending('rejected'), groupReleased(READERS), groupReleased(WRITERS), failed('rejected')],
  ]
  const now = hoursLater(1000)
  const commands: readonly GrantCommand[] = [
    open(),
    { kind: 'confirm', group: READERS, readAt: now },
    { kind: 'end window', now },
    { kind: 'give up completing', now },
    { kind: 'reject', group: READERS, now },
    release(READERS),
  ]
  for (const past of over) {
    for (const command of commands) given(GRANT, past).when(command).thenNothing()
    given(GRANT, past).when(revoke('per_max')).thenRefused('not live')
  }
})
