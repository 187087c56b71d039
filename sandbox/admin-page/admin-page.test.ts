import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { generateCompany, SANDBOX_SEED } from '../company/company.ts'
import { createOtherDirectories } from '../other-directories.ts'
import { newRsaKeys } from '../seeds/rsa-keys.ts'
import { createStandIns, JIRA_SITE } from '../stand-ins.ts'
import { adminPage } from './admin-page.ts'
import { adminDirectories } from './directories.ts'

const ORIGIN = 'http://127.0.0.1:1'
const company = generateCompany(SANDBOX_SEED)
const keys = newRsaKeys()
const directories = adminDirectories(
  company,
  createStandIns(company, { siteUrl: JIRA_SITE }),
  createOtherDirectories(company, { entra: keys, google: keys }),
)
const answer = adminPage(company, directories)

function send(method: HttpRequest['method'], path: string, form: Record<string, string> = {}, origin = ORIGIN) {
  const headers = method === 'GET' ? {} : { origin }
  return answer({ method, url: `${ORIGIN}${path}`, headers, body: new URLSearchParams(form).toString() }, 1)
}

const NAME = 'Noor Rahimi'
const pathOf = (directory: (typeof directories)[number], group: { readonly id: string }): string =>
  `/${directory.name}/${group.id}`

test('the first page lists the groups of all three directories', () => {
  const { status, body } = send('GET', '/')
  assert.equal(status, 200)
  for (const name of ['Okta', 'Microsoft Entra ID', 'Google Workspace', 'figma-editors', 'power-bi-editors'])
    assert.ok(body.includes(name), name)
})

test('whoever is added by name is a member, and is one no more when removed, in each directory', () => {
  const person = company.people.find((each) => each.displayName === NAME)
  assert.ok(person)
  for (const directory of directories) {
    const group = directory.groups.find((each) => each.fedBy === null && !/vpn|office/.test(each.name))
    const account = directory.accountOf(person.id)
    assert.ok(group && account)
    const path = pathOf(directory, group)
    assert.deepEqual(send('POST', path, { do: 'add', person: NAME }).headers['location'], path)
    assert.equal(directory.isMember(group.id, account), true, directory.name)
    assert.ok(send('GET', path).body.includes(NAME))
    assert.equal(send('POST', path, { do: 'remove', person: person.id }).status, 303)
    assert.equal(directory.isMember(group.id, account), false, directory.name)
  }
})

test('a name of nobody, a group that is kept by something else, a group of nobody, and a form of another site change nothing and say why', () => {
  const [okta] = directories
  assert.ok(okta)
  const plain = okta.groups.find((each) => each.name === 'figma-editors')
  const fed = okta.groups.find((each) => each.fedBy !== null)
  assert.ok(plain && fed)
  const nobody = send('POST', pathOf(okta, plain), { do: 'add', person: '<b>Nobody</b>' })
  assert.deepEqual([nobody.status, nobody.body.includes('Nobody has exactly that name')], [400, true])
  const kept = send('POST', pathOf(okta, fed), { do: 'add', person: NAME })
  assert.deepEqual([kept.status, kept.body.includes('keeps this group')], [400, true])
  assert.equal(send('GET', '/okta/00gnothing').status, 404)
  assert.equal(send('POST', pathOf(okta, plain), { do: 'add', person: NAME }, 'https://evil.example').status, 403)
})
