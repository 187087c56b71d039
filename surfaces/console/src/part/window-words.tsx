import type { ReactElement } from 'react'
import type { RequestLine } from '../wire.ts'
import { windowWords } from '../words/window.ts'

export function WindowWords({ line, now }: { readonly line: RequestLine; readonly now: number }): ReactElement {
  const { main, detail, overdue, share } = windowWords(line, now)
  return (
    <div className={overdue ? 'window overdue' : 'window'}>
      <span className="main-words">{main}</span>
      {share === null ? null : (
        // Says nothing that the words do not: only for the eye.
        <span className="window-bar" aria-hidden="true">
          <span style={{ inlineSize: `${share * 100}%` }} />
        </span>
      )}
      {detail ? <span className="detail-words">{detail}</span> : null}
    </div>
  )
}
