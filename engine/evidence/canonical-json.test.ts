import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, NotCanonical } from './canonical-json.ts'

/** RFC 8785, appendix B: the bits of an IEEE 754 double, and its text. */
const NUMBERS: readonly (readonly [bits: string, text: string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
]

function doubleOf(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE()
}

test('numbers are written as in appendix B of RFC 8785', () => {
  for (const [bits, text] of NUMBERS) assert.equal(canonicalJson(doubleOf(bits)), text, bits)
})

test('minus zero is 0, and the exponent begins at 1e21 and 1e-7', () => {
  assert.equal(canonicalJson([-0, 1e21, 1e20, 1e-7, 1e-6]), '[0,1e+21,100000000000000000000,1e-7,0.000001]')
})

test('the example of section 3.2.2 is written as section 3.2.4 writes it, byte by byte', () => {
  const value: unknown = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  )
  assert.equal(
    Buffer.from(canonicalJson(value)).toString('hex'),
    '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e412742' +
      '5c225c5c5c5c5c222f227d',
  )
})

test('keys are ordered by UTF-16 code units, as in section 3.2.3', () => {
  const keys = { '\u20ac': 4, '\r': 0, '\ufb33': 6, '1': 1, '\ud83d\ude00': 5, '\u0080': 2, '\u00f6': 3 }
  assert.equal(canonicalJson(keys), '{"\\r":0,"1":1,"\u0080":2,"\u00f6":3,"\u20ac":4,"\ud83d\ude00":5,"\ufb33":6}')
})

test('control characters have short escapes where JSON knows one, and lower case hex elsewhere', () => {
  assert.equal(
    canonicalJson('\b\t\n\f\r"\\\u0000\u001f\u007f\u2028/'),
    '"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f\u007f\u2028/"',
  )
})

test('what has no honest form is refused, however deep it lies', () => {
  const cycle: unknown[] = []
  cycle.push(cycle)
  const values: readonly unknown[] = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    undefined,
    1n,
    Symbol('s'),
    () => 1,
    '\ud800',
    'a\udc00',
    '\udc00\ud800',
    new Date(0),
    new Map(),
    new Uint8Array(1),
    cycle,
  ]
  for (const value of values) {
    assert.throws(() => canonicalJson(value), NotCanonical)
    assert.throws(() => canonicalJson({ a: [value] }), NotCanonical)
  }
  assert.throws(() => canonicalJson({ '\ud800': 1 }), NotCanonical)
  assert.throws(() => canonicalJson(Array(2)), NotCanonical)
})

test('a key named __proto__ is a key like any other', () => {
  assert.equal(canonicalJson(JSON.parse('{"z":1,"__proto__":{"a":2}}')), '{"__proto__":{"a":2},"z":1}')
})

test('any JSON value keeps its meaning, and its form does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), (value) => {
      const text = canonicalJson(value)
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)))
      assert.equal(canonicalJson(reversed(value)), text)
    }),
    { numRuns: 300 },
  )
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]))
}
