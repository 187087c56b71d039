import type { ReactElement } from 'react'
import { dayAndTime, exactTime, preciseTime } from '../words/when.ts'

/** A moment, short; the exact one and the zone stand behind it. */
export function Time({ at, now }: { readonly at: number; readonly now: number }): ReactElement {
  return (
    <time dateTime={new Date(at).toISOString()} title={`${exactTime(at)} (${new Date(at).toISOString()})`}>
      {dayAndTime(at, now)}
    </time>
  )
}

/** A moment of a record, to the second. */
export function ExactTime({ at }: { readonly at: number }): ReactElement {
  return (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toISOString()}>
      {exactTime(at)}
    </time>
  )
}

/** A moment among the facts of a record, where milliseconds are compared. */
export function PreciseTime({ at }: { readonly at: number }): ReactElement {
  return (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toISOString()}>
      {preciseTime(at)}
    </time>
  )
}
