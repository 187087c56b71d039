import type { ReactElement } from 'react'
import type { RequestsFilter } from '../route/route.ts'
import { EVERY_REQUEST, hashOfRequests, queryOf } from '../route/route.ts'
import { OutsideLink } from './outside-link.tsx'

export function EmptyRequests(props: {
  readonly filter: RequestsFilter
  readonly askUrl: string | null
}): ReactElement {
  if (queryOf(props.filter)) {
    return (
      <div className="empty">
        <h2>No request matches</h2>
        <p>
          Try other words, or <a href={hashOfRequests(EVERY_REQUEST)}>show all requests</a>.
        </p>
      </div>
    )
  }
  return (
    <div className="empty">
      <h2>Nobody has asked for access yet</h2>
      <p>
        {props.askUrl ? (
          <>
            <OutsideLink url={props.askUrl}>Open the portal</OutsideLink> and ask for a role. The request appears here
            within seconds.
          </>
        ) : (
          'Ask for a role in the portal of your service desk. The request appears here within seconds.'
        )}
      </p>
    </div>
  )
}
