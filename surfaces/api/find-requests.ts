import type { RequestReads } from '#engine/read/request-reads.ts'
import type { RequestLine } from '#engine/read/request-view.ts'
import type { StateFilter } from './wire.ts'

export interface Wanted {
  readonly limit: number
  readonly before?: string | undefined
  readonly state?: StateFilter | undefined
  readonly text?: string | undefined
  /** Only those that this person asked for, or whose answer is awaited from them. */
  readonly concerning?: { readonly how: 'asked' | 'waiting'; readonly personId: string } | undefined
}

export interface Found {
  readonly requests: readonly RequestLine[]
  readonly next: string | null
  readonly searched: number
}

const PAGE = 200
/** One question looks at so many requests at most; `next` then goes on from there, so nothing is out of reach. */
export const SEARCHED_AT_MOST = 5_000

/** Looks through the list, newest first, until enough match or the bound is reached. */
export async function findRequests(reads: RequestReads, wanted: Wanted): Promise<Found> {
  const matches = matcherOf(wanted)
  const pageSize = matches ? PAGE : wanted.limit + 1
  const found: RequestLine[] = []
  let before = wanted.before
  let searched = 0
  for (;;) {
    const page = await reads.list({ limit: pageSize, ...(before === undefined ? {} : { before }) })
    for (const line of page) {
      if (matches && !matches(line)) continue
      // One more than asked for is there: so there is a next page, after the last one that is given.
      if (found.length === wanted.limit) return { requests: found, next: found.at(-1)?.requestId ?? null, searched }
      found.push(line)
    }
    searched += page.length
    before = page.at(-1)?.requestId
    if (page.length < pageSize || before === undefined) return { requests: found, next: null, searched }
    if (searched >= SEARCHED_AT_MOST) return { requests: found, next: before, searched }
  }
}

function matcherOf(wanted: Wanted): ((line: RequestLine) => boolean) | null {
  const words = fold(wanted.text ?? '')
    .split(/\s+/)
    .filter(Boolean)
  const { state, concerning } = wanted
  if (words.length === 0 && !state && !concerning) return null
  return (line) => {
    if (state && !isIn(line, state)) return false
    if (concerning?.how === 'asked' && line.personId !== concerning.personId) return false
    if (concerning?.how === 'waiting' && !line.waitingOnIds.includes(concerning.personId)) return false
    if (words.length === 0) return true
    const text = fold(
      [line.issueKey, line.personName, line.appName, line.roleName, line.tier, line.state, ...line.waitingOn].join(' '),
    )
    return words.every((word) => text.includes(word))
  }
}

function isIn(line: RequestLine, state: StateFilter): boolean {
  return state === 'open' ? OPEN.has(line.state) : line.state === state
}

/** Not over yet: somebody waits, or holds access. */
const OPEN: ReadonlySet<RequestLine['state']> = new Set([
  'waiting for approval',
  'being granted',
  'live',
  'being removed',
])

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
