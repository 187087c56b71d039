import { describeNativeEndConformance, type NativeEndSubject } from '#connectors/kit/conformance-native-end.ts'
import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import { createStandInDirectory, loses, rejected, type Bend } from './stand-in-directory.ts'

/** What the tests of this folder take for a vendor keeps what a vendor's connector will have to keep. */

const TROUBLE: Readonly<Record<Parameters<NativeEndSubject['trouble']>[0], Bend>> = {
  'request lost': loses('calls', 'set end'),
  'answer lost': loses('answers', 'set end'),
  'rate limit of 30 s': () => ({ kind: 'unavailable', retryAfterMs: 30_000, said: '429' }),
  'permission missing': () => rejected('not allowed'),
}

function subject(roundsToMs: number): NativeEndSubject {
  let now = Date.parse('2026-11-02T09:00:11.000Z')
  const ref = (id: string) => ({ provider: 'grove', id })
  const unknown = { group: 'nowhere', account: 'nobody' }
  const standIn = createStandInDirectory({
    now: () => now,
    provider: 'grove',
    endless: ['endless'],
    unknown,
    roundsToMs,
  })
  return {
    membership: standIn.membership,
    nativeEnd: standIn.nativeEnd,
    group: ref('oaks'),
    accounts: ['acc-1', 'acc-2', 'acc-3'],
    unknownGroup: ref(unknown.group),
    unknownAccount: unknown.account,
    endless: ref('endless'),
    now: () => now,
    advance: (ms) => void (now += ms),
    truth: { members: standIn.members, endsSent: standIn.endsSent },
    trouble: (kind) => standIn.bend(TROUBLE[kind]),
  }
}

describeNativeEndConformance('the stand-in directory that rounds to the second', () => subject(SECOND_MS))
describeNativeEndConformance('the stand-in directory that rounds to the minute', () => subject(MINUTE_MS))
