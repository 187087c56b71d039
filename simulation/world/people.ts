import type { JiraStandIn } from '#connectors/jira/stand-in/state.ts'
import type { OktaStandIn } from '#connectors/okta/stand-in/state.ts'
import { JIRA_FIELDS } from '#sandbox/seeds/jira-seed.ts'
import { peopleAtJira, type PeopleAtJira } from '#sandbox/people-at-jira.ts'
import { COMPANY, groupIdOf, GROUP_NAMES } from '../company.ts'
import type { Heap } from '../heap.ts'
import type { Deed } from '../schedule/schedule.ts'

/** Does what people do, at the vendors' own doors. Says what came of it; what is not possible any more is no fault of the schedule. */
export interface People {
  does(deed: Deed): Promise<string>
  /** The ticket of an ask, once it was raised. */
  keyOf(ask: number): string | null
}

export const SITE = 'https://small.atlassian.example'

export function createPeople(jira: JiraStandIn, okta: OktaStandIn, heap: Heap, acted: () => void): People {
  const keys = new Map<number, string>()
  const people: PeopleAtJira = peopleAtJira(jira, COMPANY, SITE, async (request) => {
    const answer = jira.answer(request, heap.now())
    acted()
    return answer
  })
  const at = (seat: number): (typeof COMPANY.people)[number] => {
    const person = COMPANY.people[seat % COMPANY.people.length]
    if (!person) throw new Error('the company is empty')
    return person
  }
  const groupAt = (place: number): string => groupIdOf(GROUP_NAMES[place % GROUP_NAMES.length] ?? 'crm')

  async function does(deed: Deed): Promise<string> {
    switch (deed.do) {
      case 'ask': {
        const role = COMPANY.catalog.roles.find((each) => each.id === deed.role)
        const key = await people.ask(at(deed.seat).id, {
          appId: role?.appId ?? '',
          roleId: deed.role,
          hours: deed.hours,
          reason: `ask ${deed.ask}`,
        })
        keys.set(deed.ask, key)
        return key
      }
      case 'answer': {
        const key = keys.get(deed.ask)
        if (key === undefined) return 'no ticket'
        const { by } = deed
        const asked = jira.ticket(key)?.approvers ?? []
        const who = 'seat' in by ? at(by.seat).id : asked[by.asked % Math.max(1, asked.length)]
        if (who === undefined) return 'nobody was asked'
        return String((await people.answer(who, key, deed.decision)).status)
      }
      case 'edit': {
        const key = keys.get(deed.ask)
        if (key === undefined) return 'no ticket'
        const role = COMPANY.catalog.roles.find((each) => each.id === deed.role)
        const app = COMPANY.catalog.apps.find((each) => each.id === role?.appId)
        const fields = { [JIRA_FIELDS.app]: { value: app?.name }, [JIRA_FIELDS.role]: { value: role?.name } }
        return String((await people.edit(at(2).id, key, fields)).status)
      }
      case 'move by hand': {
        const key = keys.get(deed.ask)
        if (key === undefined) return 'no ticket'
        return String((await people.transition(at(deed.seat).id, key, deed.transition)).status)
      }
      case 'revoke': {
        const key = keys.get(deed.ask)
        if (key === undefined) return 'no ticket'
        return String((await people.move(at(deed.seat).id, key, 'Revoke access')).status)
      }
      case 'add by hand':
        return done(() => okta.hands.addByAdmin(groupAt(deed.group), at(deed.seat).oktaId, heap.now()))
      case 'remove by hand':
        return done(() => okta.hands.removeByAdmin(groupAt(deed.group), at(deed.seat).oktaId, heap.now()))
      case 'deactivate':
        return done(() => okta.hands.setStatus(at(deed.seat).oktaId, 'SUSPENDED', heap.now()))
      case 'reactivate':
        return done(() => okta.hands.setStatus(at(deed.seat).oktaId, 'ACTIVE', heap.now()))
      case 'halt':
      case 'resume':
        return 'not the people’s'
    }
  }
  return { does, keyOf: (ask) => keys.get(ask) ?? null }
}

/** A group or a person may be gone by now: the directory refuses, and that is that. */
function done(deed: () => void): string {
  try {
    deed()
    return 'done'
  } catch (refused) {
    return String(refused)
  }
}
