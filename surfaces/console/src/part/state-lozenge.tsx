import Lozenge from '@atlaskit/lozenge'
import type { ReactElement } from 'react'
import type { RequestLine, RequestState } from '../wire.ts'
import { capitalised, STATE_APPEARANCE, TIER_APPEARANCE } from '../words/state-words.ts'

export function StateLozenge({ state }: { readonly state: RequestState }): ReactElement {
  return <Lozenge appearance={STATE_APPEARANCE[state]}>{capitalised(state)}</Lozenge>
}

export function TierLozenge({ tier }: { readonly tier: RequestLine['tier'] }): ReactElement {
  return <Lozenge appearance={TIER_APPEARANCE[tier]}>{capitalised(tier)}</Lozenge>
}
