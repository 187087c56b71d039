import type { ReactElement } from 'react'
import type { RequestLine } from '../wire.ts'
import { CardTable } from './card-table.tsx'
import { RequestRow } from './request-row.tsx'

const COLUMNS = ['Ticket', 'Person', 'Access', 'Risk', 'State', 'Waiting on', 'Window', 'Asked'] as const

export function RequestsTable(props: {
  readonly requests: readonly RequestLine[]
  readonly now: number
}): ReactElement {
  return (
    <CardTable className="requests" caption="Requests, newest first" columns={COLUMNS}>
      {props.requests.map((line) => (
        <RequestRow key={line.requestId} line={line} now={props.now} />
      ))}
    </CardTable>
  )
}
