import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/**
 * Where this installation keeps its state: `$TENURE_HOME`; else, for root, `/var/lib/tenure` (root's home is closed
 * to the account that the database runs under); else the user's state folder, as the XDG Base Directory
 * Specification 0.8 says: a relative `$XDG_STATE_HOME` is ignored.
 */
export function defaultStateFolder(environment: NodeJS.ProcessEnv): string {
  const home = environment['TENURE_HOME']
  if (home !== undefined && home !== '') return resolve(home)
  if (process.getuid?.() === 0) return '/var/lib/tenure'
  const xdg = environment['XDG_STATE_HOME']
  const state = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'state')
  return join(state, 'tenure')
}
