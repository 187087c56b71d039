import type { Desk, DeskMessage, DeskParagraph, DeskStatus } from '#connectors/kit/desk.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Ports } from '#engine/ports.ts'
import type { Claimed } from '#engine/store/store.ts'
import type { Worked } from '#engine/workers/workers.ts'
import { gatherStory } from './story.ts'
import { tellingOf } from './telling.ts'

/** What one event means for its ticket, in the order in which it is done. */
export interface Telling {
  readonly public?: readonly DeskParagraph[]
  readonly internal?: readonly DeskParagraph[]
  /** Accounts to be asked; the ticket moves into the approval status. */
  readonly ask?: readonly string[]
  readonly move?: DeskStatus
  /** The workflow may have no way there while an approval is open: whoever looks at the ticket later moves it. */
  readonly mayStay?: true
}

/**
 * Tells the ticket about one event. Every step can be done twice without being seen twice (a message has an id, a move
 * to where the ticket stands is no move), so a crash in the middle is mended by doing it all again.
 */
export async function tellTicket(ports: Ports, desk: Desk, message: Claimed): Promise<Worked> {
  const at = message.kind.lastIndexOf('@')
  const stream = message.kind.slice(0, at)
  const story = await gatherStory(ports, message.about, stream, Number(message.kind.slice(at + 1)))
  if (!story) return { kind: 'done' }
  const telling = tellingOf(story)
  for (const [name, step] of stepsOf(desk, story.request.issue?.key ?? '', message.kind, telling)) {
    const outcome = await step()
    if (outcome.kind === 'unavailable') return { kind: 'try again', why: outcome.said, afterMs: outcome.retryAfterMs }
    if (outcome.kind === 'rejected' && !(telling.mayStay && name.startsWith('move'))) {
      // Saying it again would be rejected again. The operator is told; what follows on the ticket still follows.
      ports.log('warning', `Jira rejected "${name}" on ${story.request.issue?.key}: ${outcome.said}`, {
        message: message.kind,
      })
    }
  }
  return { kind: 'done' }
}

function stepsOf(
  desk: Desk,
  key: string,
  messageId: string,
  telling: Telling,
): readonly (readonly [string, () => Promise<Outcome>])[] {
  const say = (audience: DeskMessage['audience'], paragraphs: readonly DeskParagraph[]) =>
    [`${audience} comment`, () => desk.comment(key, { id: `${messageId}:${audience}`, audience, paragraphs })] as const
  const { ask, move } = telling
  return [
    ...(telling.public ? [say('public', telling.public)] : []),
    ...(telling.internal ? [say('internal', telling.internal)] : []),
    ...(ask ? [['ask for approval', () => desk.askForApproval(key, ask)] as const] : []),
    ...(move ? [[`move to ${move}`, () => desk.move(key, move)] as const] : []),
  ]
}
