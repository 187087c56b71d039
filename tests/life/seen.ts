import assert from 'node:assert/strict'
import { documentOf, wordsOf } from '#connectors/jira/stand-in/rich-text.ts'
import type { Ticket } from '#connectors/jira/stand-in/site.ts'
import type { GrantState } from '#core/grant/grant.ts'
import type { RequestState } from '#core/request/request.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import { idFor } from '#engine/ids.ts'
import type { CaseAsk } from '#sandbox/company/cases.ts'
import { personNamed, type Person } from '#sandbox/company/people.ts'
import { JIRA_FIELDS } from '#sandbox/seeds/jira-seed.ts'
import { TENURE_ACCOUNT, type World } from './world.ts'

/** What people and auditors can see of one request: its ticket, its records, and the groups as they really are. */

export function ticketOf(world: World, key: string): Ticket {
  const ticket = world.standIns.jira.ticket(key)
  assert.ok(ticket, `there is no ticket ${key}`)
  return ticket
}

export function statusOf(world: World, key: string): string {
  return ticketOf(world, key).status
}

/** What Tenure said where the requester reads it, oldest first. */
export function saidOn(world: World, key: string): readonly string[] {
  return comments(world, key, false)
}

/** What Tenure noted for agents alone. */
export function notedOn(world: World, key: string): readonly string[] {
  return comments(world, key, true)
}

function comments(world: World, key: string, internal: boolean): readonly string[] {
  return ticketOf(world, key)
    .comments.filter((each) => each.by === TENURE_ACCOUNT && each.internal === internal)
    .map((each) => wordsOf(each.body).replace(/\s+/g, ' ').trim())
}

/** The id of every message that Tenure left on the ticket, public or internal: each must be there once. */
export function messagesOn(world: World, key: string): readonly unknown[] {
  return ticketOf(world, key)
    .comments.filter((each) => each.by === TENURE_ACCOUNT)
    .map((each) => each.properties.find((one) => one.key === 'tenure.message')?.value)
}

/** Every status that the ticket stood in, in order. */
export function wayOf(world: World, key: string): readonly string[] {
  const moves = ticketOf(world, key).history.flatMap((entry) => entry.items.filter((item) => item.fieldId === 'status'))
  return [moves[0]?.fromText ?? statusOf(world, key), ...moves.map((item) => item.toText ?? '')]
}

export function requestIdOf(world: World, key: string): string {
  return idFor('req', 'jira', ticketOf(world, key).id)
}

export async function requestOf(world: World, key: string): Promise<RequestState> {
  return (await stateOf(world, `request/${requestIdOf(world, key)}`)) as RequestState
}

export async function grantOf(world: World, key: string): Promise<GrantState> {
  return (await stateOf(world, `grant/${grantIdOf(world, key)}`)) as GrantState
}

export function grantIdOf(world: World, key: string): string {
  return requestIdOf(world, key).replace('req_', 'grt_')
}

async function stateOf(world: World, stream: string): Promise<unknown> {
  const stored = (await world.ports.store.load([stream])).get(stream)
  assert.ok(stored, `nothing is known of ${stream}`)
  return stored.state
}

/** Every event of every stream, in the order of the log. */
export async function eventsOf(world: World): Promise<readonly StoredEvent[]> {
  const { rows } = await world.pool.query<StoredEvent>(
    `SELECT e.position, e.stream, e.version, e.type, e.at, e.by, e.data, e.nonce, e.personal, p.fields AS "personalFields", p.salt
     FROM event e LEFT JOIN personal p USING (stream, version) ORDER BY e.position`,
  )
  return rows
}

/** The events of one request: its own, its grant's, and those of its person's memberships that name the grant. */
export async function recordsOf(world: World, key: string): Promise<readonly StoredEvent[]> {
  const [requestId, grantId] = [requestIdOf(world, key), grantIdOf(world, key)]
  return (await eventsOf(world)).filter(
    ({ stream, data }) =>
      stream === `request/${requestId}` || stream === `grant/${grantId}` || JSON.stringify(data).includes(grantId),
  )
}

export async function typesOf(world: World, key: string): Promise<readonly string[]> {
  return (await recordsOf(world, key)).map((each) => each.type)
}

