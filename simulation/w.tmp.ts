import { drawSchedule } from '#simulation/schedule/draw-schedule.ts'
import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { simulate } from '#simulation/world/simulate.ts'
const store = memoryStore()
const run = await simulate(drawSchedule(Number(process.argv[2])), store, true)
for (const row of store.contents.memberships.values()) if (row.dueAt !== null || row.leaseUntil) console.log(JSON.stringify(row, null, 1).slice(0, 2500))
console.log(JSON.stringify([...store.contents.budgets.values()]))
const name = process.argv[3]
for (const e of store.contents.events) if (e.stream.includes(name)) console.log(new Date(e.at).toISOString().slice(11,23), e.stream.slice(-20), e.version, e.type, JSON.stringify(e.data).slice(0,200), JSON.stringify(e.personalFields ?? '').slice(0,200))
const t0 = Number(process.argv[4] ?? 0), t1 = Number(process.argv[5] ?? 0)
for (const l of run.trace) { const t = Number(l.split(' ')[0]); if (t >= t0 && t < t1) console.log(new Date(run.start + t).toISOString().slice(11,23), l.slice(0, 220)) }
