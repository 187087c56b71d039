import { z } from 'zod'

/**
 * What we read of Okta's answers. Only what is used is required; unknown fields, new values and nulls pass, so that
 * a change of the API does not stop us, while a missing id or an answer of another kind does.
 */

/**
 * An id goes into URLs and into our stream names, so it may hold nothing that means something there. Okta's are 20
 * letters and digits.
 */
export const ID = /^[A-Za-z0-9_-]{1,100}$/
const id = z.string().regex(ID)

/** Custom attributes of any kind: read one by one with `textOf`. */
const attributes = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected an object',
)

/** What a row may be without: a null or something of another kind in it must not make a whole list unreadable. */
const word = z.string().max(100).nullish().catch(null)
const maybeAttributes = attributes.nullish().catch(null)

export const user = z.object({
  id,
  status: word,
  profile: maybeAttributes,
  credentials: z.object({ emails: z.unknown() }).nullish().catch(null),
})
export type OktaUser = z.output<typeof user>

/** Who may sign in, and where a deactivation is under way. */
export const accountState = z.object({ id, status: word, transitioningToStatus: word })
export type AccountState = z.output<typeof accountState>

const named = z.object({
  id: z.string().nullish().catch(null),
  type: word,
  alternateId: z.string().nullish().catch(null),
  displayName: z.string().nullish().catch(null),
})

export const logEvent = z.object({
  uuid: z.string(),
  published: z.string(),
  eventType: z.string(),
  actor: named.nullish().catch(null),
  target: z.array(named).nullish().catch(null),
  outcome: z.object({ result: word }).nullish().catch(null),
})
export type LogEvent = z.output<typeof logEvent>

export const group = z.object({ id, type: word, profile: maybeAttributes })
export type OktaGroup = z.output<typeof group>

export const groupRule = z.object({
  id: z.string().nullish(),
  name: z.string().nullish(),
  status: word,
  conditions: z
    .object({
      expression: z.object({ value: z.string().nullish() }).nullish(),
      people: z
        .object({
          users: z.object({ exclude: z.array(z.string()).nullish() }).nullish(),
          groups: z.object({ exclude: z.array(z.string()).nullish() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  actions: z.object({ assignUserToGroups: z.object({ groupIds: z.array(z.string()).nullish() }).nullish() }).nullish(),
})
export type OktaGroupRule = z.output<typeof groupRule>

const pages = new WeakMap<z.ZodType, z.ZodType>()

/** A page of such rows. Kept, because to make a shape costs more than to read a page with it. */
export function pageOf<Item>(item: z.ZodType<Item>): z.ZodType<Item[]> {
  const known = pages.get(item) as z.ZodType<Item[]> | undefined
  if (known !== undefined) return known
  const page = z.array(item)
  pages.set(item, page)
  return page
}

/** https://developer.okta.com/docs/reference/error-codes/ */
export const oktaError = z.object({
  errorCode: z.string().max(100),
  errorSummary: z.string().nullish(),
  errorId: z.string().nullish(),
})
export type OktaError = z.output<typeof oktaError>

/** The attribute as text; '' when it is missing or of another kind. */
export function textOf(profile: OktaUser['profile'] | OktaGroup['profile'], name: string): string {
  const value = profile !== null && profile !== undefined && Object.hasOwn(profile, name) ? profile[name] : undefined
  return typeof value === 'string' ? value : ''
}
