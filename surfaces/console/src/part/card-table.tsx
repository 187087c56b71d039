import type { ReactElement, ReactNode } from 'react'

/** A table that is laid out as cards on a phone, which would lose its roles: so they are said again. */
export function CardTable(props: {
  readonly className: string
  /** Read aloud, and not shown. */
  readonly caption: string
  readonly columns: readonly string[]
  readonly children: ReactNode
}): ReactElement {
  return (
    <table role="table" className={props.className}>
      <caption className="visually-hidden">{props.caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {props.columns.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{props.children}</tbody>
    </table>
  )
}
