import type { DeskMessage, DeskNewIssue, DeskParagraph } from '#connectors/kit/desk.ts'
import type { EndedBecause } from '#core/grant/grant.ts'
import type { Overdue, Standing } from '#core/grant/overdue.ts'
import type { OrderAgainstRemovals } from '#engine/halt/orders-against-removals.ts'
import { lastWordInWords } from '../words/last-word.ts'
import { momentInWords } from '../words/times.ts'
import { receiptsOf } from './receipts.ts'
import type { Story } from './story.ts'

/*
 * The words of the issue about an overdue removal. Whoever reads them works in IT and may have to act by hand, so they hold
 * what a ticket hides from its requester: the group by its id, and the account.
 */

const BECAUSE: Readonly<Record<EndedBecause, string>> = {
  'window ended': 'The window ended',
  revoked: 'The access was revoked',
  incomplete: 'The access could not be completed in time',
  rejected: 'The directory refused a part of the access',
  'not given': 'Nobody had given the access',
}

export function issueOf(
  story: Story,
  overdue: Overdue,
  assignee: string | null,
  orders: readonly OrderAgainstRemovals[],
): DeskNewIssue {
  const { appName, roleName } = story
  const who = holderOf(story)
  const what = `${appName}, ${roleName}`
  const summary = overdue.over
    ? `Overdue removal, done by now: ${who} had ${what} for too long`
    : `Overdue removal: ${who} still has ${what}`
  const paragraphs = [...paragraphsOf(story, overdue, who, what), ...(overdue.over ? [] : whatToDo(orders))]
  return { marker: `tenure-${overdue.alarmId}`, summary, paragraphs, assignee }
}

function holderOf({ grant, nameOf }: Story): string {
  return nameOf(grant.opened?.personId ?? null)
}

function paragraphsOf(story: Story, overdue: Overdue, who: string, what: string): readonly DeskParagraph[] {
  const { grant, request } = story
  const since = momentInWords(overdue.since)
  const why = BECAUSE[grant.endedBecause ?? 'window ended']
  const facts: [string, string][] = [
    ['Person', who],
    ['Access', what],
    ['Nobody should have it since', since],
    ...overdue.standing.map((each): [string, string] => standingFact(story, each)),
    ['Request', request.issue?.key ?? 'unknown'],
    ['Evidence record', story.event.stream],
  ]
  return [
    { kind: 'text', text: `${why}, and ${who} should not have ${what} any more since ${since}.`, strong: true },
    { kind: 'facts', facts },
    { kind: 'text', text: ownerWords(story, overdue) },
  ]
}

function standingFact({ memberships, groupName }: Story, { group, lastWord }: Standing): [string, string] {
  const of = memberships.find(({ stream }) => stream.startsWith(`membership/${group.provider}/${group.id}/`))
  const account = of?.state.account ? `, account ${of.state.account}` : ''
  return [
    'Still to be taken away',
    `${groupName(group)} (${group.provider} group ${group.id}${account}): ${lastWordInWords(lastWord)}`,
  ]
}

function ownerWords({ nameOf }: Story, { ownerId }: Overdue): string {
  return ownerId === null
    ? 'Nobody owns this: the application has no active owner, and neither security nor an administrator is known. Somebody has to take it on.'
    : `${nameOf(ownerId)} owns this.`
}

/** Whoever has to act looks for a fault of the directory otherwise, while it is an order of our own that holds it up. */
function whatToDo(orders: readonly OrderAgainstRemovals[]): readonly DeskParagraph[] {
  if (orders.length === 0) return [text(TENURE_GOES_ON), text(YOU_CAN)]
  return [
    ...orders.map(({ provider, since }) =>
      text(
        `${provider === null ? 'An emergency stop of everything' : `An emergency stop of ${provider}`} is in force since ${momentInWords(since)}, and Tenure sends no removal until somebody lifts it: tenure resume${provider === null ? '' : ` --provider ${provider}`} --reason "...". "tenure halt --status" says who ordered it, and why.`,
      ),
    ),
    text(AGAINST_AN_ORDER),
  ]
}

function text(words: string): DeskParagraph {
  return { kind: 'text', text: words }
}

const AGAINST_AN_ORDER =
  'What you can do: ask whoever ordered it. If the removal cannot wait and the stop has to stay, order it again with --except-removals, or remove the person from the group in the directory by hand: Tenure will find it done and record it so.'
const TENURE_GOES_ON =
  'What Tenure does: it goes on trying, for as long as it takes, until it has read in the directory that the person is gone. Then it says so here.'
const YOU_CAN =
  'What you can do: find out why the directory does not carry it out (is it down, is a permission of Tenure missing, does a rule of the directory put the person back), and mend that. If it cannot wait, remove the person from the group in the directory by hand: Tenure will find it done and record it so.'

/** The issue hears that it is over: who lost what, when that was read, and the proof. */
export function provenMessage(story: Story, overdue: Overdue, messageId: string): DeskMessage {
  const { grant, groupName } = story
  const facts = grant.released.map((each): [string, string] => [
    groupName(each.group),
    each.how === 'kept'
      ? 'stays, because another request holds it'
      : `${each.how === 'removed' ? 'read back as gone' : 'nothing of ours was there'}${each.readAt === null ? '' : ` at ${momentInWords(each.readAt)}`}`,
  ])
  const words = `${holderOf(story)} does not have ${story.appName}, ${story.roleName} by this grant any more. It was due since ${momentInWords(overdue.since)}. This is over, and the issue can be closed.`
  return {
    id: messageId,
    audience: 'internal',
    paragraphs: [{ kind: 'text', text: words, strong: true }, { kind: 'facts', facts }, ...receiptsOf(story, 'remove')],
  }
}
