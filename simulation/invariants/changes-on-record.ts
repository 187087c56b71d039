import type { ProvenData } from '#core/identity-action/membership-event.ts'
import type { Instant } from '#core/instant.ts'
import type { Facts } from '../facts.ts'
import { recordedStreams, type Recorded } from './recorded.ts'

/** One change that was intended, with all that the log says of it. */
export interface ChangeOnRecord {
  readonly stream: string
  readonly changeId: string
  readonly do: string
  readonly group: string
  /** As the directory knows the person. */
  readonly user: string
  readonly intended: Recorded
  /** Each time when it was said to be sent again. */
  readonly resent: readonly Recorded[]
  readonly answers: readonly Recorded[]
  /** Proven, or abandoned; null: open to the end of the run. */
  readonly ended: Recorded | null
  readonly proof: ProvenData | null
  /** Times when it was said to have had its effect after all, later than everybody thought. */
  readonly late: readonly Recorded[]
}

const kept = new WeakMap<Facts, readonly ChangeOnRecord[]>()

export function changesOnRecord(facts: Facts): readonly ChangeOnRecord[] {
  let changes = kept.get(facts)
  if (changes === undefined) kept.set(facts, (changes = [...recordedStreams(facts)].flatMap(ofStream)))
  return changes
}

function ofStream([stream, recorded]: readonly [string, readonly Recorded[]]): readonly ChangeOnRecord[] {
  if (!stream.startsWith('membership/')) return []
  const [, , group = ''] = stream.split('/')
  const byId = new Map<string, Mutable>()
  for (const each of recorded) {
    const { type, data } = each.event
    const changeId = String(data['changeId'])
    if (type === 'ChangeIntended') {
      const [does, user] = [String(data['do']), String(data['account'])]
      const none = { resent: [], answers: [], ended: null, proof: null, late: [] }
      byId.set(changeId, { stream, changeId, do: does, group, user, intended: each, ...none })
      continue
    }
    const change = byId.get(changeId)
    if (change === undefined) continue
    if (type === 'ChangeResent') change.resent.push(each)
    else if (type === 'ChangeAnswered') change.answers.push(each)
    else if (type === 'LateEffect') change.late.push(each)
    else if (type === 'ChangeAbandoned') change.ended = each
    else if (type === 'ChangeProven') [change.ended, change.proof] = [each, data as unknown as ProvenData]
  }
  return [...byId.values()]
}

type Mutable = Omit<ChangeOnRecord, 'resent' | 'answers' | 'ended' | 'proof' | 'late'> & {
  readonly resent: Recorded[]
  readonly answers: Recorded[]
  readonly late: Recorded[]
  ended: Recorded | null
  proof: ProvenData | null
}

/** Given up without a certain answer: whether it had an effect is left open, in so many words. */
export function isLeftOpen({ ended }: ChangeOnRecord): boolean {
  return ended?.event.type === 'ChangeAbandoned' && ended.event.data['because'] === 'superseded'
}

/** From when to when its record says that it may have happened, as clocks showed it. */
export function saidBetween({ proof }: ChangeOnRecord): { readonly from: Instant; readonly until: Instant } | null {
  return proof === null ? null : { from: Date.parse(proof.intendedAt), until: Date.parse(proof.readAt) }
}
