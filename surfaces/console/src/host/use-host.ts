import { createContext, useContext } from 'react'
import type { Host } from './host.ts'

export const HostContextOfReact = createContext<Host | null>(null)

export function useHost(): Host {
  const host = useContext(HostContextOfReact)
  if (!host) throw new Error('no host above this component')
  return host
}
