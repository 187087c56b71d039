import Spinner from '@atlaskit/spinner'
import type { ReactElement } from 'react'

/** The delay keeps a spinner from flashing when the answer is there in a moment. */
export function Waiting(props: { readonly for: string }): ReactElement {
  return (
    <div className="waiting" role="status">
      <Spinner size="large" delay={300} />
      <span className="visually-hidden">Loading {props.for}</span>
    </div>
  )
}
