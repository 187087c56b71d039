import type { ReactElement } from 'react'
import { usePolled } from '../ask/use-polled.ts'
import { Evidence } from '../part/evidence.tsx'
import { RequestFacts } from '../part/request-facts.tsx'
import { RequestHead } from '../part/request-head.tsx'
import { RequestTrouble } from '../part/request-trouble.tsx'
import { Text } from '../part/text.tsx'
import { Timeline } from '../part/timeline.tsx'
import { Trouble } from '../part/trouble.tsx'
import { Waiting } from '../part/waiting.tsx'
import { listAddress } from '../route/list-address.ts'
import { visible } from '../words/visible.ts'
import type { RequestAnswer } from '../wire.ts'
import { usePageTitle } from './use-page-title.ts'

export function RequestPage({ requestId }: { readonly requestId: string }): ReactElement {
  const polled = usePolled<RequestAnswer>(`/api/requests/${requestId}`)
  const view = polled.value?.request
  const title = view ? `${view.issueKey} ${view.appName}: ${view.roleName}` : 'Request'
  const heading = usePageTitle(visible(title.slice(0, 120)), `request ${requestId}`, view !== undefined)
  return (
    <div className="page">
      <nav aria-label="Breadcrumbs" className="breadcrumbs">
        <a href={listAddress()}>Requests</a>
        <span aria-hidden="true">/</span>
        <Text className="clamped" of={view?.issueKey ?? requestId} />
      </nav>
      {view && polled.value ? (
        <>
          <RequestHead view={view} heading={heading} />
          <Trouble polled={polled} />
          <RequestTrouble view={view} />
          <div className="request">
            <RequestFacts view={view} now={polled.value.now} />
            <Timeline view={view}>
              <Evidence evidence={view.evidence} />
            </Timeline>
          </div>
        </>
      ) : (
        <>
          <h1 ref={heading} tabIndex={-1}>
            Request
          </h1>
          {polled.trouble ? <Trouble polled={polled} /> : <Waiting for="the request" />}
        </>
      )}
    </div>
  )
}
