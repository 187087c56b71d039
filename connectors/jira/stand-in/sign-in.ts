import { HOUR_MS, type Instant } from '#core/instant.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import type { Account, Site } from './site.ts'

/** Who is calling: by e-mail and API token (basic), by an access token, or by the service account's API token as a bearer. */
export function callerOf(site: Site, request: HttpRequest, now: Instant): Account | null {
  const header = request.headers['authorization'] ?? ''
  const found = /^basic /i.test(header) ? basicCaller(site, header) : bearer(site, header, now)
  return found?.accountId === site.seed.serviceAccount.accountId && site.refusesServiceAccount ? null : found
}

/** Accounts of a site and their tokens never change, so who was found once is found. */
function basicCaller(site: Site, header: string): Account | null {
  const known = site.basicCallers.get(header)
  if (known !== undefined) return known
  const [email, token] = splitOnce(Buffer.from(header.slice(6), 'base64').toString('utf8'), ':')
  const found = [...site.accounts.values()].find((account) => account.email === email && account.apiToken === token)
  if (found?.active !== true) return null
  site.basicCallers.set(header, found)
  return found
}

function bearer(site: Site, header: string, now: Instant): Account | null {
  if (!/^bearer /i.test(header)) return null
  const credential = header.slice(7)
  const { serviceAccount } = site.seed
  if (credential === serviceAccount.apiToken) return site.accounts.get(serviceAccount.accountId) ?? null
  const issued = site.accessTokens.get(credential)
  if (issued === undefined || issued.expiresAt <= now) return null
  return site.accounts.get(issued.accountId) ?? null
}

/** `POST /oauth/token` with client credentials, in JSON or as a form. Null when they are wrong. */
export function issueAccessToken(site: Site, request: HttpRequest, now: Instant): object | null {
  const given = readCredentials(request)
  const { clientId, clientSecret, accountId } = site.seed.serviceAccount
  if (given['grant_type'] !== 'client_credentials') return null
  if (given['client_id'] !== clientId || given['client_secret'] !== clientSecret) return null
  const token = `stand-in-access-token-${site.accessTokens.size + 1}`
  site.accessTokens.set(token, { accountId, expiresAt: now + HOUR_MS })
  return {
    access_token: token,
    expires_in: HOUR_MS / 1000,
    token_type: 'Bearer',
    scope: 'read:jira-work write:jira-work',
  }
}

/** The header with which a person's browser or script would call. */
export function authorizationOf(account: Account): string {
  return `Basic ${Buffer.from(`${account.email}:${account.apiToken}`).toString('base64')}`
}

function readCredentials(request: HttpRequest): Readonly<Record<string, unknown>> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    return Object.fromEntries(new URLSearchParams(request.body))
  }
  try {
    const read: unknown = JSON.parse(request.body)
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {}
  }
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
