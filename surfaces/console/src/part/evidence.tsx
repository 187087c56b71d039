import type { ReactElement } from 'react'
import type { RequestView } from '../wire.ts'
import { CopyButton } from './copy-button.tsx'
import { ExactTime } from './time.tsx'

/** How far the records of this request are sealed in the log, and under which signed checkpoint. */
export function Evidence({ evidence }: { readonly evidence: RequestView['evidence'] }): ReactElement {
  const { records, sealed, checkpoint } = evidence
  return (
    <div className="seal">
      <p>
        <strong>
          {sealed} of {records} records sealed
        </strong>{' '}
        {sealed < records ? 'in the evidence log; the rest follows within seconds.' : 'in the evidence log.'}
      </p>
      {checkpoint === null ? (
        <p className="nothing">No checkpoint has been signed yet.</p>
      ) : (
        <dl className="entry-facts">
          <div>
            <dt>Signed checkpoint</dt>
            <dd>
              of {checkpoint.size} records, <ExactTime at={checkpoint.at} />
            </dd>
          </div>
          <div>
            <dt>Root hash</dt>
            <dd>
              <code className="hash" title={checkpoint.rootHash}>
                {checkpoint.rootHash}
              </code>
              <CopyButton what="root hash" text={checkpoint.rootHash} />
            </dd>
          </div>
        </dl>
      )}
    </div>
  )
}
