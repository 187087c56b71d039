import { createBadDays, needsOf } from '#connectors/kit/bad-days.ts'
import type { BadDay, BadDays, Chosen } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { HOUR_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import { json, platformError } from './answers.ts'

const HTML = { 'content-type': 'text/html' }
const PAGE: HttpAnswer = { status: 200, headers: HTML, body: '<!doctype html><title>Just a moment…</title>' }
const NOTHING: HttpAnswer = { status: 200, headers: {}, body: '' }

/** Of what stands before Jira, which speaks no JSON. */
function gateway(status: 502 | 503 | 504): HttpAnswer {
  return { status, headers: HTML, body: '<h1>Service unavailable</h1>' }
}

function limited(headers: Readonly<Record<string, string>>): HttpAnswer {
  return json(429, { errorMessages: ['Rate limit exceeded.'] }, headers)
}

const internal = (): HttpAnswer => platformError(500, 'Internal server error')

/** What Jira does on a bad day. What is asked is done only where the name says "after the effect", or where the answer is a spoilt one. */
const TABLE = {
  '500': { instead: internal },
  '502': { instead: () => gateway(502) },
  '503': { instead: () => gateway(503) },
  '504': { instead: () => gateway(504) },
  '500 after the effect': { needs: 'anything', spoil: internal },
  '502 after the effect': { needs: 'anything', spoil: () => gateway(502) },
  '503 after the effect': { needs: 'anything', spoil: () => gateway(503) },
  '504 after the effect': { needs: 'anything', spoil: () => gateway(504) },
  '429': { instead: () => limited({ 'retry-after': '7', 'ratelimit-reason': 'jira-burst-based' }) },
  '429 without headers': { instead: () => limited({}) },
  '429 of the hourly quota': {
    instead: (_, now) => limited({ 'retry-after': wrongWait(now), 'ratelimit-reason': 'jira-quota-global-based' }),
  },
  '401': { instead: () => platformError(401, 'Client must be authenticated to access this resource.') },
  '403': { instead: () => platformError(403, 'You do not have permission.') },
  '404': { instead: () => platformError(404, 'Not found.') },
  'HTML page': { instead: () => PAGE },
  'HTML page after the effect': { needs: 'anything', spoil: () => PAGE },
  'nothing in a 200': { instead: () => NOTHING },
  'nothing in a 200 after the effect': { needs: 'anything', spoil: () => NOTHING },
  'error in a 200': { instead: () => ({ ...internal(), status: 200 }) },
  'half a JSON': { needs: 'anything', spoil: halved },
  'unknown fields': { needs: 'an answer to read', spoil: grown },
  'unknown enum value': {
    needs: 'an answer to read',
    spoil: (answer, _, where) => withValue(answer, where, isEnumeration, 'BRAND_NEW'),
  },
  'null where a value was': {
    needs: 'an answer to read',
    spoil: (answer, _, where) => withValue(answer, where, mayBeNull, null),
  },
} as const satisfies Readonly<Record<string, BadDay>>

export type JiraHabit = keyof typeof TABLE

export const JIRA_HABITS = Object.keys(TABLE) as readonly JiraHabit[]

/** Whether the habit can do anything to such a request. */
export function suits(habit: JiraHabit, { method, url }: Pick<HttpRequest, 'method' | 'url'>): boolean {
  return needsOf(TABLE[habit]) === 'anything' || method === 'GET' || url.endsWith('/search/jql')
}

export function createJiraBadDays(): BadDays<JiraHabit> {
  return createBadDays<JiraHabit>(TABLE, suits)
}

/** The quota comes back at the top of the hour, whatever is promised here. */
function wrongWait(now: Instant): string {
  return String(Math.min(Math.ceil((HOUR_MS - (now % HOUR_MS)) / SECOND_MS), 60))
}

function halved(answer: HttpAnswer): HttpAnswer {
  const half = answer.body.slice(0, Math.ceil(answer.body.length / 2))
  return { ...answer, status: answer.status === 204 ? 200 : answer.status, body: half === '' ? '{"half' : half }
}

type Json = Record<string, unknown>

/**
 * Every object of the answer, the outermost first, but for what people wrote into custom fields and comments: without
 * it, it would be another ticket and not another API.
 */
function objectsIn(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn)
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.keys(value).filter((name) => !isWritten(name))
  return [value as Json, ...inside.flatMap((name) => objectsIn((value as Json)[name]))]
}

function isWritten(name: string): boolean {
  return name === 'body' || name.startsWith('customfield_')
}

function changedJson(answer: HttpAnswer, change: (objects: readonly Json[]) => void): HttpAnswer {
  if (answer.status >= 300 || answer.body === '') return answer
  const value: unknown = JSON.parse(answer.body)
  change(objectsIn(value))
  return { ...answer, body: JSON.stringify(value) }
}

function grown(answer: HttpAnswer): HttpAnswer {
  return changedJson(answer, (objects) => {
    for (const object of objects) object['brandNew'] = { since: [1] }
  })
}

function withValue(
  answer: HttpAnswer,
  { turn, field }: Chosen,
  fits: (name: string, value: unknown) => boolean,
  value: string | null,
): HttpAnswer {
  return changedJson(answer, (objects) => {
    const places = objects.flatMap((object) =>
      Object.keys(object)
        .filter((name) => (field === undefined ? fits(name, object[name]) : name === field))
        .map((name) => [object, name] as const),
    )
    const place = places[turn % Math.max(1, places.length)]
    if (place !== undefined) place[0][place[1]] = value
  })
}

const ENUMERATIONS = new Set(['finalDecision', 'approverDecision', 'accountType', 'fieldtype', 'statusCategory'])

function isEnumeration(name: string, value: unknown): boolean {
  return ENUMERATIONS.has(name) && typeof value === 'string'
}

/** Without its id a thing is not one with a null but nothing at all: that has to be asked for. */
function mayBeNull(name: string, value: unknown): boolean {
  return value !== null && !isWritten(name) && !/^(?:id|key|self|\w*Id)$/.test(name)
}
