import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { describeDirectoryConformance } from '../../connectors/kit/conformance.ts'
import type { HttpAnswer, HttpRequest } from '../../connectors/kit/io.ts'
import { googleSubject } from '../../connectors/google/conformance-subject.ts'
import { SUPPORT, userId, workspace } from '../../connectors/google/workspace-for-tests.ts'
import { createJudge } from './description.ts'
import type { Judge } from './description.ts'

/**
 * Google's published description of the Directory and of Reports as the judge: of every request that the connector sends, of the
 * scope it is sent with, and of every answer that the stand-in gives, while the whole conformance suite runs.
 */
const folder = process.env['VENDOR_SPECS']
const isThere = folder !== undefined && folder !== '' && existsSync(join(folder, 'google-directory-v1.discovery.json'))

if (!isThere) {
  const reason = folder ? 'VENDOR_SPECS holds no google-directory-v1.discovery.json' : 'VENDOR_SPECS is not set'
  console.error(`SKIPPED: Google's published description judged nothing, because ${reason}.`)
  test(`Google's published description judges every message (skipped: ${reason})`, { skip: reason }, () => {})
} else {
  describe("Google's published description judges every message", () => {
    let judge: Judge
    const observe = (request: HttpRequest, answer: HttpAnswer): void => judge.observe(request, answer)
    before(() => {
      judge = createJudge(folder)
    })
    after(() => {
      const told = (map: ReadonlyMap<string, number>) => [...map].map(([name, times]) => `${name} x${times}`).join(', ')
      console.error(`judged: ${told(judge.seen)}`)
      console.error(`not in the description, not judged: ${told(judge.undescribed)}`)
    })

    describeDirectoryConformance('google', () => googleSubject(observe))
    describeDirectoryConformance('google with ends', () => googleSubject(observe, true))

    test('a limit that is used up is told in a way that the connector takes for one', async () => {
      const acme = workspace({ observe })
      const change = { do: 'add', account: userId(260), group: { provider: 'google', id: SUPPORT } } as const
      acme.standIn.hands.spend('directory', 2_400, acme.now())
      assert.equal((await acme.google.membership.change([change]))[0]?.kind, 'unavailable')
      assert.ok(judge.seen.has('directory.groups.get 403'))
    })

    test('every method that the connector uses was judged, and there is no complaint', () => {
      const methods = new Set([...judge.seen.keys()].map((key) => key.split(' ')[0]))
      assert.deepEqual([...methods].toSorted(), [
        'directory.asps.delete',
        'directory.asps.list',
        'directory.groups.get',
        'directory.groups.list',
        'directory.members.delete',
        'directory.members.hasMember',
        'directory.members.insert',
        'directory.members.list',
        'directory.tokens.delete',
        'directory.tokens.list',
        'directory.users.get',
        'directory.users.list',
        'directory.users.signOut',
        'directory.users.update',
        'reports.activities.list',
      ])
      assert.deepEqual([...new Set(judge.complaints)], [])
    })

    test('the judge has teeth: each of these is found', () => {
      const directory = 'https://admin.googleapis.com/admin/directory/v1'
      const claims = Buffer.from(JSON.stringify({ scope: 'https://www.googleapis.com/auth/admin.directory.user' }))
      const assertion = `x.${claims.toString('base64url')}.x`
      const json = (body: unknown): HttpAnswer => ({ status: 200, headers: {}, body: JSON.stringify(body) })
      for (const [method, url, body, answer] of [
        ['GET', `${directory}/users?costumer=my_customer`, '', json({})],
        ['GET', `${directory}/users?customer=x&maxResults=many`, '', json({})],
        ['GET', `${directory}/users?orderBy=shoe-size`, '', json({})],
        ['GET', `${directory}/people`, '', json({})],
        ['PUT', `${directory}/users/1`, '{"suspendet":true}', json({})],
        ['PUT', `${directory}/users/1`, '{"suspended":"yes"}', json({})],
        ['GET', `${directory}/users/1`, '', json({ emial: 'x' })],
        ['GET', `${directory}/users/1`, '', json({ id: 7 })],
        ['DELETE', `${directory}/users/1`, '', json({})],
        ['GET', `${directory}/groups/1`, '', json({})],
      ] as const) {
        const strict = createJudge(folder)
        strict.observe(
          { method: 'POST', url: 'https://oauth2.googleapis.com/token', headers: {}, body: `assertion=${assertion}` },
          json({ access_token: 'token' }),
        )
        strict.observe({ method, url, headers: { authorization: 'Bearer token' }, body }, answer)
        assert.equal(strict.complaints.length, 1, `${method} ${url}: ${strict.complaints.join('\n')}`)
      }
    })
  })
}
