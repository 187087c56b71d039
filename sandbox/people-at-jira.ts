import type { JiraStandIn } from '#connectors/jira/stand-in/state.ts'
import type { Fetch, HttpAnswer } from '#connectors/kit/io.ts'
import type { CompanyFacts } from './company/company.ts'
import { durationOptionOf } from './company/lengths.ts'
import { JIRA_FIELDS, JIRA_REQUEST_TYPE, JIRA_SERVICE_DESK_ID } from './seeds/jira-seed.ts'

/** What people of the company do in Jira, through its REST interface and with their own accounts: the stand-in's rules apply to them. */
export interface PeopleAtJira {
  /** Raises a request in the portal; the key of the new ticket. */
  ask(
    who: string,
    ask: { readonly appId: string; readonly roleId: string; readonly hours: number | null; readonly reason: string },
  ): Promise<string>
  /** As `ask`, with the texts of the form. Null leaves a field empty. */
  askWith(
    who: string,
    form: {
      readonly app: string | null
      readonly role: string | null
      readonly duration: string | null
      readonly reason: string
    },
  ): Promise<HttpAnswer>
  answer(who: string, key: string, decision: 'approve' | 'decline'): Promise<HttpAnswer>
  /** Makes the transition of this name, as an agent or a customer. */
  move(who: string, key: string, transition: string): Promise<HttpAnswer>
  /** Makes the transition of this id in the agents' view. */
  transition(who: string, key: string, id: string): Promise<HttpAnswer>
  edit(who: string, key: string, fields: Readonly<Record<string, unknown>>): Promise<HttpAnswer>
}

/** `who` is a person id of the company, or a Jira account id. */
export function peopleAtJira(
  jira: Pick<JiraStandIn, 'authorizationOf'>,
  company: CompanyFacts,
  siteUrl: string,
  send: Fetch,
): PeopleAtJira {
  const accountOf = (who: string): string => company.people.find((each) => each.id === who)?.jiraAccountId ?? who
  const call = (who: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<HttpAnswer> =>
    send({
      method,
      url: `${siteUrl}${path}`,
      headers: { authorization: jira.authorizationOf(accountOf(who)), 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    })

  const askWith: PeopleAtJira['askWith'] = (who, { app, role, duration, reason }) => {
    const chosen = (id: string, value: string | null) => (value === null ? {} : { [id]: { value } })
    return call(who, 'POST', '/rest/servicedeskapi/request', {
      serviceDeskId: JIRA_SERVICE_DESK_ID,
      requestTypeId: JIRA_REQUEST_TYPE.id,
      requestFieldValues: {
        summary: `Access to ${app ?? 'something'}`,
        ...chosen(JIRA_FIELDS.app, app),
        ...chosen(JIRA_FIELDS.role, role),
        ...chosen(JIRA_FIELDS.duration, duration),
        [JIRA_FIELDS.reason]: reason,
      },
    })
  }

  return {
    askWith,
    async ask(who, { appId, roleId, hours, reason }) {
      const app = company.catalog.apps.find((each) => each.id === appId)?.name ?? appId
      const role = company.catalog.roles.find((each) => each.id === roleId)?.name ?? roleId
      const answer = await askWith(who, { app, role, duration: durationOptionOf(hours), reason })
      if (answer.status !== 201) throw new Error(`the portal refused: ${answer.body}`)
      return (JSON.parse(answer.body) as { issueKey: string }).issueKey
    },
    async answer(who, key, decision) {
      const pending = await call(who, 'GET', `/rest/servicedeskapi/request/${key}/approval`)
      const { values = [] } = JSON.parse(pending.body) as { values?: readonly { id: string }[] }
      return call(who, 'POST', `/rest/servicedeskapi/request/${key}/approval/${values.at(-1)?.id ?? '0'}`, { decision })
    },
    async move(who, key, transition) {
      const open = await call(who, 'GET', `/rest/servicedeskapi/request/${key}/transition`)
      const { values = [] } = JSON.parse(open.body) as { values?: readonly { id: string; name: string }[] }
      const id = values.find((each) => each.name === transition)?.id ?? '0'
      return call(who, 'POST', `/rest/servicedeskapi/request/${key}/transition`, { id })
    },
    transition: (who, key, id) => call(who, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id } }),
    edit: (who, key, fields) => call(who, 'PUT', `/rest/api/3/issue/${key}`, { fields }),
  }
}
