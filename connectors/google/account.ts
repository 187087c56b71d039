import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Account, AccountStanding, Sessions } from '#connectors/kit/account.ts'
import type { AccountId, Reading } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { GoogleClient } from './client.ts'
import { notEverywhere } from './member-writes.ts'
import { done, notNow, outcomeOfRefusal, outcomeOfTrouble, rejected, saidBy, unread } from './outcome.ts'
import { saysThatSomebodyIsMissing } from './outcome.ts'
import type { Refusal } from './outcome.ts'
import { outcomeOfUnknown } from './people.ts'
import type { People } from './people.ts'
import { SCOPE } from './scopes.ts'
import { asps, tokens, user, USER_ID } from './shapes.ts'
import type { GoogleUser } from './shapes.ts'

/**
 * Nobody signs in with an account that is suspended; what is in it, and its groups, stay. The account whom we act for is refused
 * by name: without it nothing could be undone any more.
 */
export function createAccount(io: Io, client: GoogleClient, people: People, subject: string): Account {
  async function setSuspended(account: AccountId, suspended: boolean): Promise<Outcome> {
    if (!USER_ID.test(account)) return NOT_AN_ID
    const found = await people.userOf(account)
    if (found.kind !== 'answered') return outcomeOfUnknown(found)
    if (found.value.primaryEmail?.toLowerCase() === subject) return rejected('not allowed', OURSELVES)
    // What is not in the body stays: https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/update
    const order = { method: 'PUT', path: `/admin/directory/v1/users/${account}`, body: { suspended } } as const
    const answer = await client.send(SCOPE.writeUsers, order, user)
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    if (answer.kind === 'refused') {
      // Seen a moment ago: one of Google's copies does not know it yet, or any more.
      if (saysThatSomebodyIsMissing(answer)) return notEverywhere(answer)
      return answer.status === 403 ? sensitive(answer) : outcomeOfRefusal(answer)
    }
    if (answer.value.id !== account || answer.value.suspended !== suspended) {
      return notNow('Google answered about somebody else, or with another standing')
    }
    return done('changed', answer.headers, io.now(), answer.headers['etag'] ?? `${answer.status}`)
  }

  async function standing(account: AccountId): Promise<Reading<AccountStanding>> {
    if (!USER_ID.test(account)) return { kind: 'absent', startedAt: io.now(), said: NOT_AN_ID.said }
    const once = await people.userOf(account)
    // Asked again before it is believed: one of Google's copies may not know what another does.
    const isMissing = once.kind === 'refused' && saysThatSomebodyIsMissing(once)
    const answer = isMissing ? await people.userOf(account) : once
    if (answer.kind === 'answered') {
      return { kind: 'read', startedAt: answer.startedAt, value: standingOf(answer.value) }
    }
    const isGone = answer.kind === 'refused' && saysThatSomebodyIsMissing(answer)
    return isGone ? { kind: 'absent', startedAt: answer.startedAt, said: saidBy(answer) } : unread(answer)
  }

  return {
    suspend: (account) => setSuspended(account, true),
    restore: (account) => setSuspended(account, false),
    standing,
  }
}

function standingOf({ suspended, archived }: GoogleUser): AccountStanding {
  if (archived === true) return 'deactivated'
  return suspended === true ? 'suspended' : suspended === false ? 'active' : 'other'
}

/**
 * All that Google can end: sessions on the web and on devices, tokens of applications, passwords of programs. In this order,
 * because a session could make another password. What Google does not answer does not keep us from ending the rest.
 */
export function createSessions(io: Io, client: GoogleClient): Sessions {
  async function endEach(path: string, keys: readonly (string | number)[]): Promise<Outcome | null> {
    let worst: Outcome | null = null
    for (const key of keys) {
      const order = { method: 'DELETE', path: `${path}/${encodeURIComponent(key)}` } as const
      const answer = await client.send(SCOPE.security, order, null)
      if (answer.kind === 'unavailable') worst = outcomeOfTrouble(answer)
      // Gone meanwhile.
      else if (answer.kind === 'refused' && answer.status !== 404) worst ??= outcomeOfRefusal(answer)
    }
    return worst
  }

  async function endTokens(base: string): Promise<Outcome | null> {
    const answer = await client.read(SCOPE.security, `${base}/tokens`, tokens)
    if (answer.kind !== 'answered') return outcomeOfMissing(answer)
    return endEach(
      `${base}/tokens`,
      (answer.value.items ?? []).map(({ clientId }) => clientId),
    )
  }

  async function endPasswords(base: string): Promise<Outcome | null> {
    const answer = await client.read(SCOPE.security, `${base}/asps`, asps)
    if (answer.kind !== 'answered') return outcomeOfMissing(answer)
    return endEach(
      `${base}/asps`,
      (answer.value.items ?? []).map(({ codeId }) => codeId),
    )
  }

  return {
    async end(account) {
      if (!USER_ID.test(account)) return NOT_AN_ID
      const base = `/admin/directory/v1/users/${account}`
      const signedOut = await client.send(SCOPE.security, { method: 'POST', path: `${base}/signOut` }, null)
      if (signedOut.kind === 'refused') return outcomeOfMissing(signedOut)
      const trouble = signedOut.kind === 'unavailable' ? outcomeOfTrouble(signedOut) : null
      const worst = [trouble, await endTokens(base), await endPasswords(base)].filter((each) => each !== null)
      const outcome = worst.find(({ kind }) => kind === 'unavailable') ?? worst[0]
      if (outcome !== undefined || signedOut.kind !== 'answered') return outcome ?? notNow('not signed out')
      return done(
        'changed',
        signedOut.headers,
        io.now(),
        `${signedOut.status} ${signedOut.headers['date'] ?? ''}`.trim(),
      )
    },
  }
}

function outcomeOfMissing(answer: Parameters<typeof outcomeOfUnknown>[0]): Outcome {
  return answer.kind === 'refused' && answer.status === 403 ? sensitive(answer) : outcomeOfUnknown(answer)
}

const NOT_AN_ID = { kind: 'rejected', because: 'no such person', said: 'not the id of a user of Google' } as const

const OURSELVES =
  'the account of the administrator whom Tenure acts for (GOOGLE_ADMIN_EMAIL): suspended, nothing could be undone any more'

/** https://support.google.com/a/answer/1219251: who is no super administrator changes no administrator. */
function sensitive(answer: Refusal): Outcome {
  return rejected(
    'not allowed',
    `the administrator lacks the privilege, or the person is an administrator, whom only a super administrator changes: ${saidBy(answer)}`,
  )
}
