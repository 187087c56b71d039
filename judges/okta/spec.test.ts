import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import addFormats from 'ajv-formats'
import { OpenAPIBackend } from 'openapi-backend'
import { describeDirectoryConformance } from '../../connectors/kit/conformance.ts'
import type { HttpAnswer, HttpRequest } from '../../connectors/kit/io.ts'
import { oktaSubject } from '../../connectors/okta/conformance-subject.ts'
import { organisation, SUPPORT, userId } from '../../connectors/okta/organisation-for-tests.ts'

/**
 * Okta's published description of its API as the judge: of every request that the connector sends and of every answer
 * that the stand-in gives, while the whole conformance suite runs.
 */
const folder = process.env['VENDOR_SPECS']
const file = folder === undefined || folder === '' ? null : join(folder, 'okta-management.json')

/** Not in the description, so nobody can judge them: the authorization server, and a path that it lists without an operation. */
const UNDESCRIBED = [/\/oauth2\/v1\/token$/, /\/group-rules$/]

type Description = ConstructorParameters<typeof OpenAPIBackend>[0]['definition']

async function createJudge(description: Description) {
  const backend = new OpenAPIBackend({
    definition: description,
    // The description itself breaks the rules of OpenAPI in thirty places; that is not what is judged here.
    quick: true,
    ajvOpts: { strict: false, allErrors: true },
    customizeAjv: (ajv) => {
      addFormats.default(ajv)
      return ajv
    },
  })
  await backend.init()
  const seen = new Map<string, number>()
  const undescribed = new Map<string, number>()
  const complaints: string[] = []

  function observe(request: HttpRequest, answer: HttpAnswer): void {
    const { pathname, searchParams } = new URL(request.url)
    if (UNDESCRIBED.some((path) => path.test(pathname))) {
      const name = `${request.method} ${pathname.replace(/00[a-z]\w+/g, '{id}')}`
      undescribed.set(name, (undescribed.get(name) ?? 0) + 1)
      return
    }
    const parsed = {
      method: request.method,
      path: pathname,
      headers: request.headers,
      query: Object.fromEntries(searchParams),
      body: request.body === '' ? undefined : request.body,
    }
    const operation = backend.matchOperation(parsed)
    const name = operation?.operationId
    if (name === undefined) {
      complaints.push(`${request.method} ${pathname}: no such operation`)
      return
    }
    const key = `${name} ${answer.status}`
    seen.set(key, (seen.get(key) ?? 0) + 1)
    const asked = backend.validateRequest(parsed, operation)
    if (!asked.valid) complaints.push(`${name}, request: ${JSON.stringify(asked.errors)}`)
    if (operation?.responses?.[String(answer.status)] === undefined) {
      complaints.push(`${name}: the status ${answer.status} is not described`)
    } else if (answer.status !== 204) {
      const told = backend.validateResponse(JSON.parse(answer.body), operation, answer.status)
      if (!told.valid) complaints.push(`${key}, answer: ${JSON.stringify(told.errors?.slice(0, 3))}`)
    } else if (answer.body !== '') complaints.push(`${key}: a body`)
  }

  return { observe, seen, undescribed, complaints }
}

if (file === null || !existsSync(file)) {
  const reason = file === null ? 'VENDOR_SPECS is not set' : 'VENDOR_SPECS holds no okta-management.json'
  console.error(`SKIPPED: Okta's published description judged nothing, because ${reason}.`)
  test(`Okta's published description judges every message (skipped: ${reason})`, { skip: reason }, () => {})
} else {
  describe("Okta's published description judges every message", () => {
    let description: Description
    let judge: Awaited<ReturnType<typeof createJudge>>
    before(async () => {
      description = JSON.parse(await readFile(file, 'utf8')) as Description
      judge = await createJudge(description)
    })
    after(() => {
      console.error(`judged: ${[...judge.seen].map(([name, times]) => `${name} x${times}`).join(', ')}`)
      console.error(
        `not in the description, not judged: ${[...judge.undescribed].map(([name, times]) => `${name} x${times}`).join(', ')}`,
      )
    })

    describeDirectoryConformance('okta', () => oktaSubject((request, answer) => judge.observe(request, answer)))

    test('a rate limit that is used up is told as described', async () => {
      const acme = organisation({ observe: (request, answer) => judge.observe(request, answer) })
      const change = { do: 'add', account: userId(260), group: { provider: 'okta', id: SUPPORT } } as const
      await acme.okta.membership.change([change])
      acme.standIn.hands.spend('other', 10_000, acme.now())
      await acme.okta.membership.change([change])
      assert.ok(judge.seen.has('assignUserToGroup 429'))
    })

    test('every operation that the connector uses was judged, and there is no complaint', () => {
      const operations = new Set([...judge.seen.keys()].map((key) => key.split(' ')[0]))
      assert.deepEqual([...operations].toSorted(), [
        'assignUserToGroup',
        'deactivateUser',
        'getGroup',
        'getUser',
        'listGroupRules',
        'listGroupUsers',
        'listGroups',
        'listLogEvents',
        'listUserGroups',
        'listUsers',
        'revokeUserSessions',
        'suspendUser',
        'unassignUserFromGroup',
        'unsuspendUser',
      ])
      assert.deepEqual([...new Set(judge.complaints)], [])
    })

    test('the judge has teeth: a misspelt parameter, a wrong path and a wrong answer are found', async () => {
      const strict = await createJudge(description)
      const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {}, body: '' })
      const ok = (body: unknown): HttpAnswer => ({ status: 200, headers: {}, body: JSON.stringify(body) })
      strict.observe(get('https://acme.okta.com/api/v1/users?limitt=200'), ok([]))
      strict.observe(get('https://acme.okta.com/api/v1/persons'), ok([]))
      strict.observe(get('https://acme.okta.com/api/v1/users'), ok([{ id: 7, status: 'HAPPY' }]))
      strict.observe(get('https://acme.okta.com/api/v1/users'), { status: 418, headers: {}, body: '{}' })
      assert.equal(strict.complaints.length, 4, strict.complaints.join('\n'))
    })
  })
}
