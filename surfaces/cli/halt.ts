import { plainText } from '#connectors/kit/plain-text.ts'
import { ALL } from '#core/halt/halt.ts'
import { haltAccess, resumeAccess } from '#engine/halt/halt-access.ts'
import type { HaltLine, HaltReads, WaitingLine } from '#engine/read/halt-view.ts'
import { inWords } from '../words/refusals.ts'
import { momentInWords } from '../words/times.ts'
import type { CommandIo, ExitCode } from './command.ts'
import type { HaltWords } from './read-halt-words.ts'

/**
 * The emergency stop, for somebody in a hurry: `tenure halt`, `tenure resume`, `tenure halt --status`. "In force" is said
 * when it is so, and not before.
 */
export async function haltOrResume(io: CommandIo, reads: HaltReads, words: HaltWords): Promise<ExitCode> {
  switch (words.kind) {
    case 'status':
      await tellOrders(io, reads)
      return 0
    case 'halt':
      return halt(io, reads, words)
    case 'resume':
      return resume(io, reads, words)
  }
}

async function halt(io: CommandIo, reads: HaltReads, words: HaltWords & { kind: 'halt' }): Promise<ExitCode> {
  const { provider, exceptRemovals, reason } = words
  if (provider !== null && !(await isKnown(io, reads, provider))) return 1
  const by = { kind: 'operator', name: io.operator } as const
  const refusal = await haltAccess(io.ports, { scope: provider ?? ALL, exceptRemovals, reason }, by)
  if (refusal !== null) {
    io.complain(`Nothing was halted. ${inWords(refusal.code, refusal.detail)}`)
    return 1
  }
  const of = provider ?? 'any provider'
  if (exceptRemovals) {
    io.say(`In force: nobody is added to a group of ${of} any more.`)
    await tellWhetherEndsGoOn(io, reads, provider)
  } else {
    io.say(`In force: no write of ${of} starts any more.`)
    io.say('ENDS OF ACCESS WAIT TOO: whoever has access keeps it after its end, until you resume.')
    io.say('To let ends of access go on, halt again with --except-removals.')
  }
  await tellWaiting(io, reads, provider)
  io.say('Reads, approvals, tickets and timers go on. What waits is done after:')
  io.say(`  tenure resume${provider === null ? '' : ` --provider ${provider}`} --reason "…"`)
  return 0
}

/** Another order may be stricter than this one. */
async function tellWhetherEndsGoOn(io: CommandIo, reads: HaltReads, provider: string | null): Promise<void> {
  const orders = await reads.orders()
  const stricter = orders.filter(
    (each) => !each.exceptRemovals && (each.provider === null || provider === null || each.provider === provider),
  )
  for (const each of stricter) {
    const named = each.provider ?? 'everything'
    io.say(`Ends of access of ${named} wait all the same: the order to halt ${named} is in force, and exempts nothing.`)
  }
  if (stricter.length === 0) io.say('Ends of access go on: what ends is removed.')
}

/** A name that was mistyped would stop nothing, and say that it did. */
async function isKnown({ ports, complain }: CommandIo, reads: HaltReads, provider: string): Promise<boolean> {
  const known = await reads.providers()
  if (known.includes(provider) || ports.provider(provider)?.membership) return true
  complain(
    `Nothing was halted. No directory named "${plainText(provider, 80)}" is known; ${known.length > 0 ? `these are: ${known.join(', ')}` : 'none is, yet'}. Without --provider everything is halted.`,
  )
  return false
}

async function resume(io: CommandIo, reads: HaltReads, words: HaltWords & { kind: 'resume' }): Promise<ExitCode> {
  const { provider, reason } = words
  const by = { kind: 'operator', name: io.operator } as const
  const refusal = await resumeAccess(io.ports, provider ?? ALL, reason, by)
  if (refusal === null) io.say(`The order to halt ${provider ?? 'everything'} is lifted.`)
  else io.complain(inWords(refusal.code, refusal.detail))
  await tellOrders(io, reads)
  return refusal === null ? 0 : 1
}

async function tellOrders(io: CommandIo, reads: HaltReads): Promise<void> {
  const orders = await reads.orders()
  for (const order of orders) io.say(orderInWords(order))
  if (orders.length === 0) io.say('Nothing is halted.')
  await tellWaiting(io, reads, null)
}

function orderInWords({ provider, exceptRemovals, since, orderedBy, reason }: HaltLine): string {
  const removals = exceptRemovals ? 'removals exempted' : 'ends of access wait too'
  const why = reason === null ? 'the reason was erased' : `"${plainText(reason, 300)}"`
  return `HALTED: ${provider ?? 'everything'}, ${removals}, since ${momentInWords(since)}, ordered by ${plainText(orderedBy, 100)}: ${why}`
}

async function tellWaiting(io: CommandIo, reads: HaltReads, provider: string | null): Promise<void> {
  const lines = (await reads.waiting(io.ports.clock.now())).filter(
    (each) => provider === null || each.provider === provider,
  )
  for (const line of lines) io.say(waitingInWords(line))
}

function waitingInWords({ provider, additions, removals, onTheirWay }: WaitingLine): string {
  const sent = `${counted(onTheirWay, 'change')} may be on the way and will be recorded`
  return `  ${provider}: ${counted(additions, 'addition')} and ${counted(removals, 'removal')} to be written; ${sent}.`
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
