import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import type { Capabilities } from '#connectors/kit/connector.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import { okta } from '#connectors/okta/connector.ts'
import { createOktaStandIn } from '#connectors/okta/stand-in/state.ts'
import { generateCompany, SANDBOX_SEED, type Company } from '../company/company.ts'
import { oktaSeedOf } from './okta-seed.ts'

const NOON = Date.parse('2026-01-05T12:00:00Z')
const company = generateCompany(SANDBOX_SEED)
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const seed = oktaSeedOf(company, { clientId: '0oaTenureSandbox', publicJwk: publicKey.export({ format: 'jwk' }) })

/** The real connector, speaking to the stand-in without a socket. */
function connected(): {
  readonly pagesOfUsers: string[]
  readonly vendor: Required<Pick<Capabilities, 'directory' | 'membership'>>
} {
  const standIn = createOktaStandIn(seed)
  const pagesOfUsers: string[] = []
  let ids = 0
  const config = {
    domain: 'https://halden.okta.example',
    clientId: seed.client.clientId,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    keyId: '',
    apiToken: '',
    accessToken: '',
    concurrency: '',
    accounts: '',
    log: '',
  }
  const { directory, membership } = okta.connect(config, {
    fetch: (request) => {
      if (new URL(request.url).pathname === '/api/v1/users') pagesOfUsers.push(request.url)
      return Promise.resolve(standIn.answer(request, NOON))
    },
    now: () => NOON,
    sleep: () => Promise.resolve(),
    newId: () => `id-${(ids += 1)}`,
  })
  assert.ok(directory && membership)
  return { pagesOfUsers, vendor: { directory, membership } }
}

const person = (id: string) => company.people.find((each) => each.id === id)

test('Okta lists everybody who has not left, on two pages, and knows the others by their id', async () => {
  const { pagesOfUsers, vendor } = connected()
  const read = await wholeList(vendor.directory.people, ({ account }) => account)
  assert.ok(read.kind === 'read')
  const here = company.people.filter((each) => each.standing !== 'left')
  assert.deepEqual(read.value.map((each) => each.account).toSorted(), here.map((each) => each.oktaId).toSorted())
  assert.equal(pagesOfUsers.length, 2)
  assert.equal(seed.users.length, 350)
  assert.deepEqual(
    seed.users.filter((user) => user.status === 'DEPROVISIONED').length,
    company.people.length - here.length,
  )
})

test('each person is read as the company has them, and their manager by login', async () => {
  const read = await wholeList(connected().vendor.directory.people, ({ account }) => account)
  assert.ok(read.kind === 'read')
  for (const found of read.value) {
    const expected = company.people.find((each) => each.oktaId === found.account)
    assert.ok(expected)
    assert.deepEqual(found, {
      account: expected.oktaId,
      login: expected.login,
      email: expected.email,
      emailVerified: true,
      displayName: expected.displayName,
      title: expected.title,
      department: expected.department,
      manager: expected.managerId === null ? null : person(expected.managerId)?.login,
      active: expected.active,
    })
  }
})

test('every group of a role is there and can be written; application groups and Everyone cannot', async () => {
  const read = await wholeList(connected().vendor.directory.groups, ({ group }) => group.id)
  assert.ok(read.kind === 'read')
  const byId = new Map(read.value.map((group) => [group.group.id, group]))
  for (const group of company.catalog.roles.flatMap((role) => role.groups)) {
    if (group.provider !== 'okta') continue
    assert.equal(byId.get(group.id)?.notWritable, null)
  }
  for (const { groupId } of [company.cases.appGroup, company.cases.everyoneGroup]) {
    assert.equal(typeof byId.get(groupId)?.notWritable, 'string')
  }
  const fed = read.value.filter((group) => group.fedByRule).map((group) => group.group.id)
  assert.deepEqual(fed.toSorted(), company.groupRules.map((rule) => rule.groupId).toSorted())
})

test('members and where they come from are the same in Okta as in the company, group by group', async () => {
  const { vendor } = connected()
  for (const group of company.groups) {
    const read = await vendor.membership.members({ provider: 'okta', id: group.id })
    assert.ok(read.kind === 'read', JSON.stringify(read))
    const expected = group.members.map((member) => ({
      account: person(member.personId)?.oktaId,
      source: member.source,
    }))
    assert.deepEqual(sorted(read.value), sorted(expected), group.name)
  }
})

test('another company loads as well', () => {
  const other: Company = generateCompany(2)
  const standIn = createOktaStandIn(oktaSeedOf(other, seed.client))
  const everyone = other.groups.find((group) => group.id === other.cases.heldByRule.groupId)
  assert.equal(standIn.truth.members(other.cases.heldByRule.groupId).length, everyone?.members.length)
})

function sorted<T extends { readonly account: string | undefined }>(members: readonly T[]): readonly T[] {
  return members.toSorted((a, b) => (String(a.account) < String(b.account) ? -1 : 1))
}
