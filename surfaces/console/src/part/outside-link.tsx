import type { ReactElement, ReactNode } from 'react'
import { useHost } from '../host/use-host.ts'
import { safeLink } from '../words/safe-link.ts'
import { LinkExternalIcon } from './icons.ts'

/** A link out of the console, in a new tab; plain text when the address is missing or not one to follow. */
export function OutsideLink(props: { readonly url: string | null; readonly children: ReactNode }): ReactElement {
  const host = useHost()
  const url = safeLink(props.url)
  if (url === null) return <span>{props.children}</span>
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="outside-link"
      onClick={(event) => {
        event.preventDefault()
        host.open(url)
      }}
    >
      {props.children}
      <LinkExternalIcon label="(opens a new tab)" size="small" color="currentColor" />
    </a>
  )
}
