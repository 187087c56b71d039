import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { HOUR_MS, MINUTE_MS } from '../../core/instant.ts'
import { entraNativeEndSubject, entraSubject } from '../../connectors/entra/conformance-subject.ts'
import { ADMINISTRATOR, BIG, SUPPORT, tenant, UNDER_PIM, userId } from '../../connectors/entra/tenant-for-tests.ts'
import { describeNativeEndConformance } from '../../connectors/kit/conformance-native-end.ts'
import { pagesFrom } from '../../connectors/kit/conformance-subject.ts'
import { describeDirectoryConformance } from '../../connectors/kit/conformance.ts'
import type { HttpAnswer, HttpRequest } from '../../connectors/kit/io.ts'
import { describedIn } from './csdl.ts'
import type { Description } from './csdl.ts'
import { createJudge, looksWhole } from './judge.ts'
import type { Judge } from './judge.ts'

/**
 * Microsoft's published description of Graph as the judge: of every request that the connector sends and of every answer that the
 * stand-in gives, while the whole conformance suite runs.
 */
const folder = process.env['VENDOR_SPECS']
const file = folder === undefined || folder === '' ? null : join(folder, 'microsoft-graph-v1.csdl.xml')

if (file === null || !existsSync(file)) {
  const reason = file === null ? 'VENDOR_SPECS is not set' : 'VENDOR_SPECS holds no microsoft-graph-v1.csdl.xml'
  console.error(`SKIPPED: Microsoft's published description judged nothing, because ${reason}.`)
  test(`Microsoft's published description judges every message (skipped: ${reason})`, { skip: reason }, () => {})
} else {
  describe("Microsoft's published description judges every message", () => {
    let description: Description
    let judge: Judge
    const observe = (request: HttpRequest, answer: HttpAnswer): void => judge.observe(request, answer)
    before(async () => {
      description = describedIn(await readFile(file, 'utf8'))
      judge = createJudge(description)
    })
    after(() => {
      const told = (map: ReadonlyMap<string, number>) => [...map].map(([name, times]) => `${name} x${times}`).join(', ')
      console.error(`judged: ${told(judge.seen)}`)
      console.error(`not in the description, not judged: ${told(judge.undescribed)}`)
    })

    test('the description was understood', () => {
      assert.ok(looksWhole(description))
      assert.ok(description.types.size > 500 && description.enums.size > 100)
    })

    describeDirectoryConformance('entra', () => entraSubject(observe, true))
    describeNativeEndConformance('entra', () => entraNativeEndSubject(observe))

    test('what the suite does not come to is judged as well: twenties, batches, managers, sign-ins, limits', async () => {
      const acme = tenant({ config: { nativeEnd: 'pim' }, observe })
      const { membership, directory, activity, account, sessions } = acme.entra
      const changes = Array.from({ length: 25 }, (_, index) => ({
        account: userId(255 + index),
        group: { provider: 'entra', id: SUPPORT },
      }))
      await membership.change(changes.map((each) => ({ do: 'add', ...each }) as const))
      await membership.change(changes.map((each) => ({ do: 'add', ...each }) as const))
      await membership.change(changes.map((each) => ({ do: 'remove', ...each }) as const))
      const ending = { account: userId(260), group: { provider: 'entra', id: UNDER_PIM } }
      await membership.change([{ do: 'add', ...ending, endsAt: acme.now() + HOUR_MS }])
      acme.advance(6 * MINUTE_MS)
      await membership.change([{ do: 'remove', ...ending }])
      await membership.groupsOf(ADMINISTRATOR)
      await account.suspend(ADMINISTRATOR)
      await sessions.end(userId(3))
      const cursor = (await pagesFrom(directory.people, { kind: 'all' })).at(-1)?.cursor ?? ''
      acme.standIn.hands.change(userId(9), { manager: userId(2) }, acme.now())
      acme.standIn.hands.change(userId(10), { jobTitle: 'Lead' }, acme.now())
      acme.standIn.hands.deleteUser(userId(11), acme.now())
      await pagesFrom(directory.people, { kind: 'since', cursor })
      acme.standIn.hands.signIn(userId(9), acme.now())
      acme.standIn.hands.signIn(userId(9), acme.now(), false)
      acme.standIn.hands.addByAdmin(BIG, userId(300), acme.now())
      await pagesFrom((from) => activity.events(from, acme.now() - HOUR_MS), { kind: 'all' })
      acme.standIn.hands.spend('writes', 10_000, acme.now())
      await membership.change([{ do: 'add', ...ending }])
      assert.ok([...judge.seen.keys()].some((name) => name.endsWith(' 429')))
    })

    test('every address that the connector uses was judged, and there is no complaint', () => {
      const forms = new Set([...judge.seen.keys()].map((name) => name.slice(0, -4)))
      assert.deepEqual([...forms].toSorted(), [
        'DELETE /groups/{id}/members/{id}/$ref',
        'GET /auditLogs/directoryAudits',
        'GET /auditLogs/signIns',
        'GET /groups/delta',
        'GET /groups/{id}',
        'GET /groups/{id}/members',
        'GET /identityGovernance/privilegedAccess/group/assignmentScheduleInstances',
        'GET /users/delta',
        'GET /users/{id}',
        'GET /users/{id}/manager',
        'GET /users/{id}/memberOf',
        'PATCH /groups/{id}',
        'PATCH /users/{id}',
        'POST /groups/{id}/members/$ref',
        'POST /identityGovernance/privilegedAccess/group/assignmentScheduleRequests',
        'POST /users/{id}/revokeSignInSessions',
      ])
      assert.deepEqual([...new Set(judge.complaints)], [])
    })

    test('the judge has teeth: each of these is found', () => {
      const strict = createJudge(description)
      const origin = 'https://graph.microsoft.com/v1.0'
      const ask = (method: HttpRequest['method'], path: string, body?: unknown): HttpRequest => ({
        method,
        url: origin + path,
        headers: {},
        body: body === undefined ? '' : JSON.stringify(body),
      })
      const answer = (body: unknown, status = 200): HttpAnswer => ({ status, headers: {}, body: JSON.stringify(body) })
      const user = '/users/00000000-0000-4000-8000-000000000001'
      const wrong: readonly (readonly [HttpRequest, HttpAnswer])[] = [
        [ask('GET', '/persons'), answer({ value: [] })],
        [ask('GET', '/users?$select=accountEnable'), answer({ value: [] })],
        [ask('GET', '/users?limit=5'), answer({ value: [] })],
        [ask('GET', user), answer({ accountEnabled: 'yes' })],
        [ask('GET', user), answer({ emial: 'x' })],
        [ask('GET', `${user}/memberOf`), answer({ value: [{ '@odata.type': '#microsoft.graph.signIn', id: 'x' }] })],
        [ask('GET', '/auditLogs/signIns'), answer({ value: [{ id: 'x', createdDateTime: null }] })],
        [ask('GET', '/groups/x'), answer({ groupTypes: 'Unified' })],
        [ask('PATCH', '/groups/x', { 'member@odata.bind': [] }), answer({ error: { code: 'x', message: 'y' } }, 400)],
        [
          ask('PATCH', user, { accountEnabled: null, enabled: true }),
          answer({ error: { code: 'x', message: 'y' } }, 400),
        ],
        [ask('GET', user), answer({ code: 'x' }, 404)],
        [
          ask('POST', '/identityGovernance/privilegedAccess/group/assignmentScheduleRequests', { action: 'adminFire' }),
          answer({ error: { code: 'x', message: 'y' } }, 400),
        ],
      ]
      for (const [place, [request, given]] of wrong.entries()) {
        const before = strict.complaints.length
        strict.observe(request, given)
        assert.ok(strict.complaints.length > before, `number ${place} went through`)
      }
    })
  })
}
