import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectors, type Registry } from '#connectors/index.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import { connectStandIns } from '#sandbox/connect-stand-ins.ts'
import { readmeWithTable } from '../status/connector-table.ts'
import { ROOT } from '../walls/tree.ts'

const io = { now: () => Date.now(), sleep: async () => undefined, newId: () => 'id' }

test('what a connector declares is what it can do once it is connected, but for what a setting takes away', () => {
  const connected = connectStandIns(io)
  for (const [name, connector] of Object.entries(connectors as Registry)) {
    const can = Object.entries(connected[name] ?? {}).flatMap(([one, has]) => (has ? [one as keyof Capabilities] : []))
    const bySetting = connector.capabilities.filter((each) => each === 'nativeEnd' && !can.includes(each))
    assert.deepEqual([...can, ...bySetting].toSorted(), connector.capabilities.toSorted(), name)
  }
})

test('every right that is asked for belongs to something that the connector can do', () => {
  for (const { name, permissions, capabilities } of Object.values(connectors as Registry)) {
    for (const { scope, neededFor } of permissions) assert.ok(capabilities.includes(neededFor), `${name}: ${scope}`)
  }
})

test('the table of connectors in README.md is what they declare: npm run status', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  assert.equal(readmeWithTable(readme), readme)
  assert.equal(readmeWithTable('nothing'), null)
})