export async function proofsOf(world: World, key: string): Promise<readonly string[]> {
  return (await recordsOf(world, key))
    .filter((each) => each.type === 'ChangeProven')
    .map(
      ({ data, stream }) =>
        `${String(data['do'])} ${groupName(world, stream.split('/')[2] ?? '')}: ${String(data['effect'])}`,
    )
    .sort()
}

export function groupName(world: World, groupId: string): string {
  return world.company.groups.find((each) => each.id === groupId)?.name ?? groupId
}

export function groupIdOf(world: World, name: string): string {
  const group = world.company.groups.find((each) => each.name === name)
  assert.ok(group, `no group is named ${name}`)
  return group.id
}

export function person(world: World, name: string, title?: string): Person {
  return personNamed(world.company.people, name, title)
}

export function nameOf(world: World, personId: string): string {
  return personOf(world, personId).displayName
}

export function personOf(world: World, personId: string): Person {
  const found = world.company.people.find((each) => each.id === personId)
  assert.ok(found, `nobody has the id ${personId}`)
  return found
}

/** Whether Okta really has the person in the group. */
export function isMember(world: World, groupName: string, personId: string): boolean {
  return world.standIns.okta.truth.isMember(groupIdOf(world, groupName), personOf(world, personId).oktaId)
}

/** Membership changes that really happened to a person, e.g. `add production-bastion by client`. */
export function changesOf(world: World, personId: string): readonly string[] {
  const { oktaId } = personOf(world, personId)
  return world.standIns.okta.truth.changeLog
    .filter((each) => each.user === oktaId)
    .map((each) => `${each.op} ${groupName(world, each.group)} by ${each.by.kind}`)
}

export function groupsOfRole(world: World, roleId: string): readonly string[] {
  const role = world.company.catalog.roles.find((each) => each.id === roleId)
  assert.ok(role, `no role ${roleId}`)
  return role.groups.map((each) => groupName(world, each.id))
}

/** Raises the request and lets everything that follows at once happen. */
export async function ask(world: World, asked: Omit<CaseAsk, 'then'>): Promise<string> {
  const key = await world.people.ask(asked.personId, asked)
  await world.settle()
  return key
}

export function approversOf(asked: CaseAsk): readonly string[] {
  assert.equal(asked.then.kind, 'answered by')
  return asked.then.kind === 'answered by' ? asked.then.personIds : []
}

/** Raises the request, approves it as the first who may, and waits until everything was read back. */
export async function askAndApprove(world: World, asked: CaseAsk): Promise<string> {
  const key = await ask(world, asked)
  await approve(world, key, approversOf(asked)[0] ?? '')
  return key
}

export async function approve(world: World, key: string, personId: string): Promise<void> {
  const answer = await world.people.answer(personId, key, 'approve')
  assert.equal(answer.status, 200, answer.body)
  await world.pass(5_000)
}

/** An edit of the ticket's four fields, in the texts of the form. */
export function fieldsOf(form: {
  readonly app?: string
  readonly role?: string
  readonly duration?: string
  readonly reason?: string
}): Readonly<Record<string, unknown>> {
  const chosen = (id: string, value: string | undefined) => (value === undefined ? {} : { [id]: { value } })
  return {
    ...chosen(JIRA_FIELDS.app, form.app),
    ...chosen(JIRA_FIELDS.role, form.role),
    ...chosen(JIRA_FIELDS.duration, form.duration),
    ...(form.reason === undefined ? {} : { [JIRA_FIELDS.reason]: documentOf(form.reason) }),
  }
}

const met = new WeakMap<World, Set<string>>()

/** Somebody ordinary whom no story of this world has met yet: active, and known for nothing. */
export function somebody(world: World, of: Partial<Pick<Person, 'department' | 'title' | 'managerId'>>): Person {
  const known = met.get(world) ?? new Set(JSON.stringify(world.company.cases).match(/per_[0-9a-z]+/g) ?? [])
  met.set(world, known)
  const found = world.company.people.find(
    (each) =>
      each.active &&
      !known.has(each.id) &&
      world.company.people.every((other) => other.managerId !== each.id) &&
      Object.entries(of).every(([name, value]) => each[name as keyof Person] === value),
  )
  assert.ok(found, `nobody new fits ${JSON.stringify(of)}`)
  known.add(found.id)
  return found
}
