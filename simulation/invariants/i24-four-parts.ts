import { isoOf } from '#core/instant.ts'
import { newFindings } from '#verify/finding.ts'
import { newFollower } from '#verify/follow/follow.ts'
import type { Invariant } from './invariant.ts'

/** Asked of the same code that an auditor runs, over everything that the log holds, sealed or not. */
export const fourParts: Invariant = {
  id: 'I24',
  says: 'Every record of a change leads, by links in the log alone, to its trigger, its decision, its action and its outcome.',
  check({ product }) {
    const { events } = product
    const findings = newFindings()
    const follower = newFollower(findings)
    let changes = 0
    for (const [index, event] of events.entries()) {
      const { stream, version, type, data, by, personal } = event
      if (type === 'ChangeIntended' || type === 'ChangeProven') changes += 1
      const record = { v: 1, stream, version, type, at: isoOf(event.at), by: { ...by }, data, personal } as const
      follower.follow(record, `${stream}@${version}`, index)
    }
    follower.finish()
    if (changes === 0) return null
    return findings.list.map(({ code, record, index, said }) => ({
      at: events[index ?? 0]?.at ?? 0,
      what: `${record}: ${code}, ${said}`,
    }))
  },
}
