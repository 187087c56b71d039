import { useEffect, useRef, useState } from 'react'
import { useHost } from '../host/use-host.ts'
import type { Asked } from './ask.ts'
import { ask } from './ask.ts'

const EVERY_MS = 2_000
const WHEN_UNREACHABLE_MS = 5_000

export interface Polled<Value> {
  /** The newest answer that was seen for this path; null before the first. Stays while later questions fail. */
  readonly value: Value | null
  /** Why the newest question was not answered; null when it was. */
  readonly trouble: Exclude<Asked<Value>, { kind: 'answered' }> | null
  /** When this window last heard from Tenure, by its own clock. */
  readonly heardAt: number | null
}

const askers = new Set<() => void>()

/** After something was changed: what is on the page, and what was seen before, may all be old. */
export function askEverythingAgain(): void {
  lastSeen.clear()
  for (const askAgain of askers) askAgain()
}

/** What was last seen of each path, so that going back shows the list at once, where one left it. */
const lastSeen = new Map<string, unknown>()

/**
 * Asks again every two seconds while the window is visible, one question at a time. A hidden window asks nothing, and asks
 * at once when it is looked at again.
 */
export function usePolled<Value>(path: string, everyMs: (seen: Value) => number = () => EVERY_MS): Polled<Value> {
  const host = useHost()
  const [state, setState] = useState<{ path: string; polled: Polled<Value> }>(() => fresh(path))
  const everyMsOf = useRef(everyMs)

  useEffect(() => {
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let wait = EVERY_MS
    let asking = false
    let askedMeanwhile = false

    async function question(): Promise<void> {
      if (asking) {
        askedMeanwhile = true
        return
      }
      if (document.visibilityState === 'hidden') return
      clearTimeout(timer)
      asking = true
      const asked = await ask<Value>(host, path, { signal: stop.signal }).catch(() => null)
      asking = false
      if (stop.signal.aborted || asked === null) return
      if (asked.kind === 'answered') {
        keep(path, asked.value)
        wait = everyMsOf.current(asked.value)
      } else wait = asked.kind === 'unreachable' ? WHEN_UNREACHABLE_MS : EVERY_MS
      setState((before) => ({
        path,
        polled:
          asked.kind === 'answered'
            ? { value: asked.value, trouble: null, heardAt: Date.now() }
            : { ...(before.path === path ? before : fresh<Value>(path)).polled, trouble: asked },
      }))
      timer = setTimeout(() => void question(), askedMeanwhile ? 0 : wait)
      askedMeanwhile = false
    }

    const onVisible = (): void => void question()
    askers.add(onVisible)
    document.addEventListener('visibilitychange', onVisible)
    void question()
    return () => {
      stop.abort()
      clearTimeout(timer)
      askers.delete(onVisible)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [host, path])

  // Between a change of the path and its first answer, the state is still that of another path.
  return state.path === path ? state.polled : fresh<Value>(path).polled
}

function fresh<Value>(path: string): { path: string; polled: Polled<Value> } {
  return { path, polled: { value: (lastSeen.get(path) as Value | undefined) ?? null, trouble: null, heardAt: null } }
}

function keep(path: string, value: unknown): void {
  lastSeen.delete(path)
  lastSeen.set(path, value)
  const oldest = lastSeen.keys().next()
  if (lastSeen.size > 20 && !oldest.done) lastSeen.delete(oldest.value)
}
