import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { AccountId } from '#connectors/kit/connector.ts'
import type { GroupFacts } from './group-facts.ts'
import { whyNotWritable } from './group-facts.ts'
import { isNotFound, outcomeOfRefusal, outcomeOfTrouble, rejected } from './outcome.ts'
import { GROUP_ID, USER_ID } from './shapes.ts'

/** What has to be known before a write: that both ids are ids, and that the group's members are ours to write. */
export type Writable = <Asked extends Asking>(asked: readonly Asked[]) => Promise<readonly Asked[]>

export interface Asking {
  readonly change: { readonly account: AccountId; readonly group: GroupRef }
  settle(outcome: Outcome): void
}

/** Gives back those who may be written, in the order given; the others are settled. */
export function createWritable(facts: GroupFacts, readOnlyGroups: readonly string[]): Writable {
  async function whyNot({ account, group }: Asking['change']): Promise<Outcome | null> {
    if (!USER_ID.test(account)) return rejected('no such person', 'not the id of a user of Google')
    if (group.provider !== 'google' || !GROUP_ID.test(group.id)) {
      return rejected('no such group', 'not the id of a group of Google')
    }
    const kind = await facts.kindOf(group.id)
    if (kind.kind === 'unavailable') return outcomeOfTrouble(kind)
    if (kind.kind === 'refused') {
      return isNotFound(kind) ? rejected('no such group', 'the Directory knows no such group') : outcomeOfRefusal(kind)
    }
    const never = whyNotWritable(kind.value, readOnlyGroups)
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
