import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { page } from './answers.ts'
import { answerFromPage, approvalsPage } from './page-approvals.ts'
import { alert, frame } from './page-frame.ts'
import { homePage } from './page-home.ts'
import { portalPage, raiseFromPortal } from './page-portal.ts'
import { editFromPage, moveFromPage, ticketPage } from './page-ticket.ts'
import { fit } from './route.ts'
import type { Site } from './site.ts'
import type { Visit } from './visit.ts'

/** The pages for people. Forms go through the same deeds as the REST API, as the account that was chosen. */
export function pageAnswer(site: Site, request: HttpRequest, url: URL, now: Instant): HttpAnswer {
  const form = new URLSearchParams(request.method === 'POST' ? request.body : '')
  const chosen = site.accounts.get(form.get('as') ?? url.searchParams.get('as') ?? '')
  const me = chosen?.active === true ? chosen : null
  // The page that a form stands on, so that its links still lead somewhere when the form is refused.
  const path = url.pathname.replace(/^(\/browse\/[^/]+|\/approvals)\/.*$/, '$1')
  const visit: Visit = { site, me, path, query: url.searchParams, form, now }
  if (request.method === 'GET') return url.pathname === path ? shown(visit) : nothing(visit)
  if (request.method !== 'POST')
    return page(405, frame(visit, 'Not allowed', alert('Pages are read and forms are posted.')))
  const origin = request.headers['origin']
  if (origin !== undefined && origin !== url.origin) {
    return page(403, frame(visit, 'Not allowed', alert('This form was posted from another site.')))
  }
  return posted(visit, url.pathname)
}

function shown(visit: Visit): HttpAnswer {
  if (visit.path === '/') return homePage(visit)
  if (visit.path === '/portal') return portalPage(visit)
  if (visit.path === '/approvals') return approvalsPage(visit)
  const [key] = fit('/browse/{}', visit.path) ?? []
  return key === undefined ? nothing(visit) : ticketPage(visit, key)
}

function posted(visit: Visit, action: string): HttpAnswer {
  if (action === '/portal') return raiseFromPortal(visit)
  const [moved] = fit('/browse/{}/transition', action) ?? []
  if (moved !== undefined) return moveFromPage(visit, moved)
  const [edited] = fit('/browse/{}/edit', action) ?? []
  if (edited !== undefined) return editFromPage(visit, edited)
  const [answered, approvalId = ''] = fit('/approvals/{}/{}', action) ?? []
  return answered === undefined ? nothing(visit) : answerFromPage(visit, answered, approvalId)
}

function nothing(visit: Visit): HttpAnswer {
  return page(404, frame(visit, 'Nothing here', alert('There is no such page on this site.')))
}
