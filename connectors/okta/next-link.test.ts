import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextLink } from './next-link.ts'

const next = 'https://acme.okta.com/api/v1/users?after=00u1,x&limit=200'
const cases: readonly [string, string | undefined, string | null][] = [
  ['no header', undefined, null],
  ['the last page', '<https://acme.okta.com/api/v1/users>; rel="self"', null],
  ['self, then next', `<https://acme.okta.com/api/v1/users>; rel="self", <${next}>; rel="next"`, next],
  ['next, then self', `<${next}>; rel="next",<https://acme.okta.com/api/v1/users>; rel="self"`, next],
  ['without quotes', `<${next}>; rel=next`, next],
  ['several relations', `<${next}>; rel="last next"`, next],
  ['another parameter that says rel="next" in its text', `<https://x.example/>; title="; rel=next"; rel="self"`, null],
  ['nonsense', '<<<>>>; rel="next', null],
]
for (const [what, header, expected] of cases) test(`next of ${what}`, () => assert.equal(nextLink(header), expected))
