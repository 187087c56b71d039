import type { GroupRef } from '#core/identity-action/membership-key.ts'

/** Vendors' ids hold no slash; an account is an id, or an address of an unknown kind, so it is written as in a URL. */
export function findingStream({ provider, id }: GroupRef, account: string): string {
  return `finding/${provider}/${id}/${encodeURIComponent(account)}`
}

export function accountOfFinding(stream: string): string {
  return decodeURIComponent(stream.split('/')[3] ?? '')
}

/** Finds a finding by its id. */
export function findingKey(findingId: string): string {
  return `finding:${findingId}`
}

/** Finds all that are open. */
export const OPEN_FINDING_KEY = 'open finding'

/** Finds those that are open in one group. */
export function openInKey({ provider, id }: GroupRef): string {
  return `open finding in:${provider}/${id}`
}

/** Finds all that one look found, open or not. */
export function foundWithKey(leadId: string): string {
  return `found with:${leadId}`
}
