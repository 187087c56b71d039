import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { generateCompany, SANDBOX_SEED } from '#sandbox/company/company.ts'
import { runSandbox } from '#sandbox/run-sandbox.ts'
import { storyClock } from '#sandbox/story-clock.ts'

const company = generateCompany(SANDBOX_SEED)
const ask = company.cases.engineerOperatesProduction
const START = Date.parse('2026-03-04T09:00:00.000Z')

test('the sandbox forgets nothing when it is started again: the same tickets, with the same ids, answered and moved as before [R114]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenure-restart-'))
  const network = createUndiciFetch()
  const running: { close(): Promise<void> }[] = []
  const read = async (url: string): Promise<string> =>
    (await network.fetch({ method: 'GET', url, headers: {}, body: '' })).body
  try {
    const clock = storyClock(START)
    const first = await runSandbox({ folder, clock, jiraPort: 0, directoriesPort: 0 })
    running.push(first)
    // Somebody listens the first time, and nobody while the journal is played again.
    first.sendWebhooksTo('http://127.0.0.1:9/webhooks/jira')
    const people = first.people(network.fetch)
    const key = await people.ask(ask.personId, ask)
    const agent = company.catalog.securityIds[0] ?? ''
    const account = company.people.find((each) => each.id === agent)?.jiraAccountId ?? ''
    assert.equal((await people.edit(agent, key, { customfield_10205: [{ accountId: account }] })).status, 204)
    clock.moveTo(START + 60_000)
    assert.equal((await people.transition(agent, key, '11')).status, 204)
    assert.equal((await people.answer(agent, key, 'approve')).status, 200)
    const second = await people.ask(ask.personId, ask)
    const group = company.groups.find((each) => each.name === 'figma-editors')?.id ?? ''
    const form = {
      method: 'POST',
      headers: {},
      body: new URLSearchParams({ do: 'add', person: 'Noor Rahimi' }).toString(),
    }
    await network.fetch({ ...form, method: 'POST', url: `${first.directoriesUrl}/okta/${group}` })
    const membersOf = (url: string) => read(`${url}/okta/${group}`)
    const members = (await membersOf(first.directoriesUrl)).match(/\d+ members/)?.[0]
    const before = [await read(`${first.jiraUrl}/browse/${key}`), await read(`${first.jiraUrl}/browse/${second}`)]
    assert.match(before[0] ?? '', /Approved/)

    const again = await runSandbox({ folder, clock, jiraPort: 0, directoriesPort: 0 })
    running.push(again)
    const after = [await read(`${again.jiraUrl}/browse/${key}`), await read(`${again.jiraUrl}/browse/${second}`)]
    assert.deepEqual(after, before)
    assert.ok(members !== undefined && (await membersOf(again.directoriesUrl)).includes(members))
  } finally {
    await Promise.all(running.map((each) => each.close()))
    await network.close()
    await rm(folder, { recursive: true, force: true })
  }
})
