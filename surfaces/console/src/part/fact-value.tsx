import type { ReactElement } from 'react'
import { CopyButton } from './copy-button.tsx'
import { Text } from './text.tsx'
import { PreciseTime } from './time.tsx'

/** Receipts, hashes and ids are copied, sentences are read, and moments are told in the reader's own time. */
export function FactValue({ name, value }: { readonly name: string; readonly value: string }): ReactElement {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value) && !Number.isNaN(Date.parse(value))) {
    return <PreciseTime at={Date.parse(value)} />
  }
  return (
    <>
      <Text of={value} />
      {/^\S{10,}$/.test(value) ? <CopyButton what={name} text={value} /> : null}
    </>
  )
}
