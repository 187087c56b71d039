import { drawSchedule } from '#simulation/schedule/draw-schedule.ts'
import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { simulate } from '#simulation/world/simulate.ts'
const run = await simulate(drawSchedule(Number(process.argv[2])), memoryStore(), false)
for (const c of run.okta.truth.changeLog) console.log(new Date(c.at).toISOString().slice(11,23), c.op, c.group, c.user, c.by.kind)
console.log(run.schedule.faults.map(f => `${new Date(run.start+f.at).toISOString().slice(11,19)}-${new Date(run.start+f.until).toISOString().slice(11,19)} ${f.kind} share ${f.share} size ${f.size} on ${f.on}`).join('\n'))
