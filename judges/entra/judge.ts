import type { HttpAnswer, HttpRequest } from '../../connectors/kit/io.ts'
import { derives, itemOf, propertyOf } from './csdl.ts'
import type { Description } from './csdl.ts'
import { wrongWith } from './values.ts'

export interface Judge {
  observe(request: HttpRequest, answer: HttpAnswer): void
  /** What was judged: the form of an address, its method and the status, and how often. */
  readonly seen: ReadonlyMap<string, number>
  /** OData's own addresses, and those of other services, which no type describes. */
  readonly undescribed: ReadonlyMap<string, number>
  readonly complaints: readonly string[]
}

const BELOW = '/v1.0/'

/** Holds every request and every answer against the description. What is in a batch is judged as if it had come alone. */
export function createJudge(description: Description): Judge {
  const seen = new Map<string, number>()
  const undescribed = new Map<string, number>()
  const complaints: string[] = []
  const count = (map: Map<string, number>, name: string): void => void map.set(name, (map.get(name) ?? 0) + 1)

  /** Where an address leads: the type of what is there; null: nowhere. */
  function typeAt(segments: readonly string[]): string | null {
    const [first = '', ...others] = segments
    let at = description.roots.get(first) ?? null
    for (const segment of others) {
      if (at === null) return null
      const item = itemOf(at)
      const operation = segment.replace(/^microsoft\.graph\./, '').replace(/\(\)$/, '')
      const returned = description.bound.get(`${operation} ${at}`)
      if (returned !== undefined) at = returned
      else if (item !== null) at = item
      else at = propertyOf(description, at, segment)?.type ?? null
    }
    return at
  }

  /** A property of the type or, in a list of objects of several kinds, of any of them. */
  function knows(typeName: string, name: string): boolean {
    if (propertyOf(description, typeName, name) !== null) return true
    return (
      typeName === 'microsoft.graph.directoryObject' &&
      ['user', 'group'].some((kind) => knows(`microsoft.graph.${kind}`, name))
    )
  }

  function judgeQuery(query: URLSearchParams, typeName: string, name: string): void {
    for (const [key, value] of query) {
      if (!QUERY.has(key)) complaints.push(`${name}: the query parameter ${key} is unknown`)
      const [expanded = ''] = value.split('(')
      const names =
        key === '$select'
          ? value.split(',')
          : key === '$filter'
            ? [...value.matchAll(/(\w+) (?:eq|ge|le|gt|lt) /g)].map(([, each]) => each ?? '')
            : key === '$expand'
              ? [expanded]
              : []
      for (const each of names)
        if (!knows(typeName, each)) complaints.push(`${name}: ${key} names ${each}, which is not described`)
    }
  }

  function judgeBody(text: string, typeName: string, isReference: boolean, name: string): void {
    const body = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (!isReference) complaints.push(...wrongWith(description, body, typeName, `${name}, request`))
    else if (
      !/\/v1\.0\/directoryObjects\/[0-9a-f-]{36}$/.test(String(body['@odata.id'])) ||
      Object.keys(body).length !== 1
    ) {
      complaints.push(`${name}: no reference to a directory object`)
    }
  }

  function judgeError(body: string, name: string): void {
    const { error, ...more } = JSON.parse(body) as { error?: { code?: unknown; message?: unknown } }
    const isError =
      typeof error?.code === 'string' && typeof error.message === 'string' && Object.keys(more).length === 0
    if (!isError) complaints.push(`${name}: an error of another form`)
  }

  function judgeOne(request: HttpRequest, answer: HttpAnswer): void {
    const url = new URL(request.url)
    const segments = decodeURIComponent(url.pathname.slice(BELOW.length)).split('/')
    const form = `${request.method} /${segments.map((each) => (/^[0-9a-f-]{36}$/.test(each) ? '{id}' : each)).join('/')}`
    const name = `${form} ${answer.status}`
    const isReference = segments.at(-1) === '$ref'
    const typeName = typeAt(isReference ? segments.slice(0, -1) : segments)
    if (typeName === null) {
      complaints.push(`${name}: no such address`)
      return
    }
    count(seen, name)
    const item = itemOf(typeName)
    judgeQuery(url.searchParams, item ?? typeName, name)
    if (request.body !== '') judgeBody(request.body, item ?? typeName, isReference, name)
    if (answer.status === 204) {
      if (answer.body !== '') complaints.push(`${name}: a body`)
    } else if (answer.status >= 400) judgeError(answer.body, name)
    else judgeAnswer(JSON.parse(answer.body), typeName, item, request.method, name)
  }

  function judgeAnswer(body: unknown, typeName: string, item: string | null, method: string, name: string): void {
    // What is posted to a collection comes back as one of it.
    if (item !== null && method === 'POST') complaints.push(...wrongWith(description, body, item, name))
    else if (item === null && !typeName.startsWith('Edm.'))
      complaints.push(...wrongWith(description, body, typeName, name))
    else {
      const { value, ...rest } = body as Readonly<Record<string, unknown>>
      complaints.push(...wrongWith(description, value, typeName, name))
      const strange = Object.keys(rest).filter((each) => !/^@odata\.(context|nextLink|deltaLink|count)$/.test(each))
      if (strange.length > 0) complaints.push(`${name}: ${strange.join(', ')} beside the list`)
    }
  }

  function observe(request: HttpRequest, answer: HttpAnswer): void {
    const { origin, pathname } = new URL(request.url)
    if (!pathname.startsWith(BELOW)) {
      count(undescribed, `${request.method} ${pathname.replace(/[0-9a-f-]{36}/, '{tenant}')}`)
      return
    }
    if (decodeURIComponent(pathname) !== `${BELOW}$batch`) return judgeOne(request, answer)
    count(undescribed, `${request.method} /$batch`)
    if (answer.status !== 200) return judgeError(answer.body, 'POST /$batch')
    const { requests } = JSON.parse(request.body) as { requests: BatchRequest[] }
    const { responses } = JSON.parse(answer.body) as { responses: BatchResponse[] }
    for (const { id, method, url, body } of requests) {
      const found = responses.filter((each) => each.id === id)
      const [response] = found
      if (response === undefined || found.length > 1)
        complaints.push(`POST /$batch: ${found.length} answers to one request`)
      else {
        const asked = {
          method,
          url: `${origin}/v1.0${url}`,
          headers: {},
          body: body === undefined ? '' : JSON.stringify(body),
        }
        judgeOne(asked, { ...response, headers: {}, body: response.body === null ? '' : JSON.stringify(response.body) })
      }
    }
  }

  return { observe, seen, undescribed, complaints }
}

interface BatchRequest {
  readonly id: string
  readonly method: HttpRequest['method']
  readonly url: string
  readonly body?: unknown
}

interface BatchResponse {
  readonly id: string
  readonly status: number
  readonly body: unknown
}

const QUERY: ReadonlySet<string> = new Set([
  '$select',
  '$filter',
  '$expand',
  '$top',
  '$skiptoken',
  '$deltatoken',
  '$count',
])

/** Whether the description is one: it knows the types that everything else rests on. */
export function looksWhole(description: Description): boolean {
  const kinds = ['user', 'group'].every((kind) =>
    derives(description, `microsoft.graph.${kind}`, 'microsoft.graph.directoryObject'),
  )
  return kinds && description.bound.has('delta Collection(microsoft.graph.user)')
}
