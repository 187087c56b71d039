import SectionMessage from '@atlaskit/section-message'
import Spinner from '@atlaskit/spinner'
import type { ReactElement } from 'react'
import type { Polled } from '../ask/use-polled.ts'
import { exactTime } from '../words/when.ts'

/** Why the page is not what it should be, over what was last seen. Nothing while all is well. */
export function Trouble({ polled }: { readonly polled: Polled<unknown> }): ReactElement | null {
  const { trouble, value, heardAt } = polled
  if (!trouble) return null
  const lastSeen = value === null ? '' : ` What you see is from ${heardAt === null ? 'earlier' : exactTime(heardAt)}.`

  if (trouble.kind === 'unreachable') {
    return (
      <Message appearance="error" title="Tenure does not answer">
        {`It may have been stopped, or is being started again. This page tries again by itself.${lastSeen}`}
      </Message>
    )
  }
  if (trouble.code === 'starting') {
    return (
      <div className="waiting" role="status">
        <Spinner size="large" />
        <p>{trouble.words}</p>
      </div>
    )
  }
  return (
    <Message appearance={trouble.code === 'fault' ? 'error' : 'warning'} title={trouble.words}>
      {[trouble.how ?? '', lastSeen].join(' ').trim() || 'This page tries again by itself.'}
    </Message>
  )
}

function Message(props: {
  readonly appearance: 'error' | 'warning'
  readonly title: string
  readonly children: string
}): ReactElement {
  return (
    <div role="alert" className="message">
      <SectionMessage appearance={props.appearance} title={props.title}>
        <p>{props.children}</p>
      </SectionMessage>
    </div>
  )
}
