import { runSchedule, type Verdict } from '../run-schedule.ts'
import type { Deed, Fault, Schedule } from '../schedule/schedule.ts'

const MOST_RUNS = 300

/** Leaves out deeds and faults, as many as can be, while the same promise still breaks (delta debugging, Zeller and Hildebrandt 2002). */
export async function shrink(schedule: Schedule, id: string): Promise<Verdict> {
  let runs = 0
  let best = await runSchedule(schedule)

  async function breaks(smaller: Schedule): Promise<boolean> {
    if (runs >= MOST_RUNS) return false
    runs += 1
    const verdict = await runSchedule(smaller)
    if (!verdict.violations.some((each) => each.id === id)) return false
    best = verdict
    return true
  }

  const faults = await fewest<Fault>(schedule.faults, (some) => breaks({ ...best.run.schedule, faults: some }))
  const deeds = await fewest<Deed>(schedule.deeds, (some) => breaks({ ...best.run.schedule, faults, deeds: some }))
  const one = schedule.replicas.slice(0, 1)
  if (schedule.replicas.length > 1) await breaks({ ...best.run.schedule, faults, deeds, replicas: one })
  return best
}

async function fewest<T>(all: readonly T[], breaks: (some: readonly T[]) => Promise<boolean>): Promise<readonly T[]> {
  let kept = all
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length;) {
      const without = [...kept.slice(0, from), ...kept.slice(from + size)]
      if (await breaks(without)) kept = without
      else from += size
    }
  }
  return kept
}
