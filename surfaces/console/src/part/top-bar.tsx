import type { ReactElement } from 'react'
import { EVERY_REQUEST, hashOfRequests } from '../route/route.ts'
import icon from '../style/icon.svg'

/** Only in a window of its own: inside Jira the navigation is Jira's. */
export function TopBar(): ReactElement {
  return (
    <header className="top-bar">
      <a className="brand" href={hashOfRequests(EVERY_REQUEST)}>
        <img src={icon} alt="" width="24" height="24" />
        Tenure
      </a>
      <nav aria-label="Main">
        <a href={hashOfRequests(EVERY_REQUEST)} aria-current="page">
          Requests
        </a>
      </nav>
    </header>
  )
}
