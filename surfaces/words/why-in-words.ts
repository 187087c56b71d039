import type { Shown, Why, WhyReason } from '#engine/why/why-held.ts'
import { momentInWords } from './times.ts'

/** One line for each reason, and one for what no reason explains. Names in it are plain text already. */
export function whyInWords(why: Why): readonly string[] {
  return [...why.reasons.map(reasonInWords), shownInWords(why)]
}

function reasonInWords({ ticket, app, role, rule, approvedBy, state, startsAt, endsAt }: WhyReason): string {
  const by =
    approvedBy.length === 0
      ? `approved by the rule ${rule}`
      : `approved by ${approvedBy.join(' and ')} under the rule ${rule}`
  return `${ticket}: ${app}, ${role}, ${by}; ${windowInWords(state, startsAt, endsAt)}.`
}

function windowInWords(
  state: WhyReason['state'],
  startsAt: WhyReason['startsAt'],
  endsAt: WhyReason['endsAt'],
): string {
  switch (state) {
    case 'live':
      return `since ${startsAt === null ? 'its beginning' : momentInWords(startsAt)}, ${endsAt === null ? 'with no end' : `until ${momentInWords(endsAt)}`}`
    case 'opening':
      return 'being added, and not live yet'
    case 'ending':
      return 'it has ended, and the removal is not proven yet'
    default:
      return `its grant is ${state}`
  }
}

function shownInWords({ person, group, provider, reasons, shown }: Why): string {
  const isExplained = reasons.length > 0
  switch (shown.kind) {
    case 'member':
      if (isExplained) return `${provider} shows ${person} in ${group}${BY[shown.source]}.`
      if (shown.source === 'rule') return `Nobody gave this: a rule of ${provider} holds ${person} in ${group}.`
      return `Nobody gave this: ${provider} shows ${person} in ${group}, and no request, rule or bundle of Tenure is behind it.`
    case 'no member':
      return isExplained
        ? `${provider} does not show ${person} in ${group}.`
        : `${provider} does not show ${person} in ${group}, and nothing of Tenure says that they should be.`
    case 'no account':
      return `${person} has no account in ${provider}.`
    case 'not asked':
      return isExplained
        ? `${provider} was not asked: ${shown.said}.`
        : `No request, rule or bundle of Tenure gives this; whether ${provider} shows it nobody knows: ${shown.said}.`
  }
}

const BY: Readonly<Record<Extract<Shown, { kind: 'member' }>['source'], string>> = {
  direct: '',
  rule: ', and a rule of its own holds them there as well',
  unknown: ', and does not tell whether a rule of its own holds them as well',
}
