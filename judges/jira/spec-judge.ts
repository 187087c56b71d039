import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OpenAPIBackend, type Document } from 'openapi-backend'
import type { HttpAnswer, HttpRequest } from '../../connectors/kit/io.ts'

/** The vendor's published description, as a judge of what we send and of what the stand-in answers. */
export interface SpecJudge {
  /** What is wrong with this exchange; empty when nothing is. `undocumented` when the vendor describes no such call. */
  faultsOf(request: HttpRequest, answer: HttpAnswer): readonly string[]
}

const FILES = { platform: 'jira-platform.json', serviceDesk: 'jira-service-management.json' } as const

export async function createSpecJudge(folder: string): Promise<SpecJudge> {
  const platform = await judgeOf(join(folder, FILES.platform))
  const serviceDesk = await judgeOf(join(folder, FILES.serviceDesk))
  return {
    faultsOf(request, answer) {
      const url = new URL(request.url)
      const path = url.pathname.replace(/^\/ex\/jira\/[^/]+/, '')
      return faults(path.startsWith('/rest/servicedeskapi/') ? serviceDesk : platform, request, path, url, answer)
    },
  }
}

async function judgeOf(file: string): Promise<OpenAPIBackend> {
  const definition = JSON.parse(readFileSync(file, 'utf8')) as Document
  Object.values(definition.components?.schemas ?? {}).forEach(close)
  const api = new OpenAPIBackend({
    definition,
    strict: false,
    // Reads what is needed when it is needed: the whole description takes a quarter of a minute.
    quick: true,
    // Jira writes dates without the colon that RFC 3339 asks for, and the description promises it all the same.
    ajvOpts: { strict: false, validateFormats: false },
  })
  await api.init()
  return api
}

/** Every object with known properties is closed: the vendor's schemas let a misspelt name through. */
function close(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return
  if ('$ref' in schema) return withoutSiblings(schema)
  const { properties, items, additionalProperties, allOf, anyOf, oneOf } = schema as Readonly<Record<string, unknown>>
  for (const inner of [items, additionalProperties]) close(inner)
  for (const list of [allOf, anyOf, oneOf]) if (Array.isArray(list)) list.forEach(close)
  if (typeof properties !== 'object' || properties === null) return
  Object.values(properties).forEach(close)
  Object.assign(schema, { additionalProperties: false })
}

/** OpenAPI 3.0 ignores what stands beside a `$ref`; the published file has such a place, and its own schema refuses it. */
function withoutSiblings(schema: object): void {
  for (const name of Object.keys(schema)) if (name !== '$ref') Reflect.deleteProperty(schema, name)
}

function faults(
  api: OpenAPIBackend,
  request: HttpRequest,
  path: string,
  url: URL,
  answer: HttpAnswer,
): readonly string[] {
  const query: Record<string, string | string[]> = {}
  for (const name of url.searchParams.keys()) query[name] = url.searchParams.getAll(name)
  for (const [name, values] of Object.entries(query)) if (values.length === 1) query[name] = values[0] ?? ''
  const body: unknown = request.body === '' ? undefined : JSON.parse(request.body)
  const asked = { method: request.method, path, headers: { ...request.headers }, query, body }
  const operation = api.router.matchOperation(asked)
  if (operation?.operationId === undefined) return [`undocumented: ${request.method} ${path}`]
  if (operation.responses?.[String(answer.status)] === undefined)
    return [`undocumented: ${answer.status} to ${operation.operationId}`]

  const wrong = [...(api.validateRequest(asked, operation).errors ?? [])].map(
    (error) => `request ${error.instancePath} ${error.message}`,
  )
  if (answer.body === '') return wrong
  // Jira sends null for what is empty, where its description knows only absent.
  const said: unknown = JSON.parse(answer.body, (_name, value: unknown) => (value === null ? undefined : value))
  const wrongAnswer = api.validateResponse(said, operation, answer.status).errors ?? []
  return [
    ...wrong,
    ...wrongAnswer.map((error) => `answer ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`),
  ]
}
