import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { drawSchedule } from '#simulation/schedule/draw-schedule.ts'
import { simulate } from '#simulation/world/simulate.ts'
const [from=1,count=20]=process.argv.slice(2).map(Number)
for (let seed=from; seed<from+count; seed++){
  const store=memoryStore()
  const t=process.cpuUsage()
  const run=await simulate(drawSchedule(seed),store)
  const u=process.cpuUsage(t)
  const c=store.contents
  console.log(seed, ((u.user+u.system)/1000).toFixed(0)+'ms','events',c.events.length,'sealed',c.sealedCount,'cps',c.checkpoints.length,'commits',run.history.commits.length,'calls',run.history.calls.length,'posted',run.history.webhooks.length,'inbox',c.inbox.size,'clientchanges',run.okta.truth.changeLog.filter(x=>x.by.kind==='client').length, 'log', run.history.log.length)
}
