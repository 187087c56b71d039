import type { Capabilities, Change, EndChange, Membership } from '#connectors/kit/connector.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { OpenChange } from '#core/identity-action/membership.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'

/** A change as a provider takes it: of a membership, or of the provider's own end of one. */
export type ToSend = Change | (EndChange & { readonly do: 'set end' })

export function toSend(group: GroupRef, { do: what, account, endsAt: asked }: OpenChange): ToSend {
  const endsAt = asked === undefined || asked === null ? asked : Date.parse(asked)
  if (what === 'set end') return { do: what, account, group, endsAt: endsAt ?? null }
  return { do: what, account, group, ...(endsAt === undefined ? {} : { endsAt }) }
}

/** One outcome per change, in the order given, whichever capability it went to. */
export async function sendChanges(
  provider: Capabilities | undefined,
  membership: Membership,
  changes: readonly ToSend[],
  mayStart: (place: number) => boolean,
): Promise<readonly Outcome[]> {
  const ends: number[] = []
  const others: number[] = []
  for (const [place, each] of changes.entries()) (each.do === 'set end' ? ends : others).push(place)
  if (ends.length === 0) return membership.change(changes as readonly Change[], mayStart)
  const at = <Kind extends ToSend>(places: readonly number[]) => places.map((place) => changes[place] as Kind)
  const [ofEnds, ofOthers] = await Promise.all([
    setEnds(provider, at<EndChange & ToSend>(ends), (place) => mayStart(ends[place] ?? -1)),
    others.length === 0 ? [] : membership.change(at<Change>(others), (place) => mayStart(others[place] ?? -1)),
  ])
  const outcomes: (Outcome | undefined)[] = changes.map(() => undefined)
  for (const [place, outcome] of ofEnds.entries()) outcomes[ends[place] ?? -1] = outcome
  for (const [place, outcome] of ofOthers.entries()) outcomes[others[place] ?? -1] = outcome
  return outcomes as readonly Outcome[]
}

async function setEnds(
  provider: Capabilities | undefined,
  changes: readonly EndChange[],
  mayStart: (place: number) => boolean,
): Promise<readonly Outcome[]> {
  if (provider?.nativeEnd) return provider.nativeEnd.setEnds(changes, mayStart)
  // It could when these memberships began, and cannot any more: another edition, or another way of connecting.
  return changes.map(() => ({ kind: 'rejected', because: 'no native end', said: 'this connection sets no ends' }))
}
