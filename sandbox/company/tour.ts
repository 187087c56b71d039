import type { PersonId } from '#core/identity-action/membership-key.ts'
import type { CaseAsk } from './cases.ts'
import type { Company } from './company.ts'
import { durationOptionOf } from './lengths.ts'
import type { Person } from './people.ts'
import { storiesOf, type Story } from './stories.ts'

/** docs/sandbox.md, whole. A test holds the page against it, so the page cannot lie. */
export function tourOf(company: Company): string {
  const { catalog, cases } = company
  const active = company.people.filter((person) => person.active).length
  const stories = storiesOf(cases)
  const parts = [
    '# The sandbox company: who is who',
    '<!-- Written by `node sandbox/company/write-tour.ts`. A test fails when this page and the company differ. -->',
    `${company.name} is a company that does not exist: ${company.people.length} people, ${active} of them active, ` +
      `${catalog.apps.length} applications with ${catalog.roles.length} roles, and ${company.groups.length} groups in Okta ` +
      `and ${company.otherGroups.length} in Entra ID and Google Workspace, ` +
      `${company.claimedGroups.length} of them claimed for governance. It is generated from a seed, so it is the same at every start; ` +
      'the people on this page are in every company that is generated, whatever the seed. ' +
      `All addresses end in ${company.domain}, where no mail can ever reach anybody.`,
    'Pick a person, open the portal of the stand-in Jira as them, and ask. Then be the one who answers.',
    '## Stories to try',
    ...stories.flatMap((story, index) => storyOf(company, story, index + 1)),
    '## Two names, two accounts, no account',
    lines([
      `${nameAndPlace(company, cases.namesakes[0])} and ${nameAndPlace(company, cases.namesakes[1])} share a name and nothing else.`,
      `${nameOf(company, cases.ownerWithTwoAccounts.personId)} has two Jira accounts, both linked to the one person: ` +
        `${accountNames(company, cases.ownerWithTwoAccounts.jiraAccountIds)}.`,
      `${accountNames(company, [cases.strangerAccount.jiraAccountId])} has a Jira account and is nobody in the directory: ` +
        'whatever they ask for is refused, and the refusal has an owner.',
    ]),
    '## Groups to try `tenure claim` on',
    lines([
      `\`${groupName(company, cases.appGroup.groupId)}\`: refused, an application feeds it.`,
      `\`${groupName(company, cases.everyoneGroup.groupId)}\`: refused, it is built into Okta.`,
      `\`${groupName(company, cases.unclaimedGroup.groupId)}\`: works, and adopts nobody. After it the story of the unclaimed group ends otherwise.`,
    ]),
    '## Change something around Tenure',
    'On the page that the start names "Directories" you are the administrator of Okta, Entra ID and Google Workspace. Add somebody to a group that is ' +
      'claimed, or take somebody out. The next look (every ten minutes; moving the clock in the console brings it on) finds it: it stands in ' +
      '`tenure findings`, and an issue in the stand-in Jira tells it. `tenure findings remove <id> --reason "…"` takes it back, and asking for the role adopts it.',
    '## Who answers for what',
    lines([
      `Security: ${namesOf(company, catalog.securityIds)}.`,
      `Administrators: ${namesOf(company, catalog.administratorIds)}.`,
      ...catalog.apps.map(
        (app) => `${app.name}, owned by ${namesOf(company, app.ownerIds)}: ${rolesOf(company, app.id)}.`,
      ),
    ]),
  ]
  return `${parts.join('\n\n')}\n`
}

function storyOf(company: Company, story: Story, number: number): readonly string[] {
  return [`### ${number}. ${story.title}`, lines(story.asks.flatMap((ask) => askOf(company, ask))), story.see]
}

function askOf(company: Company, ask: CaseAsk): readonly string[] {
  const app = company.catalog.apps.find((each) => each.id === ask.appId)
  const role = company.catalog.roles.find((each) => each.id === ask.roleId)
  const wanted = `**${app?.name}**, ${role?.name} (${role?.tier}), ${durationOptionOf(ask.hours)}`
  return [`Ask as ${nameAndPlace(company, ask.personId)} for ${wanted}: ${answerOf(company, ask)}`]
}

function answerOf(company: Company, ask: CaseAsk): string {
  const rule = company.catalog.rules.find(
    (each) => each.id === company.catalog.roles.find((role) => role.id === ask.roleId)?.ruleId,
  )
  switch (ask.then.kind) {
    case 'approved by rule':
      return `approved by the rule \`${rule?.id}\`.`
    case 'answered by':
      return `${ask.then.personIds.length > 1 ? 'approve as any of' : 'approve as'} ${namesOf(company, ask.then.personIds)}.`
    case 'refused':
      return `refused, "${ask.then.code}".`
  }
}

function rolesOf(company: Company, appId: string): string {
  const { roles, rules } = company.catalog
  return roles
    .filter((role) => role.appId === appId)
    .map((role) => `${role.name} (${role.tier}: ${rules.find((rule) => rule.id === role.ruleId)?.name})`)
    .join('; ')
}

function personOf(company: Company, id: PersonId): Person {
  const person = company.people.find((each) => each.id === id)
  if (!person) throw new Error(`nobody has the id ${id}`)
  return person
}

function nameOf(company: Company, id: PersonId): string {
  return `**${personOf(company, id).displayName}**`
}

function nameAndPlace(company: Company, id: PersonId): string {
  const { title, department } = personOf(company, id)
  return `${nameOf(company, id)} (${title}, ${department})`
}

function namesOf(company: Company, ids: readonly PersonId[]): string {
  return ids.map((id) => nameOf(company, id)).join(', ')
}

function accountNames(company: Company, accountIds: readonly string[]): string {
  return accountIds
    .map((id) => `"${company.jiraAccounts.find((account) => account.accountId === id)?.displayName}"`)
    .join(' and ')
}

function groupName(company: Company, groupId: string): string {
  return company.groups.find((group) => group.id === groupId)?.name ?? groupId
}

function lines(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}
