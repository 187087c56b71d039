import type { ReactElement } from 'react'
import type { RequestLine } from '../wire.ts'
import { RequestRow } from './request-row.tsx'

const COLUMNS = ['Ticket', 'Person', 'Access', 'Risk', 'State', 'Waiting on', 'Window', 'Asked'] as const

/** The roles are said again because a table that is laid out as cards (on a phone) would lose them. */
export function RequestsTable(props: {
  readonly requests: readonly RequestLine[]
  readonly now: number
}): ReactElement {
  return (
    <table role="table" className="requests">
      <caption className="visually-hidden">Requests, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {props.requests.map((line) => (
          <RequestRow key={line.requestId} line={line} now={props.now} />
        ))}
      </tbody>
    </table>
  )
}
