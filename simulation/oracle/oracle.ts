import type { Instant } from '#core/instant.ts'
import type { Run } from '../world/simulate.ts'
import { agreementsOn } from './agreements.ts'
import { clocksOf } from './clocks.ts'
import { oktaCallsOf, type OktaCalls } from './calls.ts'
import { presencesOf, type Presences } from './presence.ts'
import { reachesOf, type Reaches } from './reach.ts'
import { toldOn } from './told.ts'
import { windowOf, type Window } from './windows.ts'

/*
 * The oracle: what access there ought to have been, told by somebody who never looks into the product.
 *
 * It reads what people did (the schedule, and what came of each deed), the company's catalog, the Jira stand-in's tickets,
 * the Okta stand-in's change log, and the calls that went over the wire. It reads no table of the product, no event and
 * no state: what the product believes is exactly what is in question. A mistake that the product makes and then writes
 * down as right would otherwise be judged by itself.
 */
export interface Oracle {
  readonly windows: readonly Window[]
  readonly presences: Presences
  readonly calls: OktaCalls
  readonly reaches: Reaches
  /** The windows that are about this membership. */
  windowsOf(group: string, user: string): readonly Window[]
  readonly endsAt: Instant
}

const kept = new WeakMap<Run, Oracle>()
const NONE: readonly Window[] = []

/** Made once a run, for all who ask. */
export function oracleOf(run: Run): Oracle {
  const known = kept.get(run)
  if (known !== undefined) return known
  const oracle = look(run)
  kept.set(run, oracle)
  return oracle
}

function look(run: Run): Oracle {
  const calls = oktaCallsOf(run)
  const presences = presencesOf(run)
  const reaches = reachesOf(run)
  const seen = { calls, presences, reaches, lagMs: lagOf(run), offAt: clocksOf(run) }
  const windows = run.jira.tickets().flatMap((ticket) => {
    const told = toldOn(ticket)
    return agreementsOn(ticket, told).map((each) => windowOf(each, told, seen))
  })
  const byKey = new Map<string, Window[]>()
  for (const window of windows) {
    for (const group of window.groups) {
      const key = `${group} ${window.agreement.holder.oktaId}`
      const own = byKey.get(key)
      if (own === undefined) byKey.set(key, [window])
      else own.push(window)
    }
  }
  return {
    windows,
    presences,
    calls,
    reaches,
    windowsOf: (group, user) => byKey.get(`${group} ${user}`) ?? NONE,
    endsAt: run.start + run.schedule.endMs,
  }
}

const STALE = new Set(['stale reads', 'reads a little stale', 'reads flip-flop'])

function lagOf({ schedule, start }: Run): (at: Instant) => number {
  const stale = schedule.faults.filter((each) => STALE.has(each.kind))
  return (at) =>
    Math.max(0, ...stale.map((each) => (start + each.at <= at && at <= start + each.until ? each.size : 0)))
}
