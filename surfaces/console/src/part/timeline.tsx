import type { ReactElement, ReactNode } from 'react'
import type { RequestView, TimelineEntry } from '../wire.ts'
import { capitalised, isOver } from '../words/state-words.ts'
import { Entry } from './timeline-entry.tsx'
import { Text } from './text.tsx'

type Part = RequestView['parts'][number]['part']

const PARTS: readonly Part[] = ['trigger', 'approval rule', 'identity action', 'evidence record']

/** The four parts of an access event, always all four: one that is missing is seen to be missing. */
export function Timeline(props: { readonly view: RequestView; readonly children: ReactNode }): ReactElement {
  const { view } = props
  return (
    <section className="timeline" aria-labelledby="timeline-heading">
      <h2 id="timeline-heading" className="visually-hidden">
        Timeline
      </h2>
      <ol className="parts">
        {PARTS.map((part, at) => {
          const entries = view.parts.find((one) => one.part === part)?.entries ?? []
          return (
            <li key={part} className={entries.length > 0 ? 'part' : 'part part-missing'}>
              <h3>
                <span className="part-number" aria-hidden="true">
                  {at + 1}
                </span>
                {capitalised(part)}
              </h3>
              {entries.length > 0 ? (
                <Entries entries={entries} />
              ) : (
                <p className="nothing">{missingWords(part, view)}</p>
              )}
              {part === 'evidence record' ? props.children : null}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function Entries({ entries }: { readonly entries: readonly TimelineEntry[] }): ReactElement {
  return (
    <ol className="entries">
      {entries.map((entry) => (
        <Entry key={entry.record.name} entry={entry} />
      ))}
    </ol>
  )
}

function missingWords(part: Part, view: RequestView): ReactNode {
  if (part === 'approval rule' && view.state === 'waiting for approval') {
    return view.waitingOn.length > 0 ? (
      <>
        No decision yet: waiting on <Text of={view.waitingOn.join(', ')} />.
      </>
    ) : (
      'No decision yet.'
    )
  }
  if (part === 'identity action') return 'No group has been changed.'
  if (part === 'evidence record')
    return isOver(view.state) ? 'Nothing had to be read back.' : 'Nothing has been read back yet.'
  return isOver(view.state) ? 'Nothing is recorded.' : 'Nothing yet.'
}
