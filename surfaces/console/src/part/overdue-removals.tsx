import type { ReactElement, ReactNode } from 'react'
import { usePolled } from '../ask/use-polled.ts'
import { hashOfRequest } from '../route/route.ts'
import type { OverdueAnswer, OverdueLine } from '../wire.ts'
import { visible } from '../words/visible.ts'
import { durationWords } from '../words/when.ts'
import { CardTable } from './card-table.tsx'
import { OutsideLink } from './outside-link.tsx'
import { Text } from './text.tsx'
import { Time } from './time.tsx'

const EVERY_MS = 5_000

/** On top of the first page: access that should be gone and is not proven to be. Calm when there is none, and never a guess. */
export function OverdueRemovals(): ReactElement {
  const { value, trouble } = usePolled<OverdueAnswer>('/api/overdue', () => EVERY_MS)
  const some = value !== null && value.count > 0
  return (
    <section className={some ? 'overdue-removals some' : 'overdue-removals'} aria-labelledby="overdue-removals">
      <h2 id="overdue-removals">Overdue removals</h2>
      <p role="status">{value ? countWords(value) : trouble ? 'Not known: Tenure does not answer.' : ''}</p>
      {some ? <OverdueTable lines={value.overdue} now={value.now} /> : null}
    </section>
  )
}

function countWords({ count, overdue }: OverdueAnswer): string {
  if (count === 0) return 'None. No end of access is late.'
  const many = count === 1 ? '1 removal is overdue' : `${count} removals are overdue`
  const shown = overdue.length < count ? ` The longest ${overdue.length} are shown.` : ''
  return `${many}: access that should be gone is still there. Tenure goes on trying until it has read that it is gone.${shown}`
}

const COLUMNS = ['Person', 'Access', 'Still to be removed', 'Due since', 'Owner', 'Issue', 'Ticket'] as const

function OverdueTable(props: { readonly lines: readonly OverdueLine[]; readonly now: number }): ReactElement {
  return (
    <CardTable className="overdue-table" caption="Overdue removals, the longest first" columns={COLUMNS}>
      {props.lines.map((line) => (
        <OverdueRow key={line.grantId} line={line} now={props.now} />
      ))}
    </CardTable>
  )
}

function OverdueRow({ line, now }: { readonly line: OverdueLine; readonly now: number }): ReactElement {
  const access = `${line.appName}: ${line.roleName}`
  return (
    <tr role="row">
      <Cell name="Person">
        <Text className="clamped" title={line.personName} of={line.personName} />
      </Cell>
      <Cell name="Access">
        <a href={hashOfRequest(line.requestId)} className="clamped" title={visible(access)}>
          <Text of={access} />
        </a>
      </Cell>
      <Cell name="Still to be removed">
        <ul className="standing">
          {line.groups.map((group) => (
            <Group key={group.name} group={group} />
          ))}
        </ul>
      </Cell>
      <Cell name="Due since">
        <div>
          <strong className="main-words">{durationWords(now - line.since)}</strong>
          <span className="detail-words">
            <Time at={line.since} now={now} />
          </span>
        </div>
      </Cell>
      <Cell name="Owner">
        {line.ownerName === null ? (
          <span>nobody yet</span>
        ) : (
          <Text className="clamped" title={line.ownerName} of={line.ownerName} />
        )}
      </Cell>
      <Cell name="Issue">
        <Alarm line={line} />
      </Cell>
      <Cell name="Ticket">
        <OutsideLink url={line.issueUrl}>
          <Text of={line.issueKey} />
        </OutsideLink>
      </Cell>
    </tr>
  )
}

function Group({ group }: { readonly group: OverdueLine['groups'][number] }): ReactElement {
  const tries = group.attempts === 0 ? '' : group.attempts === 1 ? ' 1 try since.' : ` ${group.attempts} tries since.`
  return (
    <li>
      <Text className="clamped" title={group.name} of={group.name} />
      <span className="detail-words">
        <span>{`Last word: ${group.lastWord}.${tries}`}</span>
        {group.said === null ? null : <Text className="clamped said" title={group.said} of={`“${group.said}”`} />}
      </span>
    </li>
  )
}

function Alarm({ line }: { readonly line: OverdueLine }): ReactElement {
  if (line.alarm)
    return (
      <OutsideLink url={line.alarm.url}>
        <Text of={line.alarm.key} />
      </OutsideLink>
    )
  if (line.alarmTrouble === null) return <span>not raised yet</span>
  return (
    <div>
      <strong className="main-words">not raised</strong>
      <span className="detail-words">
        <Text className="clamped" title={line.alarmTrouble} of={line.alarmTrouble} />
      </span>
    </div>
  )
}

function Cell(props: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <td role="cell" data-name={props.name}>
      {props.children}
    </td>
  )
}
