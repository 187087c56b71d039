import type { MouseEvent, ReactElement, ReactNode } from 'react'
import { hashOfRequest } from '../route/route.ts'
import type { RequestLine } from '../wire.ts'
import { visible } from '../words/visible.ts'
import { shortNames } from '../words/names.ts'
import { OutsideLink } from './outside-link.tsx'
import { StateLozenge, TierLozenge } from './state-lozenge.tsx'
import { Time } from './time.tsx'
import { WindowWords } from './window-words.tsx'
import { Text } from './text.tsx'

export function RequestRow({ line, now }: { readonly line: RequestLine; readonly now: number }): ReactElement {
  const address = hashOfRequest(line.requestId)
  return (
    <tr role="row" onClick={(event) => openOnClick(event, address)}>
      <Cell name="Ticket" className="ticket">
        <OutsideLink url={line.issueUrl}>
          <Text of={line.issueKey} title={line.issueKey} />
        </OutsideLink>
      </Cell>
      <Cell name="Person">
        <Text className="clamped" title={line.personName} of={line.personName} />
      </Cell>
      <Cell name="Access">
        <a href={address} className="clamped" title={visible(`${line.appName}: ${line.roleName}`)}>
          <Text of={line.appName} />: <Text of={line.roleName} />
        </a>
      </Cell>
      <Cell name="Risk">
        <TierLozenge tier={line.tier} />
      </Cell>
      <Cell name="State">
        <StateLozenge state={line.state} />
      </Cell>
      <Cell name={line.state === 'failed' ? 'Owner' : 'Waiting on'}>
        <WaitingOn line={line} />
      </Cell>
      <Cell name="Window">
        <WindowWords line={line} now={now} />
      </Cell>
      <Cell name="Asked">
        <Time at={line.askedAt} now={now} />
      </Cell>
    </tr>
  )
}

function Cell(props: {
  readonly name: string
  readonly className?: string
  readonly children: ReactNode
}): ReactElement {
  return (
    <td role="cell" data-name={props.name} className={props.className}>
      {props.children}
    </td>
  )
}

function WaitingOn({ line }: { readonly line: RequestLine }): ReactElement {
  if (line.waitingOn.length === 0) return <span className="nothing">–</span>
  return (
    <div>
      <Text className="clamped" title={line.waitingOn.join(', ')} of={shortNames(line.waitingOn)} />
      {line.state === 'failed' ? <span className="detail-words">owns this failure</span> : null}
    </div>
  )
}

/** The whole row opens the request for a mouse; the link in it does for everybody. Selecting text opens nothing. */
function openOnClick(event: MouseEvent<HTMLElement>, address: string): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  if (event.target instanceof Element && event.target.closest('a, button')) return
  if (getSelection()?.toString()) return
  location.hash = address
}
