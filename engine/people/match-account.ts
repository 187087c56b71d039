import type { PersonId } from '#core/identity-action/membership-key.ts'
import type { Ports } from '../ports.ts'
import type { PersonLink } from '../store/store.ts'
import { linkAccounts } from './link-accounts.ts'
import { linkOf } from './link-of.ts'

/** An account of another system, as that system tells of it. */
export interface OutsideAccount {
  readonly system: string
  readonly account: string
  readonly email: string | null
  readonly emailVerified: boolean
}

export type AccountMatch =
  | { readonly kind: 'person'; readonly personId: PersonId; readonly proof: PersonLink['proof'] }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'several' }

/**
 * Who an account is. A stored link answers first. Otherwise equal e-mail addresses make a link, but only when both sides
 * say that the address was proven and exactly one person has it; such a link is never enough for a privileged role or an
 * approver. Anything else is nobody: a visible refusal, never a guess.
 */
export async function matchAccount(ports: Ports, outside: OutsideAccount): Promise<AccountMatch> {
  const stored = await linkOf(ports.store, outside.system, outside.account)
  if (stored) return { kind: 'person', personId: stored.personId, proof: stored.proof }
  if (outside.email === null || !outside.emailVerified) return { kind: 'nobody' }

  const email = outside.email.toLowerCase()
  const candidates = (await ports.store.peopleByAddresses([email])).filter((each) => each.email.toLowerCase() === email)
  const ids = new Set(candidates.map((each) => each.personId))
  if (ids.size > 1) return { kind: 'several' }
  const person = candidates.find((each) => each.emailVerified)
  if (!person) return { kind: 'nobody' }
  const link = {
    system: outside.system,
    account: outside.account,
    personId: person.personId,
    proof: 'verified e-mail',
    provenBy: `${outside.system} and ${person.provider}`,
  } as const
  await linkAccounts(ports, { kind: 'engine' }, [link])
  // Somebody may have linked it a moment before us: what stands is what counts.
  const standing = (await linkOf(ports.store, outside.system, outside.account)) ?? link
  return { kind: 'person', personId: standing.personId, proof: standing.proof }
}
