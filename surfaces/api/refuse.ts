import type { FastifyReply, FastifyRequest } from 'fastify'
import { AGAIN_PATH } from './again.ts'
import type { ErrorCode } from './errors.ts'
import { isAboutEntry, statusOf, wordsOf } from './errors.ts'
import { htmlOf } from './page.ts'
import type { ErrorAnswer } from './wire.ts'

/** Typed where the server runs, it prints another entry link. */
const LINK_COMMAND = 'npm exec -- tenure console link'
const HOW_TO_ENTER = `For a new link, run "${LINK_COMMAND}" in Tenure's folder on the machine where it runs.`

/** Says no: to a program in JSON, to a person as a page. `detail` is our own words, never a parser's or a vendor's. */
export function refuse(request: FastifyRequest, reply: FastifyReply, code: ErrorCode, detail = ''): FastifyReply {
  const how = isAboutEntry(code) ? HOW_TO_ENTER : null
  const words = detail ? `${wordsOf(code)} ${detail}` : wordsOf(code)
  reply.code(statusOf(code))
  if (code === 'starting') reply.header('retry-after', '1')
  if (!isForPeople(request)) {
    const answer: ErrorAnswer = { error: { code, words, how } }
    return reply.send(answer)
  }
  return reply.type('text/html; charset=utf-8').send(
    htmlOf({
      title: TITLES[code] ?? 'This did not work',
      paragraphs: how ? [words, 'For a new link, run this in Tenure’s folder on the machine where it runs:'] : [words],
      ...(how ? { command: LINK_COMMAND } : {}),
      ...(code === 'link used' && request.session
        ? { link: { href: '/console/', words: 'This browser is in already: open the console' } }
        : {}),
      ...(code === 'no session' && cameFromAnotherSite(request) ? { script: AGAIN_PATH } : {}),
    }),
  )
}

function isForPeople(request: FastifyRequest): boolean {
  return !/^\/(api|health|metrics)(\/|\?|$)/.test(request.url)
}

/** A browser keeps a `SameSite=Strict` cookie back when a link on another site (a ticket in Jira) led here: see `again.ts`. */
function cameFromAnotherSite(request: FastifyRequest): boolean {
  return request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] === 'navigate'
}

const TITLES: Partial<Readonly<Record<ErrorCode, string>>> = {
  'no session': 'You need an entry link',
  'link used': 'You need another link',
  'link expired': 'You need another link',
  'link unknown': 'This link leads nowhere',
  'not found': 'Nothing here',
  starting: 'Tenure is starting',
  fault: 'Something broke',
}
