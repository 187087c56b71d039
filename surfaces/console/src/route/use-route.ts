import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Route } from './route.ts'
import { routeOf } from './route.ts'

export function useRoute(): Route {
  const [hash, setHash] = useState(() => location.hash)
  useEffect(() => {
    // At once, not in a later tick: when going back, the browser restores the place in the list right after this event.
    const onChange = (): void => flushSync(() => setHash(location.hash))
    window.addEventListener('hashchange', onChange)
    return () => window.removeEventListener('hashchange', onChange)
  }, [])
  return routeOf(hash)
}
