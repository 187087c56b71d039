import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
import type { HttpAnswer, HttpRequest } from '../../connectors/kit/io.ts'

/**
 * Google's discovery documents as judge of every message. They are nearly JSON Schema: references have no address, and objects
 * are open, so that a misspelt name would pass. Each method also says which scopes open it, and that is judged as well: by what
 * the assertion asked for with which the token was had.
 */
export interface Judge {
  observe(request: HttpRequest, answer: HttpAnswer): void
  /** How often each method was seen with which answer. */
  readonly seen: ReadonlyMap<string, number>
  /** Calls that no document describes. */
  readonly undescribed: ReadonlyMap<string, number>
  readonly complaints: readonly string[]
}

interface Discovery {
  readonly id: string
  readonly parameters: Readonly<Record<string, Parameter>>
  readonly schemas: Readonly<Record<string, object>>
  readonly resources: Readonly<Record<string, Resource>>
}

interface Resource {
  readonly methods?: Readonly<Record<string, Method>>
  readonly resources?: Readonly<Record<string, Resource>>
}

interface Method {
  readonly id: string
  readonly httpMethod: string
  readonly path: string
  readonly parameters?: Readonly<Record<string, Parameter>>
  readonly request?: { readonly $ref: string }
  readonly response?: { readonly $ref: string }
  readonly scopes: readonly string[]
}

interface Parameter {
  readonly location: 'path' | 'query'
  readonly type: 'string' | 'integer' | 'boolean'
  readonly required?: boolean
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: string
  readonly maximum?: string
}

const FILES = ['google-directory-v1.discovery.json', 'google-reports-v1.discovery.json'] as const

/** Cloud Identity and the token endpoint have no document here: nobody can judge them. */
const UNDESCRIBED = [/^\/v1\/groups/, /^\/token$/]

interface Described extends Method {
  readonly form: RegExp
  readonly common: Readonly<Record<string, Parameter>>
  readonly schema: (name: string) => ValidateFunction
}

export function createJudge(folder: string): Judge {
  const methods = FILES.flatMap((file) => methodsIn(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Discovery))
  const seen = new Map<string, number>()
  const undescribed = new Map<string, number>()
  const complaints: string[] = []
  const scopeOf = new Map<string, string>()

  function count(map: Map<string, number>, name: string): void {
    map.set(name, (map.get(name) ?? 0) + 1)
  }

  function observe(request: HttpRequest, answer: HttpAnswer): void {
    const { pathname, searchParams } = new URL(request.url)
    if (UNDESCRIBED.some((path) => path.test(pathname))) {
      if (pathname === '/token') remember(request, answer)
      const name = pathname.replace(/\/groups\/\w+/, '/groups/{id}').replace(/\/memberships\/\d+/, '/memberships/{id}')
      return count(undescribed, `${request.method} ${name}`)
    }
    const method = methods.find((each) => each.httpMethod === request.method && each.form.test(pathname))
    if (method === undefined) return void complaints.push(`${request.method} ${pathname}: no such method`)
    count(seen, `${method.id} ${answer.status}`)
    complain(method.id, [
      ...faultsInParameters(method, pathname, searchParams),
      ...faultsInRequest(method, request),
      ...faultsInAnswer(method, answer),
    ])
    const scope = scopeOf.get(request.headers['authorization'] ?? '')
    if (scope === undefined || !method.scopes.includes(scope))
      complain(method.id, [`the scope ${scope} does not open it`])
  }

  /** What the token that comes back is for. */
  function remember({ body }: HttpRequest, answer: HttpAnswer): void {
    if (answer.status !== 200) return
    const claims = new URLSearchParams(body).get('assertion')?.split('.')[1] ?? ''
    const { scope } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { scope: string }
    const { access_token: token } = JSON.parse(answer.body) as { access_token: string }
    scopeOf.set(`Bearer ${token}`, scope)
  }

  function complain(name: string, faults: readonly string[]): void {
    complaints.push(...faults.map((fault) => `${name}: ${fault}`))
  }

  return { observe, seen, undescribed, complaints }
}

