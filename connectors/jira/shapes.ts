import { z } from 'zod'
import type { Instant } from '#core/instant.ts'

/**
 * What we read of Jira's answers. Only what is used is required; unknown fields, new values and nulls pass, so that a
 * change of the API does not stop us, while a missing id or an answer of another kind does.
 */

export const ISSUE_KEY = /^[A-Z][A-Z0-9_]*-\d+$/

/** `2026-11-25T09:04:00.000+0000`: a zone without a colon, which no standard date parser has to understand. */
export const jiraTime = z.string().transform((text, context): Instant => {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:?\d\d)$/.exec(text)
  const [, moment = '', zone = ''] = parts ?? []
  // Nearly always the zone of UTC, and a ticket has many moments.
  const instant = Date.parse(moment + (zone === '+0000' ? 'Z' : zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')))
  if (!Number.isNaN(instant)) return instant
  context.addIssue({ code: 'custom', message: 'expected a moment' })
  return z.NEVER
})

const id = z.string().regex(/^\d{1,20}$/)
const key = z.string().regex(ISSUE_KEY)
const status = z.object({ name: z.string() })
const person = z.object({ accountId: z.string().min(1).max(128) })

export const issue = z.object({
  id,
  key,
  fields: z.looseObject({
    status,
    project: z.object({ key: z.string() }),
    creator: person.nullish(),
    reporter: person.nullish(),
    created: jiraTime,
    updated: jiraTime,
  }),
})

/** Just enough to see that nothing moved. */
export const issueStand = z.object({ id, key, fields: z.looseObject({ status, updated: jiraTime }) })

export const request = z.object({ issueId: id, requestTypeId: z.string() })

/** A bag of values, each looked at on its own: one of them is called `toString`, and where it is missing every object has a function of that name. */
const changelogItem = z.record(z.string(), z.unknown())

export const changelogPage = z.object({
  total: z.int().min(0),
  isLast: z.boolean().nullish(),
  values: z.array(
    z.object({ id, author: person.nullish(), created: jiraTime, items: z.array(changelogItem).nullish() }),
  ),
})
export type ChangelogEntry = z.output<typeof changelogPage>['values'][number]

const decision = z.enum(['approved', 'declined', 'pending'])

export const approvalPage = z.object({
  isLastPage: z.boolean(),
  values: z.array(
    z.object({
      id,
      finalDecision: decision,
      approvers: z.array(
        z.object({ approver: z.object({ accountId: z.string().nullish() }), approverDecision: decision }),
      ),
      completedDate: z.object({ epochMillis: z.int() }).nullish(),
    }),
  ),
})
export type ApprovalEntry = z.output<typeof approvalPage>['values'][number]

export const transitionList = z.object({
  transitions: z.array(z.object({ id: z.string(), isAvailable: z.boolean().nullish(), to: status })),
})

const property = z.object({ key: z.string(), value: z.unknown() })

export const commentPage = z.object({
  total: z.int().min(0),
  comments: z.array(z.object({ id, properties: z.array(property).nullish() })),
})

export const commentProperty = property

export const newComment = z.object({ id })

export const newIssue = z.object({ id, key })

export const markedPage = z.object({
  issues: z.array(
    z.object({
      id,
      key,
      fields: z.looseObject({ labels: z.array(z.string()).nullish(), assignee: person.nullish() }),
    }),
  ),
})

export const searchPage = z.object({
  isLast: z.boolean().nullish(),
  nextPageToken: z.string().nullish(),
  issues: z.array(z.object({ key })),
})

export const account = z.object({
  accountId: z.string(),
  displayName: z.string().nullish(),
  active: z.boolean(),
  emailAddress: z.string().nullish(),
})

/** The platform, the service desk and the gateway before both each say no in their own way. */
export const jiraError = z.union([
  z.object({ errorMessages: z.array(z.string()), errors: z.record(z.string(), z.unknown()).nullish() }),
  z.object({ errorMessage: z.string() }),
  z.object({ message: z.string(), code: z.number() }),
])
export type JiraError = z.output<typeof jiraError>
