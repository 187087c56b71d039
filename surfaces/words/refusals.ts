import type { Refusal, RefusalCode } from '#core/event.ts'

type Detail = Refusal['detail']

/** The one table that turns every reason for a "no" into words: what is so, and what to do about it. */
const WORDS: Readonly<Record<RefusalCode | 'status without an approval', (detail: Detail) => string>> = {
  'unknown app': ({ app }) =>
    app
      ? `There is no application named "${app}" in the catalog. Pick one from the form and ask again.`
      : 'No application was chosen. Pick one from the form and ask again.',
  'unknown role': ({ role, app }) =>
    role
      ? `"${app}" has no role named "${role}". Pick one from the form and ask again.`
      : `No role of "${app}" was chosen. Pick one from the form and ask again.`,
  'role is of another app': ({ role, app }) =>
    `"${role}" is a role of another application than "${app}". Pick app and role that belong together and ask again.`,
  'reason missing': () => 'The business reason is empty. Say what you need the access for and ask again.',
  'reason too long': ({ characters, most }) =>
    `The business reason has ${characters} characters; ${most} are allowed. Shorten it and ask again.`,
  'reason has control characters': () =>
    'The business reason holds control characters that can make text read as something else. Type it anew and ask again.',
  'duration missing': ({ role }) =>
    `"${role}" can only be asked for with a duration. Choose how long you need it and ask again.`,
  'duration not understood': ({ duration }) =>
    `"${duration}" is not a duration that can be understood. Choose one from the form, e.g. "6 hours", and ask again.`,
  'duration not offered': ({ hours, offered }) =>
    `${hoursOf(hours)} cannot be chosen for this role; these can: ${offered} hours. Ask again with one of them.`,
  'duration above maximum': ({ hours, maximum }) =>
    `${hoursOf(hours)} is longer than this role may be held: ${hoursOf(maximum)} at most. Ask again for less.`,
  'no end not allowed': ({ role }) => `"${role}" cannot be held without an end. Choose a duration and ask again.`,
  'group not claimed': ({ group }) =>
    `The role maps to the group "${group}", which is not governed by Tenure yet. An administrator has to claim it first (tenure claim), then ask again.`,
  'held by a rule': ({ role }) =>
    `A rule of the directory gives you "${role}" already. Nothing was changed, and Tenure will not end it.`,
  'held by another hand in an unclaimed group': ({ group }) =>
    `You are in the group "${group}" already, given by somebody else, and the group is not governed by Tenure. An administrator has to claim it first (tenure claim).`,
  'already live': ({ role }) =>
    `You hold "${role}" already, or it is on its way, by an earlier request. Nothing was changed.`,
  'already asked': ({ role }) => `An earlier request for "${role}" still waits for its approval. Nothing was changed.`,
  'ticket moved': () =>
    'The ticket was moved on before it was looked at, so nobody can have approved what it asks. Nothing was given. Ask with a new request.',
  'person unknown': () =>
    'This Jira account could not be matched with exactly one proven person of the directory, so nobody can be given access by it. An administrator can link it (tenure people import).',
  'person ambiguous': () =>
    'This Jira account fits more than one person of the directory, and Tenure does not guess. An administrator has to link it (tenure people import).',
  'protected account': () =>
    'This person’s accounts are protected: nobody gives or takes access of theirs through Tenure. An administrator keeps the list (protected people of the catalog).',
  'person not active': () => 'The person is not active in the directory, so no access can be given.',
  'account not proven': () =>
    'A privileged role needs an account link that was proven by more than an equal e-mail address. An administrator has to link this account (tenure people import), then ask again.',
  'nobody can approve': ({ rule, why }) =>
    `By the rule "${rule}" nobody can approve this now (${why}). Somebody has to mend that; then ask again.`,
  'own request': () =>
    'Nobody approves their own request, by any account of theirs. The answer does not count. Ask again.',
  'not an approver': () => 'The answer came from somebody who may not give it. It does not count. Ask again.',
  'approver not active': () =>
    'The person who answered is not active in the directory any more. The answer does not count. Ask again.',
  'approver not proven': () =>
    'The account that answered is not proven to belong to an approver. The answer does not count. Ask again.',
  'answered another ask': () => 'What was answered is not what was asked. The answer does not count. Ask again.',
  'already decided': () => 'This request is decided already.',
  'may not revoke': () =>
    'Only the holder, their manager, an owner of the application or role, security or an administrator may revoke this access. It stays as it is.',
  'not live': () => 'There is no live access to end.',
  'already claimed': ({ group }) => `"${group}" is claimed already.`,
  'protected group': ({ group }) =>
    `The group "${group}" is protected: its members are never changed through Tenure. Take it off the list of protected groups in the catalog first.`,
  'not writable': ({ group, because }) => `"${group}" can never be governed: ${because}.`,
  'invalid catalog': ({ flaw }) => `The catalog was not published: ${flaw}.`,
  'order without a reason': () =>
    'Say why, with --reason: it is kept with the order, for whoever reads later why everything stood still.',
  'finding not open': () =>
    'There is no open finding of this id: it was settled, or somebody has decided about it. See tenure findings.',
  'removal without a reason': () =>
    'Say why, with --reason: it is kept with the decision, for whoever asks later who took the access away.',
  'nothing to remove': () =>
    'This finding is about somebody who was taken out of the group. Put them back in the directory, or end the access from its ticket.',
  'member is no person': ({ account }) =>
    `The member ${account} is no person that the directory lists, such as a group within the group. Take it out in the directory by hand; the finding is settled by itself.`,
  'removal would not stick': ({ group }) =>
    `A rule of the directory puts this person into the group ${group}, so no removal would stick. Change the rule, or exclude the person from it; the finding is settled by itself.`,
  'held by a grant': () =>
    'A grant holds this membership by now, or its removal is on its way. Revoke it from its ticket.',
  'not halted': () => 'It is not halted, so there is nothing to resume.',
  'status without an approval': () =>
    'The ticket was moved by hand. A status never grants anything: the request still waits for an answer on its approval.',
}

function hoursOf(count: string | undefined): string {
  return count === '1' ? '1 hour' : `${count} hours`
}

/** `detail` may hold what a person wrote: it is shown, shortened, and never interpreted. */
export function inWords(code: RefusalCode | 'status without an approval', detail: Detail = {}): string {
  const short = Object.fromEntries(Object.entries(detail).map(([name, text]) => [name, shortened(text)]))
  return WORDS[code](short)
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79).toWellFormed()}…`
}