function methodsIn(document: Discovery): readonly Described[] {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  for (const [name, schema] of Object.entries(document.schemas)) {
    ajv.addSchema(closed(schema) as object, `${document.id}/${name}`)
  }
  const schema = (name: string): ValidateFunction => {
    const found = ajv.getSchema(`${document.id}/${name}`)
    if (found === undefined) throw new Error(`no schema ${name}`)
    return found
  }

  /** References get an address, `any` means anything, and objects with known names are closed. */
  function closed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(closed)
    if (typeof value !== 'object' || value === null) return value
    const { $ref, id: _, type, required: __, ...rest } = value as Readonly<Record<string, unknown>>
    if (typeof $ref === 'string') return { $ref: `${document.id}/${$ref}` }
    const inner = Object.fromEntries(
      Object.entries(rest).map(([name, each]) => [name, name === 'properties' ? mapped(each) : closed(each)]),
    )
    const isClosed = type === 'object' && 'properties' in rest && !('additionalProperties' in rest)
    return {
      ...inner,
      ...(type === undefined || type === 'any' ? {} : { type }),
      ...(isClosed ? { additionalProperties: false } : {}),
    }
  }

  function mapped(value: unknown): unknown {
    return Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, closed(each)]))
  }

  function below(resources: Readonly<Record<string, Resource>> | undefined): readonly Method[] {
    return Object.values(resources ?? {}).flatMap((each) => [
      ...Object.values(each.methods ?? {}),
      ...below(each.resources),
    ])
  }

  // A path that takes whatever comes (`{+name}`) would take ours as well; none of them is used.
  const plain = below(document.resources).filter(({ path }) => !path.includes('{+'))
  return plain.map((method) => ({
    ...method,
    form: new RegExp(`^/${method.path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '([^/]+)')}$`),
    common: document.parameters,
    schema,
  }))
}

function faultsInParameters(method: Described, pathname: string, query: URLSearchParams): readonly string[] {
  const names = [...method.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
  const values = (method.form.exec(pathname) ?? []).slice(1).map(decodeURIComponent)
  const given = [...names.map((name, place) => [name, values[place] ?? ''] as const), ...query]
  const known = { ...method.common, ...method.parameters }
  const missing = Object.entries(method.parameters ?? {}).filter(
    ([name, { required }]) => required === true && !given.some(([each]) => each === name),
  )
  return [
    ...missing.map(([name]) => `${name} is missing`),
    ...given.flatMap(([name, value]) => {
      const parameter = known[name]
      return parameter === undefined ? [`${name} is no parameter`] : faultsInValue(name, value, parameter)
    }),
  ]
}

function faultsInValue(name: string, value: string, parameter: Parameter): readonly string[] {
  const { type, minimum, maximum, pattern } = parameter
  const number = Number(value)
  const isOff =
    (type === 'integer' && !Number.isInteger(number)) ||
    (type === 'boolean' && value !== 'true' && value !== 'false') ||
    (minimum !== undefined && number < Number(minimum)) ||
    (maximum !== undefined && number > Number(maximum)) ||
    (parameter.enum !== undefined && !parameter.enum.includes(value)) ||
    (pattern !== undefined && !new RegExp(pattern).test(value))
  return isOff ? [`${name} is ${value}`] : []
}

function faultsInRequest(method: Described, { body }: HttpRequest): readonly string[] {
  if (method.request === undefined) return body === '' ? [] : ['a body where there is none']
  const check = method.schema(method.request.$ref)
  return check(JSON.parse(body === '' ? '{}' : body)) ? [] : [`request: ${JSON.stringify(check.errors)}`]
}

function faultsInAnswer(method: Described, { status, body }: HttpAnswer): readonly string[] {
  // An error, and an answer that is not sent again, have no schema.
  if (status >= 300) return []
  if (method.response === undefined) return body === '' ? [] : ['an answer where there is none']
  if (body === '') return ['no answer']
  const check = method.schema(method.response.$ref)
  return check(JSON.parse(body)) ? [] : [`answer: ${JSON.stringify(check.errors?.slice(0, 3))}`]
}
