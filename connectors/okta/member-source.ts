import { z } from 'zod'
import { HOUR_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Member } from '#connectors/kit/connector.ts'
import { unavailable } from '#connectors/kit/http.ts'
import type { Refused, Unavailable } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { OktaClient } from './client.ts'
import type { ActiveRule } from './group-facts.ts'
import { meets, type Verdict } from './rule-expression.ts'
import { user } from './shapes.ts'
import type { OktaError, OktaUser } from './shapes.ts'

/**
 * Whether a rule put a member into a group. Okta decides it by one test: a member who meets an active rule that feeds
 * the group, and is not on the rule's exclusion list, is managed by the rule, even when somebody added them by hand
 * before (https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-group-users-manually.htm).
 */

/** By the member's own attributes, without a call: for lists. */
export function sourceByRules(
  rules: readonly ActiveRule[],
  account: string,
  profile: OktaUser['profile'],
): Member['source'] {
  let unsure = false
  for (const rule of rules) {
    const verdict = verdictOf(rule, account, profile)
    if (verdict === 'yes' && rule.certain) return 'rule'
    if (verdict !== 'no') unsure = true
  }
  return unsure ? 'unknown' : 'direct'
}

function verdictOf(rule: ActiveRule, account: string, profile: OktaUser['profile']): Verdict {
  if (rule.excluded.has(account)) return 'no'
  const told = rule.expression !== null && profile !== null && profile !== undefined
  return told ? meets(rule.expression, profile) : 'unknown'
}

export type SourceAnswer =
  | { readonly kind: 'told'; readonly source: Member['source']; readonly rules: readonly string[] }
  | { readonly kind: 'no such person' }
  | Unavailable

/** By Okta's own word about one member, or by the member's attributes where Okta has no word for it: before a removal. */
export interface MemberSource {
  of(groupId: string, account: string, rules: readonly ActiveRule[]): Promise<SourceAnswer>
}

const managingRules = z.array(z.object({ id: z.string().nullish(), name: z.string().nullish() }))

/** After this long an organisation is asked again whether it knows the question by now. */
const ASK_AGAIN_AFTER_MS = HOUR_MS

export function createMemberSource(io: Io, client: OktaClient): MemberSource {
  // `GET …/group-rules` came in June 2026, and is not in every organisation.
  let known = false
  let absentUntil: Instant | null = null

  async function byAttributes(
    account: string,
    rules: readonly ActiveRule[],
    sourceOf: typeof sourceByRules = sourceByRules,
  ): Promise<SourceAnswer> {
    const answer = await client.read(`/users/${account}`, user)
    if (answer.kind === 'unavailable') return answer
    if (answer.kind === 'answered') {
      const { profile } = answer.value
      // A passing fault, if it is one: a verdict would be for good.
      if (profile === null || profile === undefined) return unavailable('not the shape', 'a user without any attribute')
      return { kind: 'told', source: sourceOf(rules, account, profile), rules: rules.map(nameOf) }
    }
    if (answer.status === 404) return { kind: 'no such person' }
    return { kind: 'told', source: 'unknown', rules: rules.map(nameOf) }
  }

  /**
   * Okta names no rule: a list that lost its only row reads the same. A member who meets a rule all the same is left alone until the
   * two agree, also when it is not sure that the rule is on: a list of rules may have lost a row as well.
   */
  async function notBelieved(account: string, rules: readonly ActiveRule[]): Promise<SourceAnswer> {
    return byAttributes(account, rules, (_, __, profile) =>
      rules.some((rule) => !rule.leavesOutGroups && verdictOf(rule, account, profile) === 'yes') ? 'unknown' : 'direct',
    )
  }

  return {
    async of(groupId, account, rules) {
      if (rules.length === 0) return { kind: 'told', source: 'direct', rules: [] }
      if (absentUntil !== null && io.now() < absentUntil) return byAttributes(account, rules)

      const answer = await client.read(`/groups/${groupId}/users/${account}/group-rules`, managingRules)
      if (answer.kind === 'answered') {
        known = true
        absentUntil = null
        const names = answer.value.map((rule) => rule.name ?? rule.id ?? '')
        return names.length > 0 ? { kind: 'told', source: 'rule', rules: names } : notBelieved(account, rules)
      }
      if (answer.kind === 'unavailable') {
        // A 404 that is not in Okta's own form comes from something before it that does not know the path.
        return answer.because === 'unexplained refusal' ? byAttributes(account, rules) : answer
      }
      // Once the question is known, a 404 is about the member: nothing a rule could hold.
      if (answer.status === 404 && known) return { kind: 'told', source: 'direct', rules: [] }
      if (doesNotKnowTheQuestion(answer)) absentUntil = io.now() + ASK_AGAIN_AFTER_MS
      return byAttributes(account, rules)
    },
  }
}

/** A plain 404 is no such answer: it may just as well be about the member. */
function doesNotKnowTheQuestion(answer: Refused<OktaError>): boolean {
  return answer.status === 405 || answer.status === 501 || answer.refusal.errorCode === 'E0000022'
}

function nameOf(rule: ActiveRule): string {
  return rule.name === '' ? rule.id : rule.name
}
