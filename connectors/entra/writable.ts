import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { AccountId } from '#connectors/kit/connector.ts'
import type { GroupFacts } from './group-facts.ts'
import { whyNotWritable } from './group-facts.ts'
import { isNotFound, outcomeOfRefusal, outcomeOfTrouble, rejected, unknown } from './outcome.ts'
import { ID } from './shapes.ts'

/** What has to be known before a write: that both ids are ids, and that the group's members are ours to write. */
export type Writable = <Asked extends Asking>(asked: readonly Asked[]) => Promise<readonly Asked[]>

export interface Asking {
  readonly change: { readonly account: AccountId; readonly group: GroupRef }
  settle(outcome: Outcome): void
}

/** Gives back those who may be written, in the order given; the others are settled. */
export function createWritable(facts: GroupFacts): Writable {
  async function whyNot({ account, group }: Asking['change']): Promise<Outcome | null> {
    if (!ID.test(account)) return rejected('no such person', 'not an id of a user of Entra')
    if (group.provider !== 'entra' || !ID.test(group.id))
      return rejected('no such group', 'not an id of a group of Entra')
    const kind = await facts.kindOf(group.id)
    if (kind.kind === 'unavailable') return outcomeOfTrouble(kind)
    if (kind.kind === 'refused') {
      return isNotFound(kind) ? rejected('no such group', 'Entra knows no such group') : outcomeOfRefusal(kind)
    }
    const never = whyNotWritable(kind.value)
    // Said once without its kind, it will be said with one again: nothing is refused for good because of it.
    if (never === 'unknown') return unknown('Entra does not tell what kind of group it is')
    return never === null ? null : rejected('group is managed by the vendor', never)
  }

  return async (asked) => {
    const reasons = await Promise.all(asked.map(({ change }) => whyNot(change)))
    return asked.filter((each, place) => {
      const reason = reasons[place] ?? null
      if (reason !== null) each.settle(reason)
      return reason === null
    })
  }
}
