import type { ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { announce } from './announcer.tsx'
import { copy } from './copy.ts'
import { CheckMarkIcon, CopyIcon } from './icons.ts'

const SHOWN_MS = 1_500

/** A small button beside a value. `what` says which one it copies, for those who meet the button alone. */
export function CopyButton({ what, text }: { readonly what: string; readonly text: string }): ReactElement {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])

  async function onClick(): Promise<void> {
    const done = await copy(text)
    setCopied(done)
    announce(done ? `Copied: ${what}` : `Could not copy ${what}: select it and copy it by hand`)
  }

  return (
    <button
      type="button"
      className="copy"
      title={`Copy ${what}`}
      aria-label={`Copy ${what}`}
      onClick={() => void onClick()}
    >
      {copied ? (
        <CheckMarkIcon label="" size="small" color="currentColor" />
      ) : (
        <CopyIcon label="" size="small" color="currentColor" />
      )}
    </button>
  )
}
