import type { Heap } from '../heap.ts'
import { COMPANY, groupIdOf, GROUP_NAMES } from '../company.ts'
import { kindOf } from '../faults/kinds.ts'
import type { Fault, ReplicaPlan, Schedule } from '../schedule/schedule.ts'
import type { History } from './history.ts'
import type { Replica } from './replica.ts'
import type { Site } from './site.ts'
import type { Trouble } from './trouble.ts'

const CLOCK_ASKED_AGAIN_MS = 30_000

/** Does, at their moments, the faults that are done to a vendor or to a process. In the calm everything is well again. */
export interface Hands {
  plan(): void
  /** Starts again what died. */
  revive(): void
}

export interface Fleet {
  start(plan: ReplicaPlan): Replica
  stop(replica: Replica, what: 'killed'): void
  alive(): readonly Replica[]
  nudge(replica: Replica): void
}

export function createHands(
  schedule: Schedule,
  heap: Heap,
  site: Site,
  trouble: Trouble,
  history: History,
  fleet: Fleet,
): Hands {
  const start = heap.now()

  function plan(): void {
    for (const fault of schedule.faults) {
      const { hold } = kindOf(fault)
      if (hold !== 'moment' && hold !== 'replica') continue
      heap.at(start + fault.at, () => {
        // What is not possible any more (a group is deleted once) befalls nobody.
        if (begin(fault)) trouble.fired(fault)
      })
      heap.at(start + fault.until, () => end(fault))
    }
    heap.at(start + schedule.stormMs, calm)
  }

  /** What was worked out with the clock that was off, how long to sleep, is so no more. */
  function setRight(victim: Replica): void {
    victim.setClockOff(0)
    fleet.nudge(victim)
  }

  const deleted = new Set<string>()
  const gone = new Set<string>()
  const somebody = (fault: Fault): string =>
    COMPANY.people[4 + (fault.size % (COMPANY.people.length - 4))]?.oktaId ?? ''
  const someGroup = (fault: Fault): string => groupIdOf(GROUP_NAMES[fault.on % GROUP_NAMES.length] ?? 'crm')

  function begin(fault: Fault): boolean {
    const { hands } = site.okta
    switch (fault.kind) {
      case 'outage':
        hands.setOutage(true)
        return true
      case 'stale reads':
        hands.setLag(fault.size)
        return true
      case 'reads a little stale':
        hands.setLag(fault.size)
        return true
      case 'reads flip-flop':
        hands.setCopies([0, fault.size])
        return true
      case 'group renamed, and another takes the name': {
        const id = someGroup(fault)
        if (deleted.has(id)) return false
        const name = GROUP_NAMES[fault.on % GROUP_NAMES.length] ?? ''
        hands.renameGroup(id, `${name} (old)`)
        hands.addGroup({
          id: `${id.slice(0, 12)}Taken${String(fault.on).padStart(3, '0')}`,
          type: 'OKTA_GROUP',
          name,
          description: '',
        })
        return true
      }
      case 'user deleted and re-created': {
        const before = somebody(fault)
        if (gone.has(before)) return false
        gone.add(before)
        hands.recreateUser(before, `${before.slice(0, 17)}new`, heap.now())
        return true
      }
      case 'a rule puts the member back':
        hands.clearExclusions(COMPANY.groupRules[0]?.id ?? '', heap.now())
        return true
      case 'a member added by hand':
        if (deleted.has(someGroup(fault)) || gone.has(somebody(fault))) return false
        hands.addByAdmin(someGroup(fault), somebody(fault), heap.now())
        return true
      case 'a member removed by hand': {
        const [member] = site.okta.truth.members(someGroup(fault))
        if (member === undefined) return false
        hands.removeByAdmin(someGroup(fault), member, heap.now())
        return true
      }
      case 'tokens refused':
        hands.setTokensRefused(true)
        return true
      case 'role lost':
        hands.setAdminRole(false)
        return true
      case 'a competitor':
        hands.spend('other', fault.size, heap.now())
        return true
      case 'group deleted':
        if (deleted.has(someGroup(fault))) return false
        deleted.add(someGroup(fault))
        hands.deleteGroup(someGroup(fault), heap.now())
        return true
      case 'killed': {
        const victim = pick(fault)
        if (victim) fleet.stop(victim, 'killed')
        return victim !== undefined
      }
      case 'paused': {
        const victim = pick(fault)
        if (!victim) return false
        history.replicas.push({ at: heap.now(), replica: victim.name, what: 'paused' })
        victim.pauseUntil(start + fault.until)
        return true
      }
      case 'clock stands still in a pause': {
        const victim = pick(fault)
        if (!victim) return false
        const lengthMs = fault.until - fault.at
        history.replicas.push({ at: heap.now(), replica: victim.name, what: 'paused' })
        victim.pauseUntil(start + fault.until)
        victim.setClockOff(-lengthMs)
        // The clock of the database is asked again half a minute later (engine/store/clock.ts).
        heap.at(start + fault.until + CLOCK_ASKED_AGAIN_MS, () => setRight(victim))
        return true
      }
      case 'clock off': {
        const victim = pick(fault)
        victim?.setClockOff(fault.size - 1_000)
        if (victim) heap.at(start + fault.until, () => setRight(victim))
        return victim !== undefined
      }
      case 'one scheduler more':
        fleet.start({ batch: 7, leaseMs: 3_000, lanes: 1 })
        return true
      default:
        return false
    }
  }

  function end(fault: Fault): void {
    const { hands } = site.okta
    switch (fault.kind) {
      case 'outage':
        return hands.setOutage(false)
      case 'stale reads':
      case 'reads a little stale':
      case 'reads flip-flop':
        return hands.setLag(0)
      case 'tokens refused':
        return hands.setTokensRefused(false)
      case 'role lost':
        return hands.setAdminRole(true)
      case 'one scheduler more': {
        const last = fleet.alive().at(-1)
        if (last && fleet.alive().length > 1) fleet.stop(last, 'killed')
        return
      }
    }
  }

  function revive(): void {
    const missing = schedule.replicas.length - fleet.alive().length
    for (const replica of schedule.replicas.slice(0, Math.max(0, missing))) fleet.start(replica)
  }

  function pick(fault: Fault): Replica | undefined {
    const alive = fleet.alive()
    return alive[fault.on % Math.max(1, alive.length)]
  }

  function calm(): void {
    const { hands } = site.okta
    hands.setOutage(false)
    hands.setLag(0)
    hands.setAdminRole(true)
    hands.setTokensRefused(false)
    revive()
  }

  return { plan, revive }
}
