import { RAISED_IS_FOUND_AFTER_MS, type Desk, type DeskNewIssue } from '#connectors/kit/desk.ts'
import type { OverdueIssue } from '#core/grant/overdue.ts'
import { HOUR_MS } from '#core/instant.ts'
import { takeTurn, type Turn } from '#engine/handle/turn.ts'
import type { Ports } from '#engine/ports.ts'
import type { Claimed } from '#engine/store/store.ts'
import type { Worked } from '#engine/workers/workers.ts'

/*
 * Jira creates an issue by a call that must not be made twice, and whose answer may be lost, or the worker with it. So the
 * issue carries a marker, it is looked for before it is created, and *before the call* the message is put off by the time
 * in which Jira's search may not know it yet: whoever takes the message over after a crash comes late enough to find it.
 */

/** What somebody has to configure or to mend at Jira is looked at again this often. */
const REFUSED_AGAIN_MS = HOUR_MS

const NOT_CONFIGURED = 'no issue is raised: JIRA_ALARM_ISSUE_TYPE is not set'

export interface ToRaise {
  readonly issue: DeskNewIssue
  /** For the operator's log, e.g. `an overdue removal (ovd_1)`. */
  readonly about: string
  /** Nobody needs the issue any more: a refusal is the end of it. */
  readonly isOver: boolean
  /** Writes down which issue it became. */
  note(turn: Turn, issue: OverdueIssue, assigned: boolean): Promise<void>
}

export async function raiseOnce(
  ports: Ports,
  desk: Desk,
  message: Claimed,
  toRaise: ToRaise,
): Promise<OverdueIssue | Worked> {
  if (!desk.raise) return refused(ports, message, toRaise, NOT_CONFIGURED)
  const { id, fence } = message
  let mayBeThere = false
  const mayRaise = async (): Promise<boolean> => {
    mayBeThere = true
    const held = await takeTurn(ports, { kind: 'engine' }, (turn) =>
      turn.hold({ queue: 'outbox', id, fence, dueAt: turn.now + RAISED_IS_FOUND_AFTER_MS, progress: false }),
    )
    return held !== 'lease lost'
  }
  try {
    const raised = await desk.raise(toRaise.issue, mayRaise)
    if (raised.kind === 'unavailable') {
      const afterMs = mayBeThere ? Math.max(raised.retryAfterMs ?? 0, RAISED_IS_FOUND_AFTER_MS) : raised.retryAfterMs
      return { kind: 'try again', why: raised.said, afterMs }
    }
    if (raised.kind === 'rejected') return refused(ports, message, toRaise, `Jira refused the issue: ${raised.said}`)
    const issue = { desk: 'jira', ...raised.issue }
    await takeTurn(ports, { kind: 'engine' }, (turn) => toRaise.note(turn, issue, raised.assigned))
    return issue
  } catch (fault) {
    if (!mayBeThere) throw fault
    // A fault after the call, say of the database: whoever tries again must come late enough to find the issue.
    ports.log('error', `the issue about ${toRaise.about} was not written down: ${String(fault)}`)
    return { kind: 'try again', why: String(fault).slice(0, 500), afterMs: RAISED_IS_FOUND_AFTER_MS }
  }
}

/** Somebody has to mend it, and may do so at any time: unless it is over, it is tried again. */
function refused(ports: Ports, { attempts }: Claimed, { about, isOver }: ToRaise, why: string): Worked {
  if (attempts === 1 || isOver) ports.log('warning', `${about} has no issue: ${why}`)
  return isOver ? { kind: 'done' } : { kind: 'try again', why, afterMs: REFUSED_AGAIN_MS }
}

/** Any linked account may be given an issue; one that is proven by more than an equal address comes first. */
export async function accountOf(ports: Ports, personId: string | null): Promise<string | null> {
  if (personId === null) return null
  const links = (await ports.store.linksOf([personId])).filter((each) => each.system === 'jira')
  const proven = links.find((each) => each.proof !== 'verified e-mail')
  return (proven ?? links[0])?.account ?? null
}
