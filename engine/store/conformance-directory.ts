import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DirectorySeen, Store } from './store.ts'
import { NOW, only, type OnStore } from './conformance-given.ts'

type SeenPerson = DirectorySeen['people'][number]
type SeenGroup = DirectorySeen['groups'][number]

export function somebody(account: string, more: Partial<SeenPerson> = {}): SeenPerson {
  return {
    account,
    newPersonId: `per_${account}`,
    login: `${account}@halden.example`,
    email: `${account}@mail.example`,
    emailVerified: true,
    displayName: `${account} of Halden`,
    title: 'Agent',
    department: 'Support',
    manager: null,
    active: true,
    ...more,
  }
}

export function someGroup(id: string, name: string, provider = 'okta'): SeenGroup {
  return { group: { provider, id }, name, description: `about ${name}`, notWritable: null, fedByRule: false }
}

function saw(people: readonly SeenPerson[], groups: readonly SeenGroup[] = [], at = NOW): DirectorySeen {
  return { people, groups, at }
}

/** What the directories showed. */
export function directories(on: OnStore): void {
  test(
    'a directory is kept as it was seen, people with an id of ours',
    on(async (store) => {
      const ada = somebody('ada', { manager: 'ben', title: 'Head' })
      const ben = somebody('ben', { emailVerified: false, active: false })
      const app = { ...someGroup('00g2', 'App'), notWritable: 'APP_GROUP', fedByRule: true }
      const saved = await store.saveDirectory('okta', saw([ada, ben], [someGroup('00g1', 'Readers'), app]))
      assert.deepEqual(saved, { people: 2, groups: 2, gone: 0 })
      assert.deepEqual(await store.people(['per_ada']), [
        {
          personId: 'per_ada',
          provider: 'okta',
          account: 'ada',
          login: 'ada@halden.example',
          email: 'ada@mail.example',
          emailVerified: true,
          name: 'ada of Halden',
          title: 'Head',
          department: 'Support',
          managerId: 'per_ben',
          active: true,
        },
      ])
      assert.deepEqual(await store.groups([app.group]), [app])
    }),
  )

  test(
    'an account keeps the id it was given first, and has the rest from the newest look',
    on(async (store) => {
      await store.saveDirectory('okta', saw([somebody('ada', { newPersonId: 'per_1' })], [someGroup('00g1', 'Old')]))
      const again = somebody('ada', { newPersonId: 'per_2', title: 'Head', email: 'new@mail.example' })
      await store.saveDirectory('okta', saw([again], [someGroup('00g1', 'New')], NOW + 1))
      assert.deepEqual(await store.people(['per_2']), [])
      const { title, email } = only(await store.people(['per_1']))
      assert.deepEqual([title, email], ['Head', 'new@mail.example'])
      assert.equal(only(await store.groups([{ provider: 'okta', id: '00g1' }])).name, 'New')
    }),
  )

  test(
    'who is missing from a newer look is gone: not active and not deleted, counted once, in this directory only; groups stay',
    on(async (store) => {
      await store.saveDirectory('okta', saw([somebody('ada'), somebody('ben')], [someGroup('00g1', 'Readers')]))
      await store.saveDirectory('entra', saw([somebody('eva')]))
      const later = (at: number) => store.saveDirectory('okta', saw([somebody('ada')], [], at))
      assert.deepEqual(await later(NOW + 1), { people: 1, groups: 0, gone: 1 })
      assert.deepEqual(await later(NOW + 2), { people: 1, groups: 0, gone: 0 })
      const people = await store.people(['per_ada', 'per_ben', 'per_eva'])
      assert.deepEqual(
        people.map((each) => [each.account, each.active]),
        [
          ['eva', true],
          ['ada', true],
          ['ben', false],
        ],
      )
      assert.equal((await store.groups([{ provider: 'okta', id: '00g1' }])).length, 1)
      await store.saveDirectory('okta', saw([somebody('ada'), somebody('ben')], [], NOW + 3))
      assert.equal(only(await store.people(['per_ben'])).active, true, 'and back')
    }),
  )

  test(
    'a look that began earlier than one that is kept already is passed over; one of the same moment is not [I9]',
    on(async (store) => {
      await store.saveDirectory('okta', saw([somebody('ada', { title: 'Head' })], [], NOW))
      const older = saw([somebody('left')], [someGroup('00g1', 'Readers')], NOW - 1)
      assert.deepEqual(await store.saveDirectory('okta', older), { people: 0, groups: 0, gone: 0 })
      assert.deepEqual(await store.saveDirectory('entra', older), { people: 1, groups: 1, gone: 0 })
      const same = saw([somebody('ben')], [], NOW)
      assert.deepEqual(await store.saveDirectory('okta', same), { people: 1, groups: 0, gone: 0 })
      const people = await store.people(['per_ada', 'per_ben'])
      assert.deepEqual(
        people.map((each) => [each.title, each.active]),
        [
          ['Head', true],
          ['Agent', true],
        ],
      )
    }),
  )

  test(
    'a look at nothing makes everybody inactive, and is remembered by nobody',
    on(async (store) => {
      await store.saveDirectory('okta', saw([somebody('ada')]))
      assert.deepEqual(await store.saveDirectory('okta', saw([], [], NOW + 9)), { people: 0, groups: 0, gone: 1 })
      assert.equal((await store.saveDirectory('okta', saw([somebody('ben')], [], NOW + 1))).people, 1)
    }),
  )

  test(
    'the same id twice in one look is a fault, and nothing of the look is kept',
    on(async (store) => {
      await assert.rejects(store.saveDirectory('okta', saw([somebody('ada'), somebody('ben'), somebody('ada')])))
      const groups = [someGroup('00g1', 'One'), someGroup('00g1', 'Other')]
      await assert.rejects(store.saveDirectory('okta', saw([somebody('ada')], groups)))
      assert.deepEqual(await store.people(['per_ada', 'per_ben']), [])
    }),
  )

  test(
    'people come in the order of directory and account, each once, whatever was asked for',
    on(async (store) => {
      const shared = { newPersonId: 'per_x' }
      await store.saveDirectory('okta', saw([somebody('b', shared), somebody('B'), somebody('a', shared)]))
      await store.saveDirectory('entra', saw([somebody('z', shared)]))
      const people = await store.people(['per_x', 'nobody', 'per_B', 'per_x'])
      assert.deepEqual(
        people.map((each) => `${each.provider} ${each.account}`),
        ['entra z', 'okta B', 'okta a', 'okta b'],
      )
    }),
  )

  test(
    'people are found by their accounts of one directory, in order, and unknown ones are missing',
    on(async (store) => {
      await store.saveDirectory('okta', saw([somebody('b'), somebody('a')]))
      await store.saveDirectory('entra', saw([somebody('a', { newPersonId: 'per_other' })]))
      const found = await store.peopleOfAccounts('okta', ['b', 'nobody', 'a', 'b'])
      assert.deepEqual(
        found.map((each) => each.personId),
        ['per_a', 'per_b'],
      )
    }),
  )

  test(
    'a manager is found by account, by login and by verified address, without case; two who fit are nobody [R014]',
    on(async (store) => {
      const managerOf = async (manager: string, ...others: SeenPerson[]) => {
        const everybody = [somebody('ada', { manager }), ...others]
        await store.saveDirectory('okta', saw(everybody))
        return only(await store.people(['per_ada'])).managerId
      }
      const ben = somebody('ben', { login: 'Ben@Halden.example', email: 'ben@mail.example' })
      assert.equal(await managerOf('ben', ben), 'per_ben')
      assert.equal(await managerOf('Ben', ben), null, 'account ids have case')
      assert.equal(await managerOf('bEn@halden.EXAMPLE', ben), 'per_ben')
      assert.equal(await managerOf('BEN@mail.example', ben), 'per_ben')
      assert.equal(await managerOf('ben@mail.example', { ...ben, emailVerified: false }), null)
      assert.equal(await managerOf('nobody', ben), null)
      assert.equal(await managerOf('ada', ben), 'per_ada', 'one’s own manager')
      const cem = somebody('cem', { login: 'ben@mail.example' })
      assert.equal(await managerOf('ben@mail.example', ben, cem), null)
      await store.saveDirectory('entra', saw([somebody('dan', { manager: 'ben' })]))
      assert.equal(only(await store.people(['per_dan'])).managerId, null, 'of another directory')
    }),
  )

  test(
    'everybody who is somebody’s manager is told once, in order',
    on(async (store) => {
      const under = (account: string, manager: string) => somebody(account, { manager })
      await store.saveDirectory('okta', saw([under('a', 'z'), under('b', 'z'), under('z', 'm'), under('m', 'nobody')]))
      assert.deepEqual(await store.managers(), ['per_m', 'per_z'])
    }),
  )

  test(
    'people are found by address or login without case, of all directories, in order',
    on(async (store) => {
      const shared = { email: 'Über@Mail.example' }
      await store.saveDirectory('okta', saw([somebody('b', shared), somebody('a', { login: 'über@mail.EXAMPLE' })]))
      await store.saveDirectory('entra', saw([somebody('z', shared), somebody('y')]))
      const found = async (address: string) => (await store.peopleByAddresses([address])).map((each) => each.account)
      assert.deepEqual(await found('ÜBER@mail.example'), ['z', 'a', 'b'])
      assert.deepEqual(await found('Y@halden.example'), ['y'])
      assert.deepEqual(await found('halden.example'), [])
      const several = await store.peopleByAddresses(['y@HALDEN.example', 'über@mail.example', 'ÜBER@mail.example', ''])
      assert.deepEqual(
        several.map((each) => each.account),
        ['y', 'z', 'a', 'b'],
      )
    }),
  )

  test(
    'letters are made small one by one, as the embedded database does it',
    on(async (store) => {
      await store.saveDirectory('okta', saw([somebody('s', { login: 'ΟΔΟΣ' }), somebody('i', { login: 'İ' })]))
      const found = async (address: string) => (await store.peopleByAddresses([address])).map((each) => each.account)
      assert.deepEqual([await found('οδοσ'), await found('οδος')], [['s'], []])
      assert.deepEqual(await found('I'), ['i'])
    }),
  )

  test(
    'groups come in the order asked for, unknown ones are missing; by name or id they are found exactly, in order of id',
    on(async (store) => {
      const ref = (id: string, provider = 'okta') => ({ provider, id })
      const named = [someGroup('b', 'Readers'), someGroup('A', 'Readers'), someGroup('Readers', 'Writers')]
      await store.saveDirectory('okta', saw([], named))
      await store.saveDirectory('entra', saw([], [someGroup('b', 'Readers', 'entra')]))
      const asked = [ref('b'), ref('nothing'), ref('A'), ref('b', 'entra'), ref('b')]
      const found = (await store.groups(asked)).map(({ group }) => `${group.provider} ${group.id}`)
      assert.deepEqual(found, ['okta b', 'okta A', 'entra b', 'okta b'])
      const idsNamed = async (name: string) => (await store.groupsNamed('okta', name)).map(({ group }) => group.id)
      assert.deepEqual(await idsNamed('Readers'), ['A', 'Readers', 'b'])
      assert.deepEqual(await idsNamed('readers'), [])
    }),
  )

  test(
    'what is asked for nobody and nothing is answered with nothing',
    on(async (store: Store) => {
      assert.deepEqual(
        [await store.people([]), await store.managers(), await store.groups([]), await store.peopleByAddresses([])],
        [[], [], [], []],
      )
      assert.deepEqual([await store.linksOf([]), await store.linksOfAccounts('jira', [])], [[], []])
    }),
  )
}
