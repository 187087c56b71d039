import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { drawSchedule } from '#simulation/schedule/draw-schedule.ts'
import { simulate } from '#simulation/world/simulate.ts'
import { factsOf } from './facts.ts'
import { onlyGrows } from './invariants/i25-only-grows.ts'
import { withItsEvidence } from './invariants/i27-with-its-evidence.ts'
import { noSecret } from './invariants/i26-no-secret.ts'
import { packOf } from './invariants/pack-on-disk.ts'
import { leafHashOfEvent } from '#engine/evidence/sequencer.ts'
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000 }
const store = memoryStore()
const run = await simulate(drawSchedule(5), store)
const facts = factsOf(run, store)
const sampled = () => ({ ...facts, run: { ...run, schedule: { ...run.schedule, seed: 100 } } })
console.log(facts.product.events.length, facts.product.checkpoints.length)
for (let r=0;r<3;r++){
for (const [n,f,k] of [['i25',()=>onlyGrows.check(facts),50],['i27',()=>withItsEvidence.check({...facts}),50],['i26',()=>noSecret.check(facts),50],['leaf',()=>facts.product.events.map(leafHashOfEvent),50],['pack',()=>packOf(sampled()),5],['i25 sampled',()=>onlyGrows.check(sampled()),5]] as const) {
  const t=cpu(); for(let i=0;i<k;i++) await f(); console.log(n,((cpu()-t)/k).toFixed(2),'ms')
}}
