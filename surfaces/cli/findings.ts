import { parseArgs } from 'node:util'
import { plainText } from '#connectors/kit/plain-text.ts'
import { removeFound } from '#engine/drift/remove-found.ts'
import { openFindings, type FindingView } from '#engine/read/findings.ts'
import { lastWordInWords } from '../words/last-word.ts'
import { findingInWords, RULE_TASK, waysOut } from '../words/findings.ts'
import { inWords } from '../words/refusals.ts'
import type { CommandIo, ExitCode } from './command.ts'

/** What `tenure findings …` means. */
export type FindingsWords =
  | { readonly kind: 'list'; readonly json: boolean }
  | { readonly kind: 'remove'; readonly findingId: string; readonly reason: string }

/** Null when the words mean nothing. */
export function readFindingsWords([first, ...rest]: readonly string[]): FindingsWords | null {
  if (first !== 'findings') return null
  try {
    const options = { json: { type: 'boolean' }, reason: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true })
    const [verb, findingId, ...more] = positionals
    const { json = false, reason } = values
    if (verb === undefined && reason === undefined) return { kind: 'list', json }
    const isRemoval = verb === 'remove' && findingId !== undefined && more.length === 0 && !json
    return isRemoval ? { kind: 'remove', findingId, reason: reason ?? '' } : null
  } catch {
    return null
  }
}

/** `tenure findings`: what the directories and the grants do not agree on; and the decision to remove one. */
export async function findings(io: CommandIo, words: FindingsWords): Promise<ExitCode> {
  return words.kind === 'list' ? list(io, words.json) : remove(io, words.findingId, words.reason)
}

async function list({ ports, say }: CommandIo, json: boolean): Promise<ExitCode> {
  const open = await openFindings(ports.store)
  if (json) {
    for (const { stream: _, ...each } of open) say(JSON.stringify(each))
    return 0
  }
  for (const each of open) say(lineOf(each))
  if (open.length === 0)
    say('Nothing is found: every claimed group that was looked at has the members that the grants say.')
  else {
    say(`${open.length} ${open.length === 1 ? 'finding is' : 'findings are'} open. Nothing is changed by itself.`)
    const added = open.filter((each) => each.kind !== 'removed outside')
    // Groups have different roles, so the general words name none.
    const kinds = [added.slice(0, 1).map((each) => ({ ...each, roles: ['a role that gives the group'] }))]
    const removed = open.filter((each) => each.kind === 'removed outside').slice(0, 1)
    for (const way of [...kinds, removed].flatMap(waysOut)) say(way)
  }
  return 0
}

function lineOf(view: FindingView): string {
  const { findingId, person, account, group, readAt, state, task, lastWord, issue } = view
  const who = plainText(person, 100) || 'an account that is no known person'
  const how =
    lastWord === null ? 'removed, and settled by the next look' : `being removed (${lastWordInWords(lastWord)})`
  const doing = state === 'removing' ? `; ${how}` : ''
  const todo = task === 'rule' ? `; ${RULE_TASK}` : ''
  const told = issue === null ? '' : `  ${plainText(issue, 40)}`
  return `${findingId}  ${readAt}  ${who} (${plainText(account, 100)}) ${plainText(findingInWords(view), 200)} (${group.provider} ${plainText(group.id, 100)})${doing}${todo}${told}`
}

async function remove(io: CommandIo, findingId: string, reason: string): Promise<ExitCode> {
  const by = { kind: 'operator', name: io.operator } as const
  const refusal = await removeFound(io.ports, findingId, by, reason)
  if (refusal === null) {
    io.say(`It is decided. The running server removes it, and ${findingId} is settled when a look finds it gone.`)
    return 0
  }
  io.complain(
    refusal === 'no such finding'
      ? `There is no finding "${plainText(findingId, 80)}". tenure findings lists those that are open.`
      : inWords(refusal.code, refusal.detail),
  )
  return 1
}
