import type { DeskParagraph } from '#connectors/kit/desk.ts'
import type { ProvenData } from '#core/identity-action/membership.ts'
import type { Story } from './story.ts'

const EFFECT: Readonly<Record<ProvenData['effect'], string>> = {
  changed: 'changed',
  'already so': 'already so, nothing was changed',
  'found by read-back': 'found by read-back, the answer was lost or could not tell',
}

/** What the directory answered and when it was read back, for each group of the grant: for agents, not for the requester. */
export function receiptsOf(story: Story, doing: 'add' | 'remove'): readonly DeskParagraph[] {
  return story.memberships.flatMap(({ group, stream, state }): DeskParagraph[] => {
    const proven = state.lastProven
    if (!proven || proven.do !== doing) return []
    const facts: [string, string][] = [
      ['Group', group],
      ['Effect', EFFECT[proven.effect]],
      ['Receipt', proven.receipt ?? 'none'],
      ['Read back at', proven.readAt],
      ...(proven.endedBy ? [['Ended by', proven.endedBy] as [string, string]] : []),
      ['Evidence record', `${stream}, change ${proven.changeId}`],
    ]
    return [{ kind: 'facts', facts }]
  })
}
