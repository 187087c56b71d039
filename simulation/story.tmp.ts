import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { drawSchedule } from '#simulation/schedule/draw-schedule.ts'
import { simulate } from '#simulation/world/simulate.ts'
import { factsOf } from './facts.ts'
import { recordedOf } from './invariants/recorded.ts'
import { groupIdOf } from './company.ts'
import { COMPANY } from './company.ts'
const [seed, g, p, from = '00:00', to = '24:00'] = process.argv.slice(2)
const store = memoryStore()
const run = await simulate(drawSchedule(Number(seed)), store)
const facts = factsOf(run, store)
const person = COMPANY.people.find(x => x.firstName === p)!
const gid = groupIdOf(g as any)
const f = (t: number | null) => t === null ? '-' : new Date(t).toISOString().slice(8, 23)
console.log(run.schedule.replicas, run.schedule.faults.map(x => `${x.number} ${x.kind} ${f(run.start + x.at)}-${f(run.start + x.until)} share ${x.share} on ${x.on} size ${x.size}`).join('\n'))
const lines: [number, string][] = []
for (const r of recordedOf(facts)) if (r.event.stream === `membership/okta/${gid}/${person.id}`) lines.push([r.at, `${r.replica} LOG ${r.event.type} ${JSON.stringify(r.event.data).slice(0, 330)} at ${f(r.event.at)}`])
for (const c of run.history.calls) if (c.vendor === 'okta' && (c.path.includes(`${gid}/users`) || c.path.includes(`${person.oktaId}/groups`))) lines.push([c.sentAt, `${c.replica} CALL ${c.method} ${c.path.replace(gid, g!).replace(person.oktaId, p!)} arrived ${f(c.arrivedAt)} answered ${f(c.answeredAt)} ${c.status} clean ${c.clean}`])
for (const c of run.okta.truth.changeLog) if (c.group === gid && c.user === person.oktaId) lines.push([c.at, `TRUTH ${c.op} by ${c.by.kind} ${c.requestId}`])
for (const c of run.history.replicas) lines.push([c.at, `REPLICA ${c.replica} ${c.what}`])
for (const c of run.history.fired) if (c.number >= 43 && c.number < 48) lines.push([c.at, `FIRED ${c.number} ${c.kind}`])
for (const d of run.history.deeds) lines.push([d.at, `DEED ${JSON.stringify(d.deed)} ${d.result}`])
lines.sort((a, b) => a[0] - b[0])
for (const [at, l] of lines) { const t = f(at).slice(3); if (t >= from && t <= to) console.log(f(at), l) }
