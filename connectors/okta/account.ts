import { z } from 'zod'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Account, AccountStanding, Sessions } from '#connectors/kit/account.ts'
import type { AccountId, Reading } from '#connectors/kit/connector.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { OktaClient } from './client.ts'
import { done, isNotFound, outcomeOfRefusal, outcomeOfTrouble, rejected, saidBy, unread } from './outcome.ts'
import { accountState, ID } from './shapes.ts'
import type { AccountState, OktaError } from './shapes.ts'

/**
 * An account is suspended only while it is active, and keeps its groups and applications; a deactivation takes its applications
 * away and comes to its end later. Nothing here deletes: a second `DELETE` of a user would.
 */
export function createAccount(io: Io, client: OktaClient): Account {
  const stateOf = (account: AccountId) => client.read(`/users/${account}`, accountState)

  async function move(
    account: AccountId,
    what: 'suspend' | 'unsuspend' | 'deactivate',
    isSo: readonly AccountStanding[],
  ): Promise<Outcome> {
    if (!isId(account)) return NOT_AN_ID
    const found = await stateOf(account)
    if (found.kind !== 'answered') return outcomeOfUnknown(found)
    const standing = standingOf(found.value)
    if (isSo.includes(standing)) return done(standing === 'leaving' ? 'accepted' : 'unchanged', found.headers, io.now())
    const path = `/users/${account}/lifecycle/${what}`
    const answer =
      what === 'deactivate'
        ? await client.post(`${path}?sendEmail=false`, done200, { prefer: 'respond-async' })
        : await client.post(path, done200)
    if (answer.kind === 'answered')
      return done(what === 'deactivate' ? 'accepted' : 'changed', answer.headers, io.now())
    // E0000038: not from this status. https://developer.okta.com/docs/reference/error-codes/#E0000038
    if (answer.kind === 'refused' && answer.refusal.errorCode === 'E0000038')
      return rejected('not allowed', `the account is ${found.value.status ?? 'in no status'}: ${saidBy(answer)}`)
    return outcomeOfUnknown(answer)
  }

  return {
    suspend: (account) => move(account, 'suspend', ['suspended', 'leaving', 'deactivated']),
    restore: (account) => move(account, 'unsuspend', ['active']),
    deactivate: (account) => move(account, 'deactivate', ['leaving', 'deactivated']),
    async standing(account): Promise<Reading<AccountStanding>> {
      if (!isId(account)) return { kind: 'absent', startedAt: io.now(), said: NOT_AN_ID.said }
      const answer = await stateOf(account)
      if (answer.kind !== 'answered') return unread(answer)
      return { kind: 'read', startedAt: answer.startedAt, value: standingOf(answer.value) }
    },
  }
}

/**
 * All that Okta can end: its own sessions, and the tokens that it gave to applications, which it leaves alone unless told
 * otherwise. Sessions of the applications themselves live on.
 */
export function createSessions(io: Io, client: OktaClient): Sessions {
  return {
    async end(account) {
      if (!isId(account)) return NOT_AN_ID
      const path = `/users/${account}/sessions?oauthTokens=true&forgetDevices=true`
      const answer = await client.write('DELETE', path, () => true)
      if (answer.kind !== 'answered') return outcomeOfUnknown(answer)
      if (answer.status === 204) return done('changed', answer.headers, io.now())
      return { kind: 'unavailable', retryAfterMs: null, said: `${answer.status}, where Okta answers 204` }
    },
  }
}

/** An empty object, or nothing. An error with the status of a success is neither. */
const done200 = z.looseObject({ errorCode: z.undefined().optional() }).optional()

function standingOf({ status, transitioningToStatus }: AccountState): AccountStanding {
  if (status === 'DEPROVISIONED') return 'deactivated'
  if (transitioningToStatus === 'DEPROVISIONED') return 'leaving'
  if (status === 'SUSPENDED') return 'suspended'
  return status === 'ACTIVE' ? 'active' : 'other'
}

function outcomeOfUnknown(answer: Exclude<Exchange<unknown, OktaError>, { kind: 'answered' }>): Outcome {
  if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
  return isNotFound(answer) ? rejected('no such person', saidBy(answer)) : outcomeOfRefusal(answer)
}

/** `me` is an address of Okta's for the caller, never an id. */
function isId(account: string): boolean {
  return account !== 'me' && ID.test(account)
}

const NOT_AN_ID = { kind: 'rejected', because: 'no such person', said: 'not an id of an Okta user' } as const
