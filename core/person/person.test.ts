import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import { decidePerson, evolvePerson, NO_PERSON, type LinkAccount, type PersonEvent } from './person.ts'

const PERSON = { none: NO_PERSON, decide: decidePerson, evolve: evolvePerson }
const account = '712020:ada'
const LINKED: PersonEvent = {
  type: 'PersonLinked',
  data: { system: 'jira', proof: 'administrator import', provenBy: 'Olga' },
  personal: { account },
}
const UNLINKED: PersonEvent = { type: 'AccountUnlinked', data: { system: 'jira' }, personal: { account } }

function link(standing: LinkAccount['standing'], proof: LinkAccount['proof'] = 'administrator import'): LinkAccount {
  return { kind: 'link account', system: 'jira', account, proof, provenBy: 'Olga', standing }
}

test('an account of nobody is linked, with what proved it and who answers for it; the account itself is personal', () => {
  given(PERSON, []).when(link(null)).then([LINKED])
  assert.deepEqual(stateAfter(PERSON, [LINKED]), { wasLinked: true })
})

test('what is so already is no event, whoever says it again', () => {
  const standing = { whose: 'this person', proof: 'administrator import' } as const
  given(PERSON, [LINKED]).when(link(standing)).thenNothing()
  given(PERSON, [LINKED])
    .when({ ...link(standing), provenBy: 'Max' })
    .thenNothing()
})

test('an administrator’s word goes above an equal e-mail address, and never the other way round', () => {
  given(PERSON, [LINKED])
    .when(link({ whose: 'this person', proof: 'verified e-mail' }))
    .then([LINKED])
  for (const whose of ['this person', 'another person'] as const) {
    given(PERSON, [])
      .when(link({ whose, proof: 'administrator import' }, 'verified e-mail'))
      .thenNothing()
    given(PERSON, [])
      .when(link({ whose, proof: 'verified e-mail' }, 'verified e-mail'))
      .thenNothing()
  }
})

test('an account that goes to another person is recorded with both', () => {
  given(PERSON, [])
    .when(link({ whose: 'another person', proof: 'administrator import' }))
    .then([LINKED])
  given(PERSON, [LINKED]).when({ kind: 'unlink account', system: 'jira', account }).then([UNLINKED])
  assert.deepEqual(stateAfter(PERSON, [LINKED, UNLINKED]), { wasLinked: true })
})
