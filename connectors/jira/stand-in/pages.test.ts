import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSmallSite, PEOPLE, smallSeed, type Small } from '../test/small-site.ts'

const HOSTILE = `<script>alert(1)</script><img src=x onerror=alert(1)> "'&lt; \u202egnp.exe \u0007`

function askFor(small: Small, form: Readonly<Record<string, string>> = {}) {
  const asked = { as: PEOPLE.ada, app: 'Salesforce', role: 'Sales user', duration: '6 hours', reason: 'Quarter end' }
  return small.post('/portal', { ...asked, ...form })
}

test('a visitor asks, approves and reads, all on the pages', async () => {
  const small = openSmallSite()
  const raised = askFor(small)
  assert.deepEqual([raised.status, raised.headers['location']], [303, `/browse/ACC-1?said=raised&as=${PEOPLE.ada}`])
  await small.desk.askForApproval('ACC-1', [PEOPLE.grace])

  const asked = small.page(`/approvals?as=${PEOPLE.grace}`).body
  assert.match(asked, /Ada Byron<\/bdi> asks for <bdi>Salesforce/)
  const [, action = ''] = /action="(\/approvals\/ACC-1\/\d+)"/.exec(asked) ?? []
  assert.equal(small.post(action, { as: PEOPLE.grace, decision: 'approve' }).status, 303)
  assert.equal(small.standIn.ticket('ACC-1')?.status, 'Approved')

  await small.desk.comment('ACC-1', {
    id: 'm',
    audience: 'internal',
    paragraphs: [{ kind: 'facts', facts: [['Receipt', 'req-77']] }],
  })
  assert.match(small.page('/browse/ACC-1?view=agent').body, /Internal note[\s\S]*Receipt[\s\S]*req-77/)
  assert.doesNotMatch(small.page('/browse/ACC-1?view=customer').body, /req-77/)
})

test('the portal offers the roles of the chosen app alone', () => {
  const small = openSmallSite()
  const form = small.page(`/portal?as=${PEOPLE.ada}&app=Salesforce`).body
  assert.match(form, /<option value="Sales user">/)
  assert.doesNotMatch(form, /Read &quot;only&quot;/)
  assert.equal(askFor(small, { role: 'Read "only"' }).status, 400)
})

test('words of people are shown and never obeyed, on every page', async () => {
  const accounts = smallSeed.accounts.map((account) =>
    account.accountId === PEOPLE.ada ? { ...account, displayName: HOSTILE } : account,
  )
  const small = openSmallSite({ seed: { accounts, siteName: HOSTILE } })
  askFor(small, { app: 'Production <database>', role: 'Read "only"', reason: HOSTILE })
  await small.desk.askForApproval('ACC-1', [PEOPLE.grace])
  await small.desk.comment('ACC-1', { id: 'm', audience: 'public', paragraphs: [{ kind: 'text', text: HOSTILE }] })
  small.as(PEOPLE.rosa, 'POST', '/rest/api/3/issue/ACC-1/comment', {
    body: {
      type: 'doc',
      version: 1,
      content: [
        {
          type: HOSTILE,
          attrs: { onload: 'x' },
          content: [{ type: 'text', text: HOSTILE, marks: [{ type: 'link', attrs: { href: 'javascript:alert(1)' } }] }],
        },
      ],
    },
  })
  const pages = [
    '/',
    `/?who=${encodeURIComponent(`${HOSTILE}!`)}&back=//evil.example`,
    `/portal?as=${PEOPLE.ada}`,
    `/portal?as=${PEOPLE.ada}&app=Production%20%3Cdatabase%3E`,
    `/approvals?as=${PEOPLE.grace}`,
    `/browse/ACC-1?as=${PEOPLE.rosa}`,
    `/browse/${encodeURIComponent(HOSTILE)}`,
    `/browse/ACC-1?said=${encodeURIComponent(HOSTILE)}&view=${encodeURIComponent(HOSTILE)}`,
  ]
  for (const path of pages) {
    const { body, headers } = small.page(path)
    assert.doesNotMatch(body, /<script|<img|onerror=alert\(1\)>|javascript:|[\u0007\u202e]|database>/i, path)
    assert.match(headers['content-security-policy'] ?? '', /default-src 'none'/)
  }
  assert.match(small.page('/browse/ACC-1').body, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/)
})

test('only what the chosen account may do has a button, and posting the rest is refused', async () => {
  const small = openSmallSite()
  askFor(small)
  await small.desk.move('ACC-1', 'approved')
  await small.desk.move('ACC-1', 'live')
  const asAda = small.page(`/browse/ACC-1?as=${PEOPLE.ada}`).body
  assert.match(asAda, />Revoke access<\/button>/)
  assert.doesNotMatch(asAda, />End access<\/button>/)
  assert.equal(small.post('/browse/ACC-1/transition', { as: PEOPLE.ada, transition: '91' }).status, 400)
  assert.equal(small.post('/browse/ACC-1/transition', { as: PEOPLE.ada, transition: '81' }).status, 303)
  assert.equal(small.standIn.ticket('ACC-1')?.history.at(-1)?.by, PEOPLE.ada)
})

test('an approval is answered by its approver alone, also on the page', async () => {
  const small = openSmallSite()
  askFor(small)
  await small.desk.askForApproval('ACC-1', [PEOPLE.grace])
  const id = small.standIn.ticket('ACC-1')?.approvals[0]?.id
  assert.equal(small.post(`/approvals/ACC-1/${id}`, { as: PEOPLE.linus, decision: 'approve' }).status, 403)
  assert.equal(small.post(`/approvals/ACC-1/${id}`, { as: PEOPLE.grace, decision: 'approve' }).status, 303)
  assert.equal(small.post(`/approvals/ACC-1/${id}`, { as: PEOPLE.grace, decision: 'approve' }).status, 409)
})

test('an agent may edit a request, a customer may not', () => {
  const small = openSmallSite()
  askFor(small)
  const change = { duration: '24 hours', reason: 'Longer' }
  assert.equal(small.post('/browse/ACC-1/edit', { as: PEOPLE.ada, ...change }).status, 403)
  assert.equal(small.post('/browse/ACC-1/edit', { as: PEOPLE.rosa, ...change }).status, 303)
  assert.equal(small.standIn.ticket('ACC-1')?.duration, '24 hours')
})

test('a person is found by a part of the name, and who has left is not', () => {
  const small = openSmallSite()
  assert.equal(small.page('/?who=Ada').headers['location'], `/portal?as=${PEOPLE.ada}`)
  assert.match(small.page('/?who=acme').body, /4 people fit/)
  assert.match(small.page('/?who=Mallory').body, /Nobody has that name/)
})

test('a form of another site is refused', () => {
  const small = openSmallSite()
  assert.equal(small.post('/portal', { as: PEOPLE.ada }, { origin: 'https://evil.example' }).status, 403)
})

test('pages that do not exist say so', () => {
  const small = openSmallSite()
  for (const path of ['/browse/ACC-9', '/nothing', '/browse/ACC-1/transition'])
    assert.equal(small.page(path).status, 404, path)
})
