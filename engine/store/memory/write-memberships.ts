import { URGENCY } from '#core/identity-action/urgency.ts'
import type { Append, Settlement } from '../store.ts'
import { hasDoubles, settledMembership, whyNot, type Failure } from './settle.ts'
import { storedJson } from './stored-json.ts'
import type { MembershipRow, Tables } from './tables.ts'
import { NOT_CLAIMED_YET } from './work-queue.ts'
import { versionAfter } from './write-states.ts'

export function isMembership(each: Append): boolean {
  return each.stream.startsWith('membership/')
}

/** State and place in the line of work change together, however the turn came by the membership: with a claim to settle, or without. */
export function writeMemberships(
  tables: Tables,
  appends: readonly Append[],
  settlements: readonly Settlement[],
): Failure | null {
  if (appends.length === 0) return null
  const { table } = tables.memberships
  const settledBy = new Map(settlements.filter((each) => each.queue === 'membership').map((each) => [each.id, each]))
  for (const each of appends.filter(({ expected }) => expected === 0)) {
    if (table.get(each.stream)) return 'conflict'
    tables.drawn.memberships += 1
    table.put(born(each, settledBy.get(each.stream), tables.drawn.memberships))
  }
  const known = appends
    .filter(({ expected }) => expected > 0)
    .map((each) => ({ id: each.stream, each, settlement: settledBy.get(each.stream) }))
  const stands = ({ id, each, settlement }: (typeof known)[number]): boolean => {
    const row = table.get(id)
    return row?.version === each.expected && (settlement === undefined || row.fence === settlement.fence)
  }
  if (hasDoubles(known) || !known.every(stands)) {
    return whyNot(
      table,
      known.flatMap(({ id, settlement }) => (settlement ? [{ id, fence: settlement.fence }] : [])),
    )
  }
  for (const { id, each, settlement } of known) {
    const row = table.get(id)
    if (row) table.put(moved(row, each, settlement))
  }
  return null
}

function born(each: Append, settlement: Settlement | undefined, seq: number): MembershipRow {
  const [, provider = '', groupId = '', personId = ''] = each.stream.split('/')
  const look = settlement ?? each.look
  return {
    id: each.stream,
    seq,
    dueAt: look?.dueAt ?? null,
    ...NOT_CLAIMED_YET,
    group: Object.freeze({ provider, id: groupId }),
    personId,
    version: versionAfter(each),
    state: storedJson(each.state),
    work: look?.work ?? null,
    urgency: look?.urgency ?? URGENCY.grant,
  }
}

/** Without a settlement the claim of somebody else, if there is one, stays as it is. */
function moved(row: MembershipRow, each: Append, settlement: Settlement | undefined): MembershipRow {
  const now = { ...row, version: versionAfter(each), state: storedJson(each.state) }
  if (settlement) return { ...now, ...settledMembership(row, settlement) }
  const { look } = each
  if (look === undefined) return now
  return {
    ...now,
    work: look?.work ?? null,
    dueAt: look?.dueAt ?? null,
    urgency: look?.urgency ?? row.urgency,
    attempts: 0,
  }
}
