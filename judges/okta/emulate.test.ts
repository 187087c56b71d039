import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createEmulator } from 'emulate'
import type { Membership } from '../../connectors/kit/connector.ts'
import type { Directory } from '../../connectors/kit/directory.ts'
import { createUndiciFetch } from '../../connectors/kit/undici-fetch.ts'
import { okta } from '../../connectors/okta/connector.ts'
import { wholeList } from '../../connectors/kit/whole-list.ts'

/**
 * Our connector on a server that nobody here wrote. It knows no `private_key_jwt`, so the connector is handed a
 * bearer token; it knows no group rules, no APP_GROUP and no rate limits.
 */
async function setUp(t: TestContext) {
  const server = await createEmulator({
    service: 'okta',
    port: await freePort(),
    seed: {
      tokens: { 'judge-token': { login: 'admin@acme.example', scopes: ['okta.users.read', 'okta.groups.manage'] } },
      okta: {
        users: Array.from({ length: 70 }, (_, index) => ({
          okta_id: `00uJudge${index}`,
          login: `person${index}@acme.example`,
          email: `person${index}@acme.example`,
          first_name: 'Person',
          last_name: String(index),
        })),
        groups: Array.from({ length: 40 }, (_, index) => ({ okta_id: `00gJudge${index}`, name: `Group ${index}` })),
      },
    },
  })
  const network = createUndiciFetch()
  t.after(async () => {
    await network.close()
    await server.close()
  })
  const config = {
    domain: server.url,
    clientId: '',
    privateKey: '',
    keyId: '',
    apiToken: '',
    accessToken: 'judge-token',
    accounts: '',
    log: '',
    concurrency: '',
  }
  const io = { fetch: network.fetch, now: Date.now, sleep: (ms: number) => sleep(ms), newId: randomUUID }
  return okta.connect(config, io) as { membership: Membership; directory: Directory }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const group = { provider: 'okta', id: '00gJudge1' }

test('people and groups come complete, over its own kind of pages', async (t) => {
  const { directory } = await setUp(t)
  const people = await wholeList(directory.people, ({ account }) => account)
  assert.ok(people.kind === 'read', JSON.stringify(people))
  const judged = people.value.filter(({ account }) => account.startsWith('00uJudge'))
  assert.equal(judged.length, 70)
  assert.deepEqual(judged[69]?.displayName, 'Person 69')
  const groups = await wholeList(directory.groups, ({ group }) => group.id)
  assert.ok(groups.kind === 'read', JSON.stringify(groups))
  assert.equal(groups.value.filter((one) => one.group.id.startsWith('00gJudge')).length, 40)
  assert.match(groups.value.find(({ name }) => name === 'Everyone')?.notWritable ?? '', /^BUILT_IN/)
})

test('a membership is added twice, read back both ways, removed twice, and read back', async (t) => {
  const { membership } = await setUp(t)
  const change = { account: '00uJudge7', group }
  for (const what of ['add', 'add', 'remove', 'remove'] as const) {
    const [outcome] = await membership.change([{ do: what, ...change }])
    assert.equal(outcome?.kind, 'changed', JSON.stringify(outcome))
    const members = await membership.members(group)
    assert.ok(members.kind === 'read')
    assert.deepEqual(members.value, what === 'add' ? [{ account: '00uJudge7', source: 'direct' }] : [])
    const holdings = await membership.groupsOf('00uJudge7')
    assert.ok(holdings.kind === 'read')
    assert.equal(
      holdings.value.some((holding) => holding.group.id === group.id),
      what === 'add',
    )
  }
})

test('a person and a group that are missing are told apart', async (t) => {
  const { membership } = await setUp(t)
  const outcomes = await membership.change([
    { do: 'add', account: '00uNobody', group },
    { do: 'add', account: '00uJudge1', group: { provider: 'okta', id: '00gNowhere' } },
    { do: 'add', account: '00uJudge1', group: { provider: 'okta', id: '00g_everyone' } },
  ])
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.because : outcome.kind)),
    ['no such person', 'no such group', 'group is managed by the vendor'],
  )
})
