import type { ReactElement } from 'react'
import type { TimelineEntry } from '../wire.ts'
import { FactValue } from './fact-value.tsx'
import { CopyButton } from './copy-button.tsx'
import { ExactTime } from './time.tsx'
import { Text } from './text.tsx'

export function Entry({ entry }: { readonly entry: TimelineEntry }): ReactElement {
  const { record } = entry
  return (
    <li className="entry">
      <p className="entry-head">
        <strong>
          <Text of={entry.title} />
        </strong>
        <ExactTime at={entry.at} />
      </p>
      {entry.facts.length > 0 ? (
        <dl className="entry-facts">
          {entry.facts.map(([name, value], at) => (
            <div key={at}>
              <dt>{name}</dt>
              <dd>
                <FactValue name={name} value={value} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <p className="record">
        <code>{record.name}</code>
        <CopyButton what={`record name ${record.name}`} text={record.name} />
        {record.index === null || record.leafHash === null ? (
          <span>not sealed yet</span>
        ) : (
          <>
            <span>leaf {record.index}</span>
            <code className="hash" title={record.leafHash}>
              {record.leafHash}
            </code>
            <CopyButton what={`leaf hash of ${record.name}`} text={record.leafHash} />
          </>
        )}
      </p>
    </li>
  )
}
