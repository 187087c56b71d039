import type { Outcome } from '#core/identity-action/outcome.ts'
import { unavailable } from '#connectors/kit/http.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { GoogleClient } from './client.ts'
import { isNotFound, outcomeOfRefusal, outcomeOfTrouble, rejected, saysThatSomebodyIsMissing } from './outcome.ts'
import { SCOPE } from './scopes.ts'
import { user } from './shapes.ts'
import type { GoogleError, GoogleUser } from './shapes.ts'

/** Beyond this everything is forgotten and learned anew. */
const MAX_KNOWN = 100_000

/**
 * Who is one of the company's own. Google adds whatever key it is given, and the number of somebody else's account as well, so
 * nobody is added before the Directory has shown them as a user of this company. That is remembered for good: a number is never
 * given to another account, and one that was deleted is refused by Google itself.
 */
export interface People {
  /** Null: one of ours. */
  whyNot(account: string): Promise<Outcome | null>
  userOf(account: string): Promise<Exchange<GoogleUser, GoogleError>>
  /** Listed as users of this company. */
  saw(accounts: readonly string[]): void
}

export function createPeople(client: GoogleClient): People {
  const ours = new Set<string>()

  function saw(accounts: readonly string[]): void {
    if (ours.size + accounts.length > MAX_KNOWN) ours.clear()
    for (const account of accounts) ours.add(account)
  }

  async function userOf(account: string): Promise<Exchange<GoogleUser, GoogleError>> {
    const answer = await client.read(SCOPE.readUsers, `/admin/directory/v1/users/${account}`, user)
    if (answer.kind !== 'answered') return answer
    if (answer.value.id !== account) return unavailable('not the shape', 'Google answered with another user')
    saw([account])
    return answer
  }

  return {
    saw,
    userOf,
    async whyNot(account) {
      if (ours.has(account)) return null
      const answer = await userOf(account)
      return answer.kind === 'answered' ? null : outcomeOfUnknown(answer)
    },
  }
}

/** What is said of a change when the user could not be read. */
export function outcomeOfUnknown(answer: Exclude<Exchange<unknown, GoogleError>, { kind: 'answered' }>): Outcome {
  if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
  if (isNotFound(answer) || saysThatSomebodyIsMissing(answer)) {
    return rejected('no such person', 'the Directory knows no such user of this company')
  }
  return outcomeOfRefusal(answer)
}
