import { isoOf, type Instant } from '#core/instant.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { LiveWindow } from '#engine/read/live-windows.ts'
import type { CommandIo, ExitCode } from './command.ts'
import { csvLine } from './write-csv.ts'

const HEADER = [
  'person',
  'account',
  'provider',
  'group',
  'group_id',
  'app',
  'role',
  'starts',
  'ends',
  'state',
  'overdue_since',
  'request',
  'ticket',
] as const

/** Who must lose what and when, as a file that a spreadsheet opens: one line for each grant and group, all instants in UTC. */
export async function* windowsCsv(windows: AsyncIterable<LiveWindow>): AsyncGenerator<string> {
  yield csvLine(HEADER)
  for await (const each of windows) {
    const { person, account, provider, group, groupId, app, role, state, requestId, ticket } = each
    const times = [momentOf(each.startsAt), endOf(each), state, momentOf(each.overdueSince)]
    yield csvLine([person, account, provider, group, groupId, app, role, ...times, requestId, ticket])
  }
}

/** `tenure windows --live [--csv]` */
export async function showWindows(
  io: Pick<CommandIo, 'say'>,
  windows: AsyncIterable<LiveWindow>,
  options: { readonly csv: boolean },
): Promise<ExitCode> {
  if (options.csv) {
    for await (const line of windowsCsv(windows)) io.say(line)
    return 0
  }
  let [count, overdue] = [0, 0]
  for await (const each of windows) {
    count += 1
    if (each.overdueSince !== null) overdue += 1
    io.say(lineOf(each))
  }
  io.say(
    count === 0
      ? 'Nobody holds anything by a grant of Tenure, and nothing is to be taken away.'
      : `${count} ${count === 1 ? 'window' : 'windows'}; ${overdue === 0 ? 'none is' : overdue === 1 ? '1 is' : `${overdue} are`} overdue.`,
  )
  return 0
}

const WIDTHS = { end: 24, state: 7 } as const

function lineOf(each: LiveWindow): string {
  const { person, account, provider, group, groupId, app, role, state, ticket } = each
  const overdue = each.overdueSince === null ? '' : `  OVERDUE since ${isoOf(each.overdueSince)}`
  return [
    (endOf(each) || 'not begun').padEnd(WIDTHS.end),
    state.padEnd(WIDTHS.state),
    `${seen(person)} (${seen(account)})`,
    `${seen(group)} (${seen(provider)} ${seen(groupId)})`,
    `${seen(app)}: ${seen(role)}`,
    `${seen(ticket)}${overdue}`,
  ].join('  ')
}

/** A terminal obeys what a name may hold: it is shown without. */
function seen(text: string): string {
  return plainText(text, 100)
}

function endOf({ endsAt, noEnd }: LiveWindow): string {
  return endsAt === null ? (noEnd ? 'no end' : '') : isoOf(endsAt)
}

function momentOf(at: Instant | null): string {
  return at === null ? '' : isoOf(at)
}

/** What the words after `tenure windows` ask for; null when they are not understood. */
export function readWindowsWords(words: readonly string[]): { readonly csv: boolean } | null {
  const [first, ...rest] = words
  if (first !== 'windows' || !rest.includes('--live')) return null
  const known = rest.every((word) => word === '--live' || word === '--csv')
  return known && new Set(rest).size === rest.length ? { csv: rest.includes('--csv') } : null
}
