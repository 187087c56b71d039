import Button from '@atlaskit/button/new'
import type { ReactElement, RefObject } from 'react'
import { useState } from 'react'
import type { RequestView } from '../wire.ts'
import { requestAsText } from '../words/as-text.ts'
import { announce } from './announcer.tsx'
import { copy } from './copy.ts'
import { StateLozenge } from './state-lozenge.tsx'
import { CheckMarkIcon, CopyIcon } from './icons.ts'
import { Text } from './text.tsx'

export function RequestHead(props: {
  readonly view: RequestView
  readonly heading: RefObject<HTMLHeadingElement>
}): ReactElement {
  const { view } = props
  return (
    <header className="request-head">
      <div>
        <h1 ref={props.heading} tabIndex={-1}>
          <Text of={view.appName} />: <Text of={view.roleName} />
        </h1>
        <p className="request-for">
          <StateLozenge state={view.state} />
          <span>
            for <Text of={view.personName} />
          </span>
        </p>
      </div>
      <CopyAll view={view} />
    </header>
  )
}

function CopyAll({ view }: { readonly view: RequestView }): ReactElement {
  const [words, setWords] = useState('Copy as text')
  async function onClick(): Promise<void> {
    const done = await copy(requestAsText(view))
    setWords(done ? 'Copied' : 'Could not copy')
    announce(done ? 'Copied the whole request as text' : 'The browser did not allow copying')
    setTimeout(() => setWords('Copy as text'), 1_500)
  }
  return (
    <Button iconBefore={words === 'Copied' ? CheckMarkIcon : CopyIcon} onClick={() => void onClick()}>
      {words}
    </Button>
  )
}
