import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import { READERS } from '../catalog/catalog-for-tests.ts'
import {
  APPROVAL,
  answer,
  answerFacts,
  approved,
  declined,
  FORM,
  refusedAs,
  REQUEST,
  submitted,
  voided,
} from './request-for-tests.ts'
import type { AskForm } from './read-ask.ts'
import type { RequestCommand, RequestEvent } from './request.ts'

const OTHER: AskForm = { ...FORM, role: 'Admin' }
const APPROVED = [submitted(), approved('per_max', ['manager'])]

function noteEdit(form: AskForm, askHash = 'hash of the ask', edited = false): RequestCommand {
  return { kind: 'note edit', form, askHash, edited }
}

function editNoted(form: AskForm): RequestEvent {
  return { type: 'EditNoted', data: { after: 'approval' }, personal: { ...form } }
}

const MOVED_BY_HAND: RequestEvent = {
  type: 'AnswerNotCounted',
  data: { code: 'status without an approval', personId: null, approval: null },
}

test('a ticket that is as it was asked voids nothing', () => {
  given(REQUEST, [submitted()])
    .when(noteEdit({ ...FORM }))
    .thenNothing()
})

test('edited and edited back voids it too: somebody may have answered what it said in between [I18, N24]', () => {
  given(REQUEST, [submitted()])
    .when(noteEdit({ ...FORM }, 'hash of the ask', true))
    .then([voided('ticket edited')])
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_max', answerFacts({ edited: true })))
    .then([voided('ticket edited')])
})

test('an approval from before the request answers another ask [I18]', () => {
  given(REQUEST, [submitted({ seen: { approvalIds: [APPROVAL.id], lastChangeId: null } })])
    .when(answer('approved', 'per_max'))
    .thenRefused('answered another ask')
})

test('a membership that somebody else gave after the question was put voids the answer: nobody was told of it [I4]', () => {
  const given1 = [{ group: READERS, name: 'readers', claimed: true, heldBy: 'another hand' as const }]
  given(REQUEST, [submitted()])
    .when(answer('approved', 'per_max', answerFacts({ holdingsNow: given1 })))
    .then([voided('holdings changed')])
  given(REQUEST, [submitted({ heldAlready: [{ group: READERS, by: 'another hand' }] })])
    .when(answer('approved', 'per_max', answerFacts({ holdingsNow: given1 })))
    .then([approved('per_max', ['manager'])])
})

test('any field edited while the request waits voids it [N24]', () => {
  for (const field of ['app', 'role', 'duration', 'reason'] as const) {
    given(REQUEST, [submitted()])
      .when(noteEdit({ ...FORM, [field]: 'other' }, 'other'))
      .then([voided('ticket edited', 'other')])
  }
  assert.equal(stateAfter(REQUEST, [submitted(), voided('ticket edited')]).voidedBecause, 'ticket edited')
})

test('a role that grants something else by now voids what waits for it [N24]', () => {
  given(REQUEST, [submitted()])
    .when(noteEdit(FORM, 'other'))
    .then([voided('role changed', 'other')])
})

test('once what the person wrote is erased, only the hash is left to compare', () => {
  const { personal: _, ...erased } = submitted()
  given(REQUEST, [erased]).when(noteEdit(OTHER)).thenNothing()
  given(REQUEST, [erased])
    .when(noteEdit(OTHER, 'other'))
    .then([voided('role changed', 'other')])
  given(REQUEST, [erased])
    .when(answer('approved', 'per_max', answerFacts({ formNow: OTHER })))
    .then([approved('per_max', ['manager'])])
  given(REQUEST, [erased, approved('per_max', ['manager'])])
    .when(noteEdit(OTHER))
    .thenNothing()
})

test('an edit after the approval changes nothing, and is noted once with what the ticket says now', () => {
  given(REQUEST, APPROVED)
    .when(noteEdit(OTHER, 'other'))
    .then([editNoted(OTHER)])
  const noted = [...APPROVED, editNoted(OTHER)]
  assert.deepEqual([stateAfter(REQUEST, noted).status, stateAfter(REQUEST, noted).editNoted], ['approved', OTHER])
  given(REQUEST, noted).when(noteEdit(OTHER, 'other')).thenNothing()
  given(REQUEST, noted)
    .when(noteEdit({ ...FORM, role: 'Owner' }, 'other'))
    .then([editNoted({ ...FORM, role: 'Owner' })])
})

test('after the approval, a ticket as it was asked is no edit, even when the role has changed', () => {
  given(REQUEST, APPROVED).when(noteEdit(FORM, 'other')).thenNothing()
})

test('nobody cares for edits of what was declined, refused, voided or never asked', () => {
  const pasts = [[], [submitted(), declined()], [refusedAs('already live')], [submitted(), voided('role changed')]]
  for (const past of pasts) given(REQUEST, past).when(noteEdit(OTHER, 'other')).thenNothing()
})

test('a ticket moved by hand grants nothing: that is noted once, and the request still waits [R119]', () => {
  const command: RequestCommand = { kind: 'note move by hand' }
  given(REQUEST, [submitted()]).when(command).then([MOVED_BY_HAND])
  given(REQUEST, [submitted(), MOVED_BY_HAND]).when(command).thenNothing()
  assert.equal(stateAfter(REQUEST, [submitted(), MOVED_BY_HAND]).status, 'waiting')
  given(REQUEST, [submitted(), MOVED_BY_HAND])
    .when(answer('approved', 'per_max'))
    .then([approved('per_max', ['manager'])])
  for (const past of [[], APPROVED, [refusedAs('already live')]]) given(REQUEST, past).when(command).thenNothing()
})

test('a ticket moved past the question before anybody could be asked voids the request: no answer can ever come [R119, I32]', () => {
  const command: RequestCommand = { kind: 'note way round' }
  given(REQUEST, [submitted()])
    .when(command)
    .then([voided('moved by hand')])
  for (const past of [[], APPROVED, [submitted(), declined()], [refusedAs('already live')]]) {
    given(REQUEST, past).when(command).thenNothing()
  }
})
