import { z } from 'zod'

/**
 * What we read of Google's answers. Only what is used is required; unknown fields and new values pass, so that a change of
 * the API does not stop us, while a missing id or an answer of another kind does.
 *
 * Google leaves an empty list out, so `{}` might be one. That is why a list of the Directory or of Reports must say what it
 * is (`kind`), and one of Cloud Identity, which says nothing, must at least not be an error. A list that is null is no list.
 */

/** Goes into URLs and into our stream names, so it may hold nothing that means something there. */
export const GROUP_ID = /^[A-Za-z0-9_-]{1,100}$/

/**
 * Google's are 21 digits, and the ids of groups fifteen letters and digits. That a user can be nothing else is what keeps an
 * address out: whoever adds an address that nobody has adds a stranger.
 */
export const USER_ID = /^[0-9]{16,40}$/

const word = z.string().max(100).nullish().catch(null)
const text = z.string().nullish().catch(null)
const flag = z.boolean().nullish().catch(null)
/** Read one by one with `entriesOf`: Google lets anything stand there. */
const anything = z.unknown().optional()

export const user = z.object({
  id: z.string().regex(USER_ID),
  primaryEmail: text,
  name: z.object({ fullName: text, givenName: text, familyName: text }).nullish().catch(null),
  suspended: flag,
  archived: flag,
  isAdmin: flag,
  isDelegatedAdmin: flag,
  isGuestUser: flag,
  isMailboxSetup: flag,
  customerId: word,
  organizations: anything,
  relations: anything,
  externalIds: anything,
})
export type GoogleUser = z.output<typeof user>

export const group = z.object({ id: z.string().regex(GROUP_ID), email: text, name: text, description: text })
export type GoogleGroup = z.output<typeof group>

/** Of a list. `id` is missing where somebody outside has no account at Google, or where the row is broken. */
export const member = z.object({ id: text, email: text, role: word, type: word })
export type GoogleMember = z.output<typeof member>

/** The answer to an add. */
export const addedMember = z.object({ kind: z.literal('admin#directory#member'), id: text, etag: text })

const nextPageToken = z.string().max(4_000).optional()

export const users = z.object({
  kind: z.literal('admin#directory#users'),
  users: z.array(user).optional(),
  nextPageToken,
})
export const groups = z.object({
  kind: z.literal('admin#directory#groups'),
  groups: z.array(group).optional(),
  nextPageToken,
})
export const members = z.object({
  kind: z.literal('admin#directory#members'),
  members: z.array(member).optional(),
  nextPageToken,
})
export const hasMember = z.object({ isMember: z.boolean() })

export const tokens = z.object({
  kind: z.literal('admin#directory#tokenList'),
  items: z.array(z.object({ clientId: z.string() })).optional(),
})
export const asps = z.object({
  kind: z.literal('admin#directory#aspList'),
  items: z.array(z.object({ codeId: z.union([z.number(), z.string()]) })).optional(),
})

/** Cloud Identity. https://docs.cloud.google.com/identity/docs/reference/rest/v1/groups */
const noError = { error: z.undefined().optional() }
const name = z.string().regex(/^groups\/[A-Za-z0-9_-]{1,200}$/)
const membershipName = z.string().regex(/^groups\/[A-Za-z0-9_-]{1,200}\/memberships\/[A-Za-z0-9_-]{1,200}$/)
const labels = z.record(z.string(), z.unknown()).nullish().catch(null)
const key = z.object({ id: text }).nullish().catch(null)
/** An end that is not understood is not taken for none: `endIn` (ends.ts) tells. */
const roles = z.array(z.object({ name: word, expiryDetail: anything })).nullish()
export type Roles = z.output<typeof roles>

export const looked = z.object({ name })
export const lookedMembership = z.object({ name: membershipName })
export const identityGroup = z.object({ name, groupKey: key, labels })
export const found = z.object({ ...noError, groups: z.array(z.object({ groupKey: key })).optional(), nextPageToken })
export const membership = z.object({ name: membershipName, preferredMemberKey: key, roles })
export const memberships = z.object({ ...noError, memberships: z.array(membership).optional(), nextPageToken })
export const relations = z.object({
  ...noError,
  memberships: z.array(z.object({ groupKey: key, roles, labels })).optional(),
  nextPageToken,
})
/** Of a membership that is being made: https://docs.cloud.google.com/identity/docs/reference/rest/Shared.Types/Operation */
export const operation = z.object({
  name: text,
  done: flag,
  error: z.object({ code: z.number().nullish(), message: text }).nullish(),
  response: z.object({ name: text }).nullish().catch(null),
})
export type Operation = z.output<typeof operation>
export const modified = z.object({ membership: z.object({ name: membershipName }) })

/** https://developers.google.com/workspace/admin/reports/v1/reference/activities/list */
const parameter = z.object({ name: word, value: text, multiValue: z.array(z.string()).nullish().catch(null) })
export const activity = z.object({
  id: z.object({ time: z.string(), uniqueQualifier: text }),
  actor: z.object({ email: text, profileId: text, callerType: text, key: text }).nullish().catch(null),
  events: z
    .array(z.object({ name: word, type: word, parameters: z.array(parameter).nullish().catch(null) }))
    .nullish()
    .catch(null),
})
export type GoogleActivity = z.output<typeof activity>
export const activities = z.object({
  kind: z.string().regex(/reports#activities$/),
  items: z.array(activity).optional(),
  nextPageToken,
})

/** https://developers.google.com/workspace/admin/directory/v1/limits and google.rpc.Status, which Cloud Identity speaks. */
export const googleError = z.object({
  error: z.object({
    code: z.number().nullish(),
    message: z.string().nullish(),
    status: z.string().nullish(),
    errors: z
      .array(z.object({ reason: z.string().nullish(), message: z.string().nullish() }))
      .nullish()
      .catch(null),
  }),
})
export type GoogleError = z.output<typeof googleError>

/** Objects of a list that may be anything; what is no object is left out. */
export function entriesOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return []
  return value.filter((one): one is Readonly<Record<string, unknown>> => typeof one === 'object' && one !== null)
}

export function textIn(entry: Readonly<Record<string, unknown>> | undefined, name: string): string {
  const value = entry !== undefined && Object.hasOwn(entry, name) ? entry[name] : undefined
  return typeof value === 'string' ? value : ''
}
