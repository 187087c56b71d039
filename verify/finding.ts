/** Everything that can be wrong with a pack: a closed list. docs/evidence.md says each in a sentence. */
export const FINDING_CODES = [
  // The checkpoint, and what the pack says of itself.
  'checkpoint not understood',
  'checkpoint not signed by the key',
  'checkpoint of another log',
  'checkpoints disagree',
  'pack checkpoint differs',
  'manifest differs',
  'file missing',
  // The records under the signed root.
  'record unreadable',
  'record changed',
  'record suspected',
  'record missing',
  'record doubled',
  'record misplaced',
  'record added',
  'index differs',
  'root differs',
  'personal fields differ',
  // The streams.
  'version missing',
  'version repeated',
  // Every identity change led back to its four parts.
  'field missing',
  'no trigger',
  'no decision',
  'no grant',
  'no intent',
  'no outcome',
  'no read-back',
  'no ending',
  'rule version unknown',
  'decided without a decider',
  'decided by whoever asked',
  'decision of another ask',
  'outside the request',
  'intent differs',
  'outcome differs',
  'read before the answer',
  'intended twice',
  'proven twice',
] as const

export type FindingCode = (typeof FINDING_CODES)[number]

export interface Finding {
  readonly code: FindingCode
  /** `request/req_7k2m@1`; null where no single record can be named. */
  readonly record: string | null
  /** Place in the log, from 0; null where there is none. */
  readonly index: number | null
  /** In words, for people. Holds text from the pack: to be shown as text only. */
  readonly said: string
}

/** Keeps the first findings and counts the rest: a hostile pack must not fill the memory. */
export interface Findings {
  readonly add: (code: FindingCode, record: string | null, index: number | null, said: string) => void
  readonly list: readonly Finding[]
  readonly total: () => number
}

export const MAX_FINDINGS_LISTED = 1_000

export function newFindings(): Findings {
  const list: Finding[] = []
  let total = 0
  return {
    list,
    total: () => total,
    add(code, record, index, said) {
      total++
      if (list.length < MAX_FINDINGS_LISTED) list.push({ code, record, index, said })
    },
  }
}
