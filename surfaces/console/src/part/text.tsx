import type { ReactElement } from 'react'
import { visible } from '../words/visible.ts'

/** A text from outside (a name, a vendor's words): as text only, and isolated, so that it turns nothing around beside it. */
export function Text(props: {
  readonly of: string
  readonly className?: string
  readonly title?: string
}): ReactElement {
  return (
    <bdi className={props.className} title={props.title === undefined ? undefined : visible(props.title)}>
      {visible(props.of)}
    </bdi>
  )
}
