import type { Door } from './doors.ts'
import { DOORS } from './doors.ts'
import type { Session } from './entry.ts'
import type { ErrorCode } from './errors.ts'
import { isLoopbackAddress, localHostOf } from './loopback.ts'

/** Who stands at a door, as far as it matters. */
export interface Caller {
  readonly remoteAddress: string
  readonly hostHeader: string | undefined
  readonly originHeader: string | undefined
  /** `Sec-Fetch-Site`: set by the browser itself, never by a page. */
  readonly fetchSite: string | undefined
  readonly session: Session | null
}

export type Authorisation = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly code: ErrorCode }

/**
 * The one function that lets anybody through any door of this server. Outermost first: the machine, the name we were
 * called by, the sandbox, the session, and for a change that a page of ours asked for it.
 */
export function authorise(door: Door, caller: Caller, server: { readonly sandbox: boolean }): Authorisation {
  const rule = DOORS[door]
  if (!isLoopbackAddress(caller.remoteAddress)) return no('not loopback')
  if (!localHostOf(caller.hostHeader)) return no('wrong host')
  if (rule.session && !caller.session) return no('no session')
  if (rule.sandboxOnly && !server.sandbox) return no('sandbox only')
  if (rule.changes && !askedByOurPage(caller)) return no('another site')
  return { kind: 'allowed' }
}

/**
 * `SameSite=Strict` alone is not enough: to a browser every port of 127.0.0.1 is the same site. So a change needs
 * `Sec-Fetch-Site: same-origin`, or from a browser without it an `Origin` that is ours; whatever is sent must agree.
 */
function askedByOurPage(caller: Caller): boolean {
  if (caller.fetchSite === undefined && caller.originHeader === undefined) return false
  if (caller.fetchSite !== undefined && caller.fetchSite !== 'same-origin') return false
  return caller.originHeader === undefined || caller.originHeader === `http://${caller.hostHeader}`
}

function no(code: ErrorCode): Authorisation {
  return { kind: 'refused', code }
}
