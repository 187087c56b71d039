import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, NINE, stateAfter } from '../../tests/given.ts'
import { isoOf } from '../instant.ts'
import { decideGroup, evolveGroup, UNCLAIMED, type ClaimGroup, type GroupEvent } from './group.ts'

const GROUP = { none: UNCLAIMED, decide: decideGroup, evolve: evolveGroup }
const CLAIMED: GroupEvent = { type: 'GroupClaimed', data: { name: 'readers' } }

function claim(notWritable: string | null = null, isProtected = false): ClaimGroup {
  return { kind: 'claim', name: 'readers', notWritable, isProtected }
}

test('a group is claimed once, and claiming adopts nobody [R117, I4]', () => {
  given(GROUP, []).when(claim()).then([CLAIMED])
  assert.deepEqual(stateAfter(GROUP, [CLAIMED]), { claimed: true })
  given(GROUP, [CLAIMED]).when(claim()).thenRefused('already claimed', { group: 'readers' })
})

test('a group that the vendor never lets us write is refused, by name, with why [R117]', () => {
  const because = 'APP_GROUP: members come from the application'
  given(GROUP, []).when(claim(because)).thenRefused('not writable', { group: 'readers', because })
})

test('a protected group is refused, by name, whatever the vendor lets us do [R118]', () => {
  given(GROUP, []).when(claim(null, true)).thenRefused('protected group', { group: 'readers' })
})

test('the first look at a claimed group is noted once, and none before the claim', () => {
  const look = { kind: 'note first look', readAt: isoOf(NINE), members: 3 } as const
  const noted: GroupEvent = { type: 'GroupFirstLookedAt', data: { readAt: isoOf(NINE), members: 3 } }
  given(GROUP, []).when(look).thenNothing()
  given(GROUP, [CLAIMED]).when(look).then([noted])
  given(GROUP, [CLAIMED, noted]).when(look).thenNothing()
})
