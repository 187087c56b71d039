import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
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
