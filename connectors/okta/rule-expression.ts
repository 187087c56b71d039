import type { OktaUser } from './shapes.ts'

/**
 * Whether a person meets the expression of a group rule, as far as we can tell without Okta.
 *
 * Most rules compare attributes with words: `user.department=="Sales" AND user.title!="Intern"`. That much is
 * understood here; functions, conditions on groups and everything else are `unknown`. `no` means surely not: two
 * words that differ only in capitals or in blanks around them are `unknown`, because a wrong `no` would let us put a
 * person on a rule's exclusion list.
 *
 * https://developer.okta.com/docs/reference/okta-expression-language/#expressions-in-group-rules
 */
export type Verdict = 'yes' | 'no' | 'unknown'

const MAX_LENGTH = 10_000

export function meets(expression: string, profile: OktaUser['profile']): Verdict {
  const tokens = expression.length > MAX_LENGTH ? null : tokensOf(expression)
  if (tokens === null) return 'unknown'
  const reader = { tokens, at: 0, depth: 0 }
  const verdict = anyOf(reader, profile ?? {})
  return reader.at === tokens.length ? verdict : 'unknown'
}

type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'sign'; readonly sign: '(' | ')' | '==' | '!=' | '!' | 'and' | 'or' }

const TOKEN =
  /\s*(?:"([^"\\]*)"|'([^'\\]*)'|user\.([A-Za-z_]\w*)(?![\w.([])|(null\b)|(\(|\)|==|!=|!|&&|\|\||and\b|or\b))\s*/iy

function tokensOf(expression: string): readonly Token[] | null {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (let at = 0; at < expression.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(expression)
    if (match === null) return null
    const [, double, single, attribute, nothing, sign] = match
    if (attribute !== undefined) tokens.push({ kind: 'attribute', name: attribute })
    else if (nothing !== undefined) tokens.push({ kind: 'null' })
    else if (sign !== undefined) tokens.push({ kind: 'sign', sign: signOf(sign) })
    else tokens.push({ kind: 'word', text: double ?? single ?? '' })
  }
  return tokens
}

function signOf(text: string): Extract<Token, { kind: 'sign' }>['sign'] {
  const sign = text.toLowerCase()
  return (sign === '&&' ? 'and' : sign === '||' ? 'or' : sign) as Extract<Token, { kind: 'sign' }>['sign']
}

interface Reader {
  readonly tokens: readonly Token[]
  at: number
  depth: number
}

type Profile = Readonly<Record<string, unknown>>

function took(reader: Reader, sign: string): boolean {
  const token = reader.tokens[reader.at]
  const isIt = token?.kind === 'sign' && token.sign === sign
  if (isIt) reader.at += 1
  return isIt
}

function anyOf(reader: Reader, profile: Profile): Verdict {
  let verdict = allOf(reader, profile)
  while (took(reader, 'or')) {
    const other = allOf(reader, profile)
    verdict = verdict === 'yes' || other === 'yes' ? 'yes' : verdict === 'no' && other === 'no' ? 'no' : 'unknown'
  }
  return verdict
}

function allOf(reader: Reader, profile: Profile): Verdict {
  let verdict = one(reader, profile)
  while (took(reader, 'and')) {
    const other = one(reader, profile)
    verdict = verdict === 'no' || other === 'no' ? 'no' : verdict === 'yes' && other === 'yes' ? 'yes' : 'unknown'
  }
  return verdict
}

/** Anything that cannot be read stops the reading, so that `meets` sees tokens left over and answers `unknown`. */
function one(reader: Reader, profile: Profile): Verdict {
  if (took(reader, '!')) return opposite(one(reader, profile))
  if (took(reader, '(')) {
    reader.depth += 1
    const verdict = reader.depth > 50 ? 'unknown' : anyOf(reader, profile)
    reader.depth -= 1
    return took(reader, ')') ? verdict : stop(reader)
  }
  const left = reader.tokens[reader.at]
  const sign = reader.tokens[reader.at + 1]
  const right = reader.tokens[reader.at + 2]
  if (sign?.kind !== 'sign' || (sign.sign !== '==' && sign.sign !== '!=')) return stop(reader)
  if (left === undefined || right === undefined || left.kind === 'sign' || right.kind === 'sign') return stop(reader)
  reader.at += 3
  const equal = same(valueOf(left, profile), valueOf(right, profile))
  return sign.sign === '==' ? equal : opposite(equal)
}

function stop(reader: Reader): 'unknown' {
  reader.at = Number.POSITIVE_INFINITY
  return 'unknown'
}

function opposite(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? 'unknown' : verdict === 'yes' ? 'no' : 'yes'
}

/** Undefined for a value that we cannot compare: a list, a number, a flag. */
function valueOf(token: Exclude<Token, { kind: 'sign' }>, profile: Profile): string | null | undefined {
  if (token.kind === 'null') return null
  if (token.kind === 'word') return token.text
  const value = Object.hasOwn(profile, token.name) ? profile[token.name] : null
  return value === null || typeof value === 'string' ? value : undefined
}

function same(left: string | null | undefined, right: string | null | undefined): Verdict {
  if (left === undefined || right === undefined) return 'unknown'
  if (left === right) return 'yes'
  // Whether Okta takes an empty attribute for null is not documented.
  const a = (left ?? '').trim().toLowerCase()
  const b = (right ?? '').trim().toLowerCase()
  return a === b ? 'unknown' : 'no'
}
