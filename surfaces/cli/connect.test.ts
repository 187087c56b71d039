import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reading } from '#connectors/kit/connector.ts'
import type { RightsFound } from '#connectors/kit/rights.ts'
import { checkConnections, readConnectWords, type Connected } from './connect.ts'

const exact: RightsFound = { held: ['people.read', 'groups.write'], missing: [], tooMany: [], warnings: [] }

function directory(found: Reading<RightsFound>): Connected {
  return {
    connector: {
      name: 'acme',
      displayName: 'Acme Directory',
      permissions: [
        { scope: 'people.read', neededFor: 'directory' },
        { scope: 'groups.write', neededFor: 'membership' },
        { scope: 'log.read', neededFor: 'activity' },
      ],
      neverTouches: ['what others own'],
    },
    capabilities: {
      directory: {} as never,
      membership: {} as never,
      rights: { check: async () => found },
    },
  }
}

const read = (value: RightsFound): Reading<RightsFound> => ({ kind: 'read', startedAt: 0, value })

async function tell(found: Reading<RightsFound>, json = false) {
  const lines: string[] = []
  const say = (line: string): void => void lines.push(line)
  const code = await checkConnections({ say, complain: say }, [directory(found)], { provider: null, json })
  return { code, told: lines.join('\n') }
}

test('capabilities, rights with what they are for, and what is never touched; a right for what it cannot do is not asked for', async () => {
  const { code, told } = await tell(read(exact))
  assert.equal(code, 0)
  assert.match(told, /^Acme Directory \(acme\)\n {2}can {12}read people and groups\n/)
  assert.match(told, /right held {5}people\.read, to read people and groups\n/)
  assert.match(told, /never touches {2}what others own/)
  assert.ok(!told.includes('log.read'))
})

test('a right that is missing, or too many, or a vendor that cannot be asked: the answer is no, and says why', async () => {
  const missing = await tell(read({ ...exact, held: ['people.read'], missing: ['groups.write'] }))
  assert.deepEqual([missing.code, /right MISSING {2}groups\.write/.test(missing.told)], [1, true])
  const tooMany = await tell(
    read({ ...exact, tooMany: [{ right: 'all', why: 'it could delete people: take it away' }] }),
  )
  assert.deepEqual([tooMany.code, /RIGHT TOO MANY all: it could delete people/.test(tooMany.told)], [1, true])
  const away = await tell({ kind: 'unreadable', retryAfterMs: null, said: 'red \u001b[31malert' })
  assert.equal(away.code, 1)
  assert.match(away.told, /NOT ASKED {6}red \[31malert/)
  assert.match(away.told, /right unknown {2}people\.read/)
})

test('one object for programs, and another name for nothing that is connected', async () => {
  const { told } = await tell(read(exact), true)
  const [found] = JSON.parse(told) as readonly { readonly can: readonly string[]; readonly cannot: readonly string[] }[]
  assert.deepEqual(found?.can, ['directory', 'membership', 'rights'])
  assert.ok(found?.cannot.includes('sessions'))
  const complaints: string[] = []
  const io = { say: () => undefined, complain: (line: string) => void complaints.push(line) }
  assert.equal(await checkConnections(io, [directory(read(exact))], { provider: 'otka', json: false }), 1)
  assert.deepEqual(complaints, ['Nothing of the name "otka" is connected; these are: acme.'])
})

test('the words of the command', () => {
  assert.deepEqual(readConnectWords(['connect', '--check']), { provider: null, json: false })
  assert.deepEqual(readConnectWords(['connect', '--check', '--json', '--provider', 'okta']), {
    provider: 'okta',
    json: true,
  })
  for (const words of [['connect'], ['connect', '--check', '--provider'], ['connect', '--check', 'okta'], ['claim']])
    assert.equal(readConnectWords(words), null, words.join(' '))
})
