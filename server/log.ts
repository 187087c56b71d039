import type { Log } from '#engine/ports.ts'

/** One line of JSON an event, for machines that collect logs. Control characters cannot break a line: JSON escapes them. */
export function jsonLog(write: (line: string) => void, wallNow: () => string): Log {
  return (level, message, facts) => write(JSON.stringify({ ...facts, at: wallNow(), level, message }))
}
