import SectionMessage from '@atlaskit/section-message'
import type { ReactElement } from 'react'
import { usePageTitle } from './use-page-title.ts'

export function NoSessionPage({ words, how }: { readonly words: string; readonly how: string | null }): ReactElement {
  const heading = usePageTitle('Sign in again', 'no session')
  return (
    <div className="page">
      <h1 ref={heading} tabIndex={-1}>
        Sign in again
      </h1>
      <SectionMessage appearance="warning">
        <p>{words}</p>
        {how ? <p>{how}</p> : null}
      </SectionMessage>
    </div>
  )
}
