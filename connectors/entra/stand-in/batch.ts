import type { HttpRequest } from '#connectors/kit/io.ts'

/** https://learn.microsoft.com/graph/json-batching#batch-size-limitations */
const MOST = 20

const METHODS: ReadonlySet<unknown> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** The requests of a batch, as if each had come alone with the credentials of the batch; null: it is no batch. */
export function requestsIn(
  { body, headers }: HttpRequest,
  base: string,
): readonly { readonly id: string; readonly request: HttpRequest }[] | null {
  const items = itemsIn(body)
  if (items === null || items.length === 0 || items.length > MOST) return null
  if (new Set(items.map((item) => item['id'])).size < items.length) return null
  const found = items.flatMap((item) => {
    const { id, method, url, body: own } = item
    const given = (item['headers'] ?? {}) as Record<string, string>
    const type = Object.entries(given).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
    if (typeof id !== 'string' || !METHODS.has(method) || typeof url !== 'string') return []
    // A body without its type is refused, and with it the whole batch.
    if (own !== undefined && type === undefined) return []
    const address = base + (url.startsWith('/') ? url : `/${url}`)
    const authorization = headers['authorization'] ?? ''
    const text = own === undefined ? '' : JSON.stringify(own)
    return [{ id, request: { method, url: address, headers: { authorization }, body: text } as HttpRequest }]
  })
  return found.length < items.length ? null : found
}

function itemsIn(body: string): readonly Record<string, unknown>[] | null {
  try {
    const { requests } = JSON.parse(body) as { requests?: unknown }
    const isList = Array.isArray(requests) && requests.every((item) => typeof item === 'object' && item !== null)
    return isList ? (requests as Record<string, unknown>[]) : null
  } catch {
    return null
  }
}
