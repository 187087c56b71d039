import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { drawSchedule } from '#simulation/schedule/draw-schedule.ts'
import { simulate } from '#simulation/world/simulate.ts'
import { factsOf } from './facts.ts'
import { oracleOf } from './oracle/oracle.ts'
import { nobodyDecidesTheirOwn } from './invariants/i15-nobody-decides-their-own.ts'
import { decidedByWhoMay } from './invariants/i16-decided-by-who-may.ts'
import { heardFromTheVendorAndOnce } from './invariants/i17-heard-from-the-vendor-and-once.ts'
import { whatWasSeenIsWhatCounts } from './invariants/i18-what-was-seen-is-what-counts.ts'
import { noLongerThanAsked } from './invariants/i19-no-longer-than-asked.ts'
import { oneRecordForEachChange } from './invariants/i23-one-record-for-each-change.ts'
import { fourParts } from './invariants/i24-four-parts.ts'
import { onlyGrows } from './invariants/i25-only-grows.ts'
import { noSecret } from './invariants/i26-no-secret.ts'
import { withItsEvidence } from './invariants/i27-with-its-evidence.ts'
import { theExportIsWhole } from './invariants/i28-the-export-is-whole.ts'
const ALL = [nobodyDecidesTheirOwn, decidedByWhoMay, heardFromTheVendorAndOnce, whatWasSeenIsWhatCounts, noLongerThanAsked, oneRecordForEachChange, fourParts, onlyGrows, noSecret, withItsEvidence, theExportIsWhole]
const [from = 1, count = 20, quiet = 0] = process.argv.slice(2).map(Number)
const ms = new Map<string, number>(), checked = new Map<string, number>(), bad = new Map<string, number[]>()
let simMs = 0
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000 }
for (let seed = from; seed < from + count; seed++) {
  const store = memoryStore()
  let t = cpu()
  const run = await simulate(drawSchedule(seed), store)
  simMs += cpu() - t
  const facts = factsOf(run, store)
  t = cpu(); oracleOf(run); ms.set('oracle', (ms.get('oracle') ?? 0) + cpu() - t)
  for (const { id, check } of ALL) {
    t = cpu()
    const broken = await check(facts)
    ms.set(id, (ms.get(id) ?? 0) + cpu() - t)
    if (broken === null) continue
    checked.set(id, (checked.get(id) ?? 0) + 1)
    if (broken.length) bad.set(id, [...(bad.get(id) ?? []), seed])
    for (const each of broken.slice(0, quiet ? 1 : 3)) console.log(seed, id, new Date(each.at).toISOString().slice(11, 23), each.what.slice(0, 400))
  }
}
console.log('sim ms each', (simMs / count).toFixed(1))
for (const [id, n] of ms) console.log(id, (n / count).toFixed(2) + ' ms', 'checked', checked.get(id) ?? 0, 'bad', bad.get(id)?.length ?? 0, (bad.get(id) ?? []).slice(0, 12).join(','))
