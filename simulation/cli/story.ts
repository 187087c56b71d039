import { isoOf } from '#core/instant.ts'
import type { Verdict } from '../run-schedule.ts'

const MOST_LINES = 20

/** What happened, in at most twenty lines, in the order of time. */
export function storyOf({ run, violations }: Verdict): readonly string[] {
  const { schedule, history, start } = run
  const lines = [
    ...schedule.faults.map((each) => ({
      at: start + each.at,
      what: `fault ${each.number} "${each.kind}" until ${clock(start + each.until)}, share ${each.share}, on ${each.on}, size ${each.size}`,
    })),
    ...history.deeds.map(({ at, deed, result }) => {
      const { at: _at, do: what, ...rest } = deed
      return { at, what: `${what} ${JSON.stringify(rest)}: ${result}` }
    }),
    ...history.replicas
      .filter((each) => each.what !== 'started')
      .map(({ at, replica, what }) => ({ at, what: `${replica} ${what}` })),
    ...run.okta.truth.changeLog.map(({ at, op, group, user, by }) => ({
      at,
      what: `Okta: ${op} ${user} in ${group} by ${by.kind}`,
    })),
    ...violations.slice(0, 3).map(({ id, at, what }) => ({ at, what: `BROKEN ${id}: ${what}` })),
  ].toSorted((a, b) => a.at - b.at)
  const head = `seed ${schedule.seed}, ${schedule.replicas.length} processes ${JSON.stringify(schedule.replicas)}, okta ${JSON.stringify(schedule.okta)}`
  const broken = lines.findIndex((each) => each.what.startsWith('BROKEN'))
  const shown =
    broken < MOST_LINES - 2
      ? lines.slice(0, MOST_LINES - 1)
      : [...lines.slice(0, 6), ...lines.slice(Math.max(6, broken - 11), broken + 2)]
  return [head, ...shown.map(({ at, what }) => `${clock(at)} ${what}`)].slice(0, MOST_LINES)
}

function clock(at: number): string {
  return isoOf(at).slice(11, 23)
}
