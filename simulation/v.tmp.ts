import { drawSchedule } from '#simulation/schedule/draw-schedule.ts'
import { runSchedule } from '#simulation/run-schedule.ts'
Error.stackTraceLimit = 0
for (let seed = Number(process.argv[2]); seed < Number(process.argv[3]); seed++) {
  const { violations, run } = await runSchedule(drawSchedule(seed))
  for (const v of violations.slice(0,3)) console.log(seed, v.id, new Date(v.at).toISOString().slice(11,23), v.what.slice(0,300))
}
