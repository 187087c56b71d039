import { z } from 'zod'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Account, Sessions } from '#connectors/kit/account.ts'
import type { AccountId } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { EntraClient } from './client.ts'
import {
  CONTRADICTION,
  absentIfNotFound,
  done,
  isNotFound,
  notEntras,
  outcomeOfRefusal,
  outcomeOfTrouble,
  rejected,
  saidBy,
  unknown,
} from './outcome.ts'
import type { GraphRefusal } from './outcome.ts'
import { ID, user } from './shapes.ts'

const STANDING_FIELDS = 'id,accountEnabled,onPremisesSyncEnabled,userType'

/**
 * Nobody signs in with an account that is not enabled. An account of the Active Directory is refused by name: Entra refuses it too
 * or, worse, lets the next synchronisation enable it again.
 */
export function createAccount(io: Io, client: EntraClient): Account {
  async function setEnabled(account: AccountId, accountEnabled: boolean): Promise<Outcome> {
    if (!ID.test(account)) return notAnId
    const found = await client.read(`/users/${account}?$select=${STANDING_FIELDS}`, user)
    if (found.kind === 'unavailable') return outcomeOfTrouble(found)
    if (found.kind === 'refused') return isNotFound(found) ? noSuchPerson(found) : outcomeOfRefusal(found)
    if (found.value.onPremisesSyncEnabled === true) return rejected('not allowed', SYNCED)
    const answer = await client.write(
      { method: 'PATCH', path: `/users/${account}`, body: { accountEnabled } },
      () => true,
    )
    if (answer.kind === 'answered') {
      return answer.status === 204 ? done('changed', answer.headers, io.now()) : notEntras(answer.status)
    }
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    // Seen a moment ago: one of Entra's copies does not know it yet, or any more.
    if (isNotFound(answer)) return unknown(CONTRADICTION)
    return answer.status === 403 ? sensitive(answer) : outcomeOfRefusal(answer)
  }

  return {
    suspend: (account) => setEnabled(account, false),
    restore: (account) => setEnabled(account, true),
    async standing(account) {
      if (!ID.test(account)) return { kind: 'absent', startedAt: io.now(), said: notAnId.said }
      const path = `/users/${account}?$select=${STANDING_FIELDS}`
      const answer = await client.read(path, user)
      if (answer.kind !== 'answered') return absentIfNotFound(answer, () => client.read(path, user))
      const { accountEnabled } = answer.value
      const value = accountEnabled === true ? 'active' : accountEnabled === false ? 'suspended' : 'other'
      return { kind: 'read', startedAt: answer.startedAt, value }
    },
  }
}

/** `true` in an object, today; the documentation keeps every other 2xx open. An error is none of them. */
const anything = z.looseObject({ error: z.undefined().optional() }).optional()

export function createSessions(io: Io, client: EntraClient): Sessions {
  return {
    async end(account) {
      if (!ID.test(account)) return notAnId
      const answer = await client.post(`/users/${account}/revokeSignInSessions`, undefined, anything, () => true)
      if (answer.kind === 'answered') return done('changed', answer.headers, io.now())
      if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
      if (isNotFound(answer)) return noSuchPerson(answer)
      return answer.status === 403 ? sensitive(answer) : outcomeOfRefusal(answer)
    },
  }
}

const notAnId = { kind: 'rejected', because: 'no such person', said: 'not an id of a user of Entra' } as const

const SYNCED =
  'onPremisesSyncEnabled: the account is of the Active Directory and must be disabled there, or the next synchronisation enables it again'

function noSuchPerson(answer: GraphRefusal): Outcome {
  return rejected('no such person', saidBy(answer))
}

/** https://learn.microsoft.com/graph/api/resources/users#who-can-perform-sensitive-actions */
function sensitive(answer: GraphRefusal): Outcome {
  return rejected(
    'not allowed',
    `the app lacks the right, or the person holds a role of an administrator or is in a group that can be assigned to one: ${saidBy(answer)}`,
  )
}
