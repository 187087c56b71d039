import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { HttpRequest } from '#connectors/kit/io.ts'
import type { StandIn } from '#connectors/kit/stand-in.ts'
import type { Instant } from '#core/instant.ts'

/**
 * What makes the sandbox survive a pulled plug, like the vendors that it stands for. A stand-in is a pure state machine, so
 * the requests that changed something, each with its instant, are all of its state: they are written down before they are
 * answered, and played again at the next start.
 */
export interface Journal {
  /** The same stand-in, remembering. */
  recording(name: string, standIn: StandIn): StandIn
}

interface Line {
  readonly name: string
  readonly now: Instant
  readonly request: HttpRequest
}

export function openJournal(path: string, standIns: Readonly<Record<string, StandIn>>): Journal {
  for (const { name, now, request } of linesOf(path)) standIns[name]?.(request, now)
  return {
    recording: (name, standIn) => (request, now) => {
      if (request.method !== 'GET') appendFileSync(path, `${JSON.stringify({ name, now, request })}\n`, { mode: 0o600 })
      return standIn(request, now)
    },
  }
}

/** A last line that was cut off by a crash was never answered either. */
function linesOf(path: string): readonly Line[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Line]
      } catch {
        return []
      }
    })
}
