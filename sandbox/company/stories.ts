import type { CaseAsk, Cases } from './cases.ts'

/** A case, told to a visitor: whom to be, and what to look for. The names and the answers come from the company itself. */
export interface Story {
  readonly title: string
  readonly asks: readonly CaseAsk[]
  readonly see: string
}

export function storiesOf(cases: Cases): readonly Story[] {
  return [
    {
      title: 'Six hours of the production database',
      asks: [cases.engineerOperatesProduction],
      see: 'Nobody gets this role without an end: the form takes 1, 6 or 24 hours. The window starts when both groups were read back, and both end at one instant.',
    },
    {
      title: 'Six new hires on Monday, Salesforce before 1 pm',
      asks: cases.newHires,
      see: 'The rule for their known role approves, so nobody is asked and the ticket never waits. The record names the rule. "No end" was chosen by the person, and is offered because the role allows it.',
    },
    {
      title: 'A contractor reads NetSuite',
      asks: [cases.contractorReadsNetSuite],
      see: 'The owner of the app answers, not the manager. "No end" is not to be had: after 30 days the access ends by itself.',
    },
    {
      title: 'The five apps of a support representative',
      asks: cases.supportRepFiveApps,
      see: 'Four are approved by a rule for the known role; one waits for the manager.',
    },
    {
      title: 'A week on call: one role, five groups',
      asks: [cases.roleOfFiveGroups],
      see: 'Five groups are added and read back. While the ticket says "3 of 5" the window has not started. If the rest does not follow in time, what was added is taken back.',
    },
    {
      title: 'Two windows on one group',
      asks: [cases.secondWindowOnOneGroup],
      see: 'Ask for this while the week on call is live. When the shorter window ends, the membership that both need stays, and the record says why.',
    },
    {
      title: 'One request, three directories',
      asks: [cases.threeDirectories],
      see: 'One approval, one window, and a group each in Okta, Entra ID and Google Workspace. The access is live when all three were read back, and they end together.',
    },
    {
      title: 'Somebody holds the group already',
      asks: [cases.heldByAnotherHand],
      see: 'They were added by hand long ago. Both are told before the decision. The approval adopts the membership: the add changes nothing, and the end of the window removes it.',
    },
    {
      title: 'A rule of Okta holds the membership',
      asks: [cases.heldByRule],
      see: 'Refused: Okta would put them back, so an end would be a promise that nobody can keep.',
    },
    {
      title: 'A group that nobody has claimed',
      asks: [cases.unclaimedGroup, cases.heldInUnclaimedGroup],
      see: 'Both are refused, and each is told why: Tenure writes no group before it was claimed, and never ends what somebody else gave there.',
    },
    {
      title: 'An owner asks for their own app',
      asks: [cases.ownerAsksForOwnApp, cases.onlyOwnerCouldApprove, cases.ownerWithTwoAccounts],
      see: 'Nobody approves their own request. The first is answered by the manager. The second could only be answered by the person who asks, so it is refused. The third has two Jira accounts, and the second one does not help.',
    },
    {
      title: 'An approver whose account is not proven',
      asks: [cases.approverWithoutLink],
      see: 'Their Jira account has the same e-mail address, which is not enough for an approver. So nobody can answer, and the request is refused instead of waiting for ever. `tenure people --check` lists whose link is missing.',
    },
    {
      title: 'The manager has left',
      asks: [cases.managerHasLeft],
      see: 'The directory still names them. Nobody else can answer under this rule, and the request is refused for it.',
    },
  ]
}
