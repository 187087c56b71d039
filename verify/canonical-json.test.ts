import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from './canonical-json.ts'

function again(json: string): string | null {
  return canonicalJson(JSON.parse(json))
}

test('the example of RFC 8785 is written as section 3.2.3 has it', () => {
  const source = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`
  assert.equal(
    again(source),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  )
})

test('keys are ordered by UTF-16 code units', () => {
  const keys = String.raw`{"\u20ac":4,"\r":0,"\ufb33":6,"1":1,"\ud83d\ude00":5,"\u0080":2,"\u00f6":3}`
  assert.equal(again(keys), '{"\\r":0,"1":1,"\u0080":2,"\u00f6":3,"\u20ac":4,"\u{1f600}":5,"\ufb33":6}')
})

test('numbers are written as ECMAScript writes them', () => {
  assert.equal(
    again('[-0,1e21,1e20,1e-7,1e-6,5E-324,9007199254740993]'),
    '[0,1e+21,100000000000000000000,1e-7,0.000001,5e-324,9007199254740992]',
  )
})

test('what has no form is refused: half a pair, a number beyond a double, endless nesting', () => {
  assert.equal(again(String.raw`["\ud800"]`), null)
  assert.equal(again(String.raw`{"\udc00":1}`), null)
  assert.equal(again('[1e999]'), null)
  assert.equal(again(`${'['.repeat(64)}${']'.repeat(64)}`), `${'['.repeat(64)}${']'.repeat(64)}`)
  assert.equal(again(`${'['.repeat(65)}${']'.repeat(65)}`), null)
})

test('empty things are written, and a key named __proto__ is a key', () => {
  assert.equal(again('{"z":{},"__proto__":[],"a":""}'), '{"__proto__":[],"a":"","z":{}}')
})
