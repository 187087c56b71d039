import type { GrantState } from '#core/grant/grant.ts'
import { membershipStream } from '#core/identity-action/membership-key.ts'
import { MEMBERSHIP } from '../handle/stream-kinds.ts'
import type { Turn } from '../handle/turn.ts'

/** A window has begun, so its end is known exactly: where a provider ends access by itself, its end is moved to fit, in all groups of the grant. */
export async function dateReasons(turn: Turn, grantId: string, { opened, endsAt }: GrantState): Promise<void> {
  if (!opened) return
  const { personId } = opened
  const streams = opened.groups
    .filter(({ provider }) => turn.endsByItself(provider))
    .map((group) => membershipStream({ group, personId }))
  await turn.load(streams)
  const until = endsAt === null ? null : Date.parse(endsAt)
  for (const stream of streams) turn.openLoaded(MEMBERSHIP, stream).decide({ kind: 'date reason', grantId, until })
}
