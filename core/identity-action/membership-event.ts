import type { Event } from '../event.ts'
import type { EndedBy } from './native-end.ts'
import type { Outcome, Rejection } from './outcome.ts'

/** What happens to a membership (membership.ts), as it is kept and proven. */

export type MembershipEvent =
  | Event<'ReasonAdded', ReasonAddedData>
  | Event<
      'ReasonEnded',
      {
        readonly reasonId: string
        readonly otherReasons: readonly string[]
        /** This end leaves the membership as it was found: another hand had given it, and no window has ended on it. */
        readonly leftAsFound: boolean
      }
    >
  /** The window of a reason has begun: its end is known exactly. Only where the provider can end it by itself. */
  | Event<'ReasonDated', { readonly reasonId: string; readonly until: string | null }>
  | Event<'ChangeIntended', IntendedData>
  /** Sent again under the same id: no answer came, or reads kept showing no effect. */
  | Event<
      'ChangeResent',
      {
        readonly changeId: string
        readonly because: 'no answer' | 'no effect was read'
        /** Of an add: the end that it brings along this time, because another one is wanted by now. */
        readonly endsAt?: string | null
      }
    >
  | Event<'ChangeAnswered', AnsweredData>
  | Event<
      'ChangeAbandoned',
      {
        readonly changeId: string
        readonly because: 'superseded' | 'rejected' | 'not sent'
        readonly readAt: string | null
        /** Not sent because of trouble with the provider. */
        readonly trouble?: true
      }
    >
  | Event<'ChangeProven', ProvenData>
  /** A call of a worker that had been away was carried out after the change was settled without it: what is there now is unknown, and is written as wanted. */
  | Event<'LateEffect', Omit<IntendedData, 'account' | 'endsAt'>>
  /**
   * A read that settled it without a change of ours: a further reason found it held, an end found it gone, or an end
   * found it given by another hand before we had added it, and left it.
   */
  | Event<'StateProven', StateProvenData>
  /** While reasons hold it, a read found it gone: by the provider's own end, or by nobody knows whom (null). */
  | Event<
      'FoundGone',
      {
        readonly readAt: string
        readonly endsAt: string | null
        readonly endedBy: 'the provider' | null
        readonly reasonIds: readonly string[]
      }
    >

export type Doing = 'add' | 'remove' | 'set end'

interface StateProvenData {
  readonly present: boolean
  readonly readAt: string
  readonly reasonIds: readonly string[]
  /** Of a member whom the provider can end by itself: the end that it has. */
  readonly endsAt?: string | null
  readonly endedBy?: EndedBy
}

interface ReasonAddedData {
  readonly reasonId: string
  readonly requestId: string
  readonly account: string
  /** The last read told that the person was a member already, by another hand: this reason adopts the membership. */
  readonly heldBefore: boolean
  /** The last read found it gone, although a reason of ours held it: another hand took it. */
  readonly seenGone?: true
  /** Missing in records from before schema 0003: not privileged, as far as anybody knows. */
  readonly privileged?: boolean
  /** Until when it can last at most, null: it has no end. Only where the provider can end it by itself. */
  readonly until?: string | null
}

export interface IntendedData {
  readonly changeId: string
  readonly do: Doing
  readonly grantId: string
  readonly requestId: string
  readonly account: string
  /** The end that the provider is to give it, of a `set end` and of an add where the provider can. */
  readonly endsAt?: string | null
}

export interface AnsweredData {
  readonly changeId: string
  /** Named when it is about the end alone: a no to that is no trouble with the access. */
  readonly do?: 'set end'
  readonly kind: Outcome['kind']
  readonly at?: string
  /** When the vendor did it, by its own clock. */
  readonly vendorAt?: string
  readonly receipt?: string
  readonly because?: Rejection
  readonly retryAfterMs?: number | null
}

export interface ProvenData {
  readonly changeId: string
  readonly do: Doing
  readonly effect: 'changed' | 'already so' | 'found by read-back'
  readonly receipt: string | null
  readonly intendedAt: string
  readonly answeredAt: string | null
  readonly readAt: string
  readonly grantId: string
  readonly requestId: string
  /** The end that the provider has, where it can end it by itself. */
  readonly endsAt?: string | null
  readonly endedBy?: EndedBy
}
