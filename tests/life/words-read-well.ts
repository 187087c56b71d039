import assert from 'node:assert/strict'
import { wordsOf } from '#connectors/jira/stand-in/rich-text.ts'
import { messagesOn, saidOn } from './seen.ts'
import type { World } from './world.ts'

/** What no requester should have to read on their ticket: ids, addresses, vendors' texts, and the marks of a bug. */
const UNREADABLE: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['an id of ours', /\b(per|req|grt|chg|idx)_[0-9a-z]/],
  ['an id of a directory', /\b00[ugp][0-9A-Za-z]{17}\b/],
  ['an account of Jira', /\b(712020:|[0-9a-f]{24}\b)/],
  ['an e-mail address', /\S@\S/],
  ['an address', /https?:/],
  ['a vendor’s text', /\bE0{3,}\d|errorCode|errorSummary|reqStandIn|rate limit|HTML|JSON|\b(429|50\d)\b/],
  ['a bug', /undefined|null\b|NaN|\[object|\{|\}|Error:/],
  ['an empty place', /""|\(\)| {2}| [.,;]/],
]

/** An issue of Tenure's own is read by people of IT: it may name groups and accounts, and must be words all the same. */
function issueReadsWell(key: string, summary: string, description: string): void {
  for (const [what, pattern] of UNREADABLE) assert.doesNotMatch(summary, pattern, `${key} shows ${what}: ${summary}`)
  for (const [what, pattern] of UNREADABLE.filter(([what]) => !OF_IT.has(what)))
    assert.doesNotMatch(description, pattern, `${key} shows ${what}: ${description}`)
}

const OF_IT = new Set(['an id of ours', 'an id of a directory', 'an empty place'])

/** Of every public comment of Tenure on every ticket: it can be read by the person who asked, and it ends like a sentence. */
export function wordsReadWell(world: World): void {
  for (const { key, requestTypeId, summary, description } of world.standIns.jira.tickets()) {
    if (requestTypeId === null) issueReadsWell(key, summary, wordsOf(description ?? assert.fail(`${key} says nothing`)))
    const said = saidOn(world, key)
    for (const words of said) {
      for (const [what, pattern] of UNREADABLE) assert.doesNotMatch(words, pattern, `${key} shows ${what}: ${words}`)
      assert.match(words, /^["A-Z\d]/, words)
      // A table of facts ends with the mark by which an approver knows the exact ask again.
      assert.match(words, /(\.|Exact ask [0-9a-f]{16}|end it|end removes it)$/, words)
    }
    const messages = messagesOn(world, key)
    assert.equal(new Set(messages).size, messages.length, `${key} says something twice: ${messages.join()}`)
  }
}
