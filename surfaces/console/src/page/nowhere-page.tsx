import type { ReactElement } from 'react'
import { EVERY_REQUEST, hashOfRequests } from '../route/route.ts'
import { usePageTitle } from './use-page-title.ts'

export function NowherePage(): ReactElement {
  const heading = usePageTitle('Nothing here', 'nowhere')
  return (
    <div className="page">
      <h1 ref={heading} tabIndex={-1}>
        Nothing here
      </h1>
      <p>
        This address leads nowhere. <a href={hashOfRequests(EVERY_REQUEST)}>Go to the requests</a>
      </p>
    </div>
  )
}
