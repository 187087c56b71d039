import type { GrantState } from '#core/grant/grant.ts'
import { lastWordOf, ownerOfRemoval } from '#core/grant/overdue.ts'
import { membershipStream, sameGroup, type GroupRef, type PersonId } from '#core/identity-action/membership-key.ts'
import type { Instant } from '#core/instant.ts'
import { GRANT, MEMBERSHIP } from '../handle/stream-kinds.ts'
import { takeTurn } from '../handle/turn.ts'
import type { Ports } from '../ports.ts'
import type { Worked } from '../workers/workers.ts'
import { overdueTimerOf } from './overdue-timer.ts'

/** The time in which a removal should have been proven is over: the core says whether it is overdue, with what still stands. */
export async function lookWhetherOverdue(ports: Ports, grantId: string): Promise<Worked> {
  const alarmId = ports.ids.next('alm')
  const ownerId = await ownerOf(ports, grantId)
  const again = await takeTurn(ports, { kind: 'timer' }, async (turn): Promise<Instant | null> => {
    const grant = await turn.open(GRANT, `grant/${grantId}`)
    const { opened } = grant.state
    if (!opened) return null
    const stream = (group: GroupRef): string => membershipStream({ group, personId: opened.personId })
    const left = standingGroups(grant.state)
    await turn.load(left.map(stream))
    const standing = left.map((group) => ({
      group,
      lastWord: lastWordOf(turn.openLoaded(MEMBERSHIP, stream(group)).state),
    }))
    const afterMs = turn.overdueAfterMs
    grant.decide({ kind: 'look whether overdue', alarmId, standing, ownerId, afterMs, now: turn.now })
    // Not yet: the bound was made longer after the timer had been set.
    return overdueTimerOf(grantId, grant.state, afterMs)?.dueAt ?? null
  })
  return typeof again === 'number' ? { kind: 'again at', dueAt: again } : { kind: 'done' }
}

/** Groups of a grant that were not released yet. */
export function standingGroups({ opened, released }: GrantState): readonly GroupRef[] {
  return (opened?.groups ?? []).filter((group) => !released.some((each) => sameGroup(each.group, group)))
}

async function ownerOf(ports: Ports, grantId: string): Promise<PersonId | null> {
  const stored = (await ports.store.load([`grant/${grantId}`])).get(`grant/${grantId}`)
  const opened = (stored?.state as unknown as GrantState | undefined)?.opened
  if (!opened) return null
  const catalog = (await ports.store.catalogInForce())?.catalog
  const appId = catalog?.roles.find((each) => each.id === opened.roleId)?.appId
  const owners = catalog?.apps.find((each) => each.id === appId)?.ownerIds ?? []
  // Who owned the app when the grant was opened stands in for an app that is gone from the catalog.
  const before = opened.ownerId === null ? [] : [opened.ownerId]
  const from = [[...owners, ...before], catalog?.securityIds ?? [], catalog?.administratorIds ?? []]
  const people = await ports.store.people([...new Set(from.flat())])
  const active = new Set(people.filter((each) => each.active).map((each) => each.personId))
  return ownerOfRemoval(from, (personId) => active.has(personId), opened.personId)
}
