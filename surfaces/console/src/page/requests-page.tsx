import Button from '@atlaskit/button/new'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { usePolled } from '../ask/use-polled.ts'
import { EmptyRequests } from '../part/empty-requests.tsx'
import { OverdueRemovals } from '../part/overdue-removals.tsx'
import { RequestsTable } from '../part/requests-table.tsx'
import { RequestsToolbar } from '../part/requests-toolbar.tsx'
import { Trouble } from '../part/trouble.tsx'
import { Waiting } from '../part/waiting.tsx'
import type { RequestsFilter } from '../route/route.ts'
import { queryOf } from '../route/route.ts'
import type { RequestsAnswer, SessionAnswer } from '../wire.ts'
import { usePageTitle } from './use-page-title.ts'

export function RequestsPage(props: {
  readonly filter: RequestsFilter
  readonly session: SessionAnswer | null
}): ReactElement {
  const { filter, session } = props
  const heading = usePageTitle('Requests', 'requests')
  return (
    <div className="page">
      <h1 ref={heading} tabIndex={-1}>
        Requests
      </h1>
      <OverdueRemovals />
      <RequestsToolbar filter={filter} person={session?.person ?? null} />
      {/* Another filter, or another person whom it is about, is another list. */}
      <RequestsList key={`${queryOf(filter)} ${session?.person?.personId}`} filter={filter} session={session} />
    </div>
  )
}

const PAGE = 100
const AT_MOST = 500

function RequestsList(props: {
  readonly filter: RequestsFilter
  readonly session: SessionAnswer | null
}): ReactElement {
  const { filter, session } = props
  const [limit, setLimit] = useState(PAGE)
  const query = queryOf(filter)
  const polled = usePolled<RequestsAnswer>(`/api/requests?limit=${limit}${query ? `&${query}` : ''}`)
  const answer = polled.value
  if (!answer) return polled.trouble ? <Trouble polled={polled} /> : <Waiting for="the requests" />
  const { requests, next } = answer
  return (
    <>
      <Trouble polled={polled} />
      <p className={requests.length > 0 || next !== null ? 'count' : 'visually-hidden'} role="status">
        {countWords(answer)}
      </p>
      {requests.length === 0 ? (
        <EmptyRequests filter={filter} askUrl={session?.askUrl ?? null} />
      ) : (
        <RequestsTable requests={requests} now={answer.now} />
      )}
      {next === null ? null : limit < AT_MOST && requests.length === limit ? (
        <Button onClick={() => setLimit(limit + PAGE)}>Show older requests</Button>
      ) : (
        <p className="count">Older requests are not shown. Search or filter to find them.</p>
      )}
    </>
  )
}

function countWords({ requests, next, searched }: RequestsAnswer): string {
  const count = requests.length === 1 ? '1 request' : `${requests.length} requests`
  if (next === null) return count
  return requests.length > 0 ? `The newest ${count}` : `None among the newest ${searched} requests`
}
