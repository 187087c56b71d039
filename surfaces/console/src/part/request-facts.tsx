import type { ReactElement, ReactNode } from 'react'
import type { RequestView } from '../wire.ts'
import { hoursWords } from '../words/when.ts'
import { isOver } from '../words/state-words.ts'
import { OutsideLink } from './outside-link.tsx'
import { TierLozenge } from './state-lozenge.tsx'
import { ExactTime } from './time.tsx'
import { WindowWords } from './window-words.tsx'
import { Text } from './text.tsx'

export function RequestFacts({ view, now }: { readonly view: RequestView; readonly now: number }): ReactElement {
  return (
    <aside className="facts" aria-label="Details">
      <h2>Details</h2>
      <dl>
        <Fact name="Ticket">
          <OutsideLink url={view.issueUrl}>
            <Text of={view.issueKey} />
          </OutsideLink>
        </Fact>
        <Fact name="Person">
          <Text of={view.personName} />
        </Fact>
        <Fact name="Role">
          <Text of={view.appName} />: <Text of={view.roleName} /> <TierLozenge tier={view.tier} />
        </Fact>
        <Fact name="Window">
          <WindowWords line={view} now={now} />
        </Fact>
        <Fact name="Asked">
          {askedWords(view)} <ExactTime at={view.askedAt} />
        </Fact>
        <Fact name="Window from">
          {view.startsAt === null ? isOver(view.state) ? 'Never' : 'Not yet' : <ExactTime at={view.startsAt} />}
        </Fact>
        <Fact name="Window to">{endWords(view)}</Fact>
        <Fact name="Approved by">
          {view.approvedBy.length > 0 ? (
            <Names names={view.approvedBy} />
          ) : isOver(view.state) ? (
            'Nobody'
          ) : (
            'Nobody yet'
          )}
        </Fact>
        {view.waitingOn.length > 0 ? (
          <Fact name={view.state === 'failed' ? 'Owner of the failure' : 'Waiting on'}>
            <Names names={view.waitingOn} />
          </Fact>
        ) : null}
        <Fact name="Groups">
          {view.groupCount === 0 ? (
            'None'
          ) : (
            <>
              <Names names={view.groupNames} />
              {isOver(view.state) ? null : (
                <span className="detail-words">
                  {view.confirmedGroups} of {view.groupCount} read back as held
                </span>
              )}
            </>
          )}
        </Fact>
        <Fact name="Business reason">
          {view.reason === null ? <em>Erased</em> : <Text className="free-text" of={view.reason} />}
        </Fact>
      </dl>
    </aside>
  )
}

function Fact(props: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

function Names({ names }: { readonly names: readonly string[] }): ReactElement {
  return (
    <ul className="names">
      {names.map((name, at) => (
        <li key={at}>
          <Text of={name} />
        </li>
      ))}
    </ul>
  )
}

function askedWords({ state, hours }: RequestView): string {
  if (hours !== null) return `For ${hoursWords(hours)}, on`
  // A refusal may have come before the length was understood.
  return state === 'refused' ? 'On' : 'Without an end, on'
}

function endWords(view: RequestView): ReactNode {
  if (view.endsAt !== null) return <ExactTime at={view.endsAt} />
  if (view.startsAt === null && isOver(view.state)) return 'Never started'
  if (view.hours === null) return 'No end'
  return 'Counted from the start'
}
