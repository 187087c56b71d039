import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeLink } from './safe-link.ts'

test('only addresses of the web become links', () => {
  assert.equal(safeLink('https://desk.example/browse/ACC-1'), 'https://desk.example/browse/ACC-1')
  assert.equal(safeLink('http://127.0.0.1:4401/portal'), 'http://127.0.0.1:4401/portal')
  for (const url of [
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '/browse/1',
    '',
    null,
  ]) {
    assert.equal(safeLink(url), null, String(url))
  }
})
