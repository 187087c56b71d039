import type { RequestLine, RequestState, StateFilter } from '../wire.ts'

type Appearance = 'success' | 'warning' | 'danger' | 'information' | 'neutral' | 'discovery'

/** The colour is a second voice only: the words alone say everything. */
export const STATE_APPEARANCE: Readonly<Record<RequestState, Appearance>> = {
  'waiting for approval': 'information',
  'being granted': 'information',
  live: 'success',
  'being removed': 'warning',
  ended: 'neutral',
  failed: 'danger',
  declined: 'neutral',
  refused: 'neutral',
  void: 'neutral',
}

export const TIER_APPEARANCE: Readonly<Record<RequestLine['tier'], Appearance>> = {
  standard: 'neutral',
  sensitive: 'warning',
  privileged: 'discovery',
}

export function filterWords(filter: StateFilter): string {
  return filter === 'open' ? 'Not over yet' : capitalised(filter)
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Why a request came to nothing, as the heading of a message; null while all is well. */
export function troubleHeading(state: RequestState): string | null {
  switch (state) {
    case 'failed':
      return 'This request failed'
    case 'refused':
      return 'This request was refused'
    case 'declined':
      return 'This request was declined'
    case 'void':
      return 'This request no longer counts'
    default:
      return null
  }
}

/** Nothing will change any more, except that a failure may be mended by its owner. */
export function isOver(state: RequestState): boolean {
  return state === 'ended' || troubleHeading(state) !== null
}
