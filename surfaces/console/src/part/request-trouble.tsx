import SectionMessage from '@atlaskit/section-message'
import type { ReactElement } from 'react'
import type { RequestView } from '../wire.ts'
import { troubleHeading } from '../words/state-words.ts'
import { Text } from './text.tsx'

/** Why a request came to nothing, and who has to do something about it. */
export function RequestTrouble({ view }: { readonly view: RequestView }): ReactElement | null {
  const title = troubleHeading(view.state)
  if (title === null) return null
  const owned = view.state === 'failed'
  return (
    <div className="message">
      <SectionMessage appearance={owned ? 'error' : 'warning'} title={title}>
        <p>
          <Text of={view.refusal ?? 'The timeline below says how it came to this.'} />
        </p>
        {owned ? (
          <p>
            {view.waitingOn.length > 0 ? 'It is owned by ' : 'Nobody owns it yet.'}
            <strong>
              <Text of={view.waitingOn.join(', ')} />
            </strong>
          </p>
        ) : null}
      </SectionMessage>
    </div>
  )
}
