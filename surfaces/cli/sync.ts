import { parseArgs } from 'node:util'
import { isoOf } from '#core/instant.ts'
import { readMembers } from '#engine/directory/read-members.ts'
import { syncDirectory } from '#engine/directory/sync-directory.ts'
import { wantMembers } from '#engine/directory/want-members.ts'
import type { CommandIo, ExitCode } from './command.ts'

/** What `tenure sync …` means. */
export type SyncWords =
  { readonly kind: 'status' } | { readonly kind: 'sync'; readonly provider: string; readonly full: boolean }

/** Null when the words mean nothing. */
export function readSyncWords([first, ...rest]: readonly string[]): SyncWords | null {
  if (first !== 'sync') return null
  try {
    const options = { full: { type: 'boolean' }, status: { type: 'boolean' } } as const
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true })
    const { full = false, status = false } = values
    const [provider, ...more] = positionals
    if (more.length > 0) return null
    if (status) return provider === undefined && !full ? { kind: 'status' } : null
    return provider === undefined ? null : { kind: 'sync', provider, full }
  } catch {
    return null
  }
}

/** `tenure sync`: reads a directory in this process, beside whatever the running server reads; what is read counts for both. */
export async function sync(io: CommandIo, providers: readonly string[], words: SyncWords): Promise<ExitCode> {
  if (words.kind === 'status') return status(io, providers)
  const { ports, say, complain } = io
  const { provider, full } = words
  if (!ports.provider(provider)) {
    complain(
      `No directory named "${provider}" is connected to this command. In the sandbox the running server reads its directory by itself; tenure connect --check shows what is connected.`,
    )
    return 1
  }
  const synced = await syncDirectory(ports, provider)
  if (synced.kind === 'unreadable') return failed(io, provider, synced.said)
  say(`${synced.people} people (${synced.gone} not there any more) and ${synced.groups} groups.`)
  const wanted = await wantMembers(ports, provider, { full })
  if (wanted.kind === 'unreadable') return failed(io, provider, wanted.said)
  const { waiting: all } = await ports.store.syncStanding(provider)
  say(`The members of ${all} ${all === 1 ? 'group' : 'groups'} are read.`)
  let shown = 0
  for (;;) {
    const read = await readMembers(ports, provider)
    if (read.kind === 'unreadable') return failed(io, provider, read.said)
    const { waiting } = await ports.store.syncStanding(provider)
    const tenths = all === 0 ? 10 : Math.floor((10 * Math.max(0, all - waiting)) / all)
    if (tenths > shown && read.kind === 'more') {
      shown = tenths
      say(`[${'#'.repeat(tenths)}${' '.repeat(10 - tenths)}] ${all - waiting} of ${all}`)
    }
    if (read.kind === 'done') break
  }
  const { memberships, waiting: unread } = await ports.store.syncStanding(provider)
  if (unread > 0)
    say(
      `${unread} ${unread === 1 ? 'group waits' : 'groups wait'} for the next sync: it could not be read, or something of Tenure’s is under way in it.`,
    )
  say(`${memberships} memberships. tenure findings lists what no grant explains.`)
  return 0
}

function failed({ complain }: CommandIo, provider: string, said: string): ExitCode {
  complain(
    `${provider} could not be read: ${said}. What was read is kept; run the command again, and it goes on there.`,
  )
  return 1
}

async function status({ ports, say }: CommandIo, providers: readonly string[]): Promise<ExitCode> {
  let known = 0
  for (const provider of providers) {
    const { fullAt, people, groups, waiting, memberships } = await ports.store.syncStanding(provider)
    if (people + groups === 0) continue
    known += 1
    const read = waiting === 0 ? 'all read' : `${waiting} groups wait to be read`
    const when = fullAt === null ? 'its members were never asked for' : `every group last asked for at ${isoOf(fullAt)}`
    say(`${provider}: ${people} active people, ${groups} groups, ${memberships} memberships; ${read}; ${when}`)
  }
  if (known === 0) say('No directory was read yet.')
  return 0
}
