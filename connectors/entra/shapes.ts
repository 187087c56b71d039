import { z } from 'zod'

/**
 * What we read of Entra's answers. Only what is used is required; unknown fields, new values and nulls pass, so that a change
 * of the API does not stop us, while a missing id or an answer of another kind does.
 */

/** An id goes into URLs and into our stream names. Entra's are GUIDs, which hold nothing that means something there. */
export const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const id = z.string().regex(ID)

/** What a row may be without: a null or something of another kind in it must not make a whole list unreadable. */
const text = z.string().nullish().catch(null)
const word = z.string().max(200).nullish().catch(null)
const flag = z.boolean().nullish().catch(null)
const words = z.array(z.string()).nullish().catch(null)

/** A row of `delta` that says that something is there no more; why is not asked, soft-deleted is gone as well. */
const removed = z.unknown().optional()

export const member = z.object({ id, '@odata.type': word })
export type EntraMember = z.output<typeof member>

export const user = z.object({
  id,
  '@removed': removed,
  userPrincipalName: text,
  mail: text,
  displayName: text,
  jobTitle: text,
  department: text,
  employeeId: text,
  userType: word,
  accountEnabled: flag,
  onPremisesSyncEnabled: flag,
  manager: z.object({ id }).nullish().catch(null),
  'manager@delta': z
    .array(z.object({ id, '@removed': removed }))
    .nullish()
    .catch(null),
})
export type EntraUser = z.output<typeof user>

export const PERSON_FIELDS =
  'id,userPrincipalName,mail,displayName,jobTitle,department,employeeId,userType,accountEnabled,onPremisesSyncEnabled'

export const group = z.object({
  id,
  '@odata.type': word,
  '@removed': removed,
  displayName: text,
  description: text,
  groupTypes: words,
  mailEnabled: flag,
  onPremisesSyncEnabled: flag,
  isAssignableToRole: flag,
  isManagementRestricted: flag,
  visibility: word,
})
export type EntraGroup = z.output<typeof group>

export const KIND_FIELDS =
  'id,groupTypes,mailEnabled,onPremisesSyncEnabled,isAssignableToRole,isManagementRestricted,visibility'
export const GROUP_FIELDS = `${KIND_FIELDS},displayName,description`

/** A row of the groups whose members changed. A null in place of the members says nothing, so it may be anything. */
export const changedGroup = z.object({ id, '@removed': removed, 'members@delta': z.unknown().optional() })

export const assignmentInstance = z.object({
  principalId: id,
  groupId: id,
  accessId: word,
  memberType: word,
  startDateTime: word,
  endDateTime: word,
})
export type AssignmentInstance = z.output<typeof assignmentInstance>

export const assignmentRequest = z.object({ id: word, status: word })
export type AssignmentRequest = z.output<typeof assignmentRequest>

const actor = z.object({ userPrincipalName: word, id: word, displayName: word, appId: word }).nullish().catch(null)

export const directoryAudit = z.object({
  id: z.string().min(1).max(500),
  activityDateTime: z.string(),
  activityDisplayName: word,
  category: word,
  result: word,
  initiatedBy: z.object({ user: actor, app: actor }).nullish().catch(null),
  targetResources: z
    .array(
      z.object({
        id: word,
        type: word,
        modifiedProperties: z
          .array(z.object({ displayName: word, oldValue: text, newValue: text }))
          .nullish()
          .catch(null),
      }),
    )
    .nullish()
    .catch(null),
})
export type DirectoryAudit = z.output<typeof directoryAudit>

export const signIn = z.object({
  id: z.string().min(1).max(500),
  createdDateTime: z.string(),
  userId: word,
  appId: word,
  userPrincipalName: word,
  status: z
    .object({ errorCode: z.number().nullish().catch(null) })
    .nullish()
    .catch(null),
})
export type SignIn = z.output<typeof signIn>

export interface GraphPage<Item> {
  readonly value: readonly Item[]
  readonly '@odata.nextLink'?: string | undefined
  readonly '@odata.deltaLink'?: string | undefined
}

const pages = new WeakMap<z.ZodType, z.ZodType>()

/** A page of such rows. Kept, because to make a shape costs more than to read a page with it. */
export function pageOf<Item>(item: z.ZodType<Item>): z.ZodType<GraphPage<Item>> {
  const known = pages.get(item) as z.ZodType<GraphPage<Item>> | undefined
  if (known !== undefined) return known
  const link = z.string().min(1).optional()
  const page = z.object({ value: z.array(item), '@odata.nextLink': link, '@odata.deltaLink': link })
  pages.set(item, page)
  return page
}

/** https://learn.microsoft.com/graph/errors */
export const graphError = z.object({
  error: z.object({
    code: z.string().max(200),
    message: text,
    innerError: z.object({ 'request-id': word }).nullish().catch(null),
  }),
})
export type GraphError = z.output<typeof graphError>

export const batchAnswer = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number().int(),
      headers: z.record(z.string(), z.string()).nullish().catch(null),
      body: z.unknown().optional(),
    }),
  ),
})
export type BatchItem = z.output<typeof batchAnswer>['responses'][number]
