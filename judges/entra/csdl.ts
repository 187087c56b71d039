/**
 * Microsoft's description of Graph (OData CSDL, XML), as far as it takes to judge messages: types with their properties, enums, what
 * the root holds, and what is bound to a type. Read by a scanner of tags: the file is Microsoft's own and well formed.
 * https://docs.oasis-open.org/odata/odata-csdl-xml/v4.01/odata-csdl-xml-v4.01.html
 */
export interface Description {
  readonly types: ReadonlyMap<string, TypeOfObject>
  readonly enums: ReadonlyMap<string, ReadonlySet<string>>
  /** What the root holds, by name: a collection of a type, or one. */
  readonly roots: ReadonlyMap<string, string>
  /** Actions and functions: `name` and what they are bound to, e.g. `delta Collection(microsoft.graph.user)`, with what they return. */
  readonly bound: ReadonlyMap<string, string | null>
}

export interface TypeOfObject {
  readonly name: string
  readonly base: string | null
  readonly properties: ReadonlyMap<string, Property>
}

export interface Property {
  readonly type: string
  readonly nullable: boolean
  readonly navigates: boolean
}

interface OpenType extends TypeOfObject {
  readonly properties: Map<string, Property>
}

const TAG = /<(\/?)([\w:]+)((?:\s+[\w.:]+="[^"]*")*)\s*(\/?)>/g

export function describedIn(xml: string): Description {
  const types = new Map<string, OpenType>()
  const enums = new Map<string, Set<string>>()
  const roots = new Map<string, string>()
  const bound = new Map<string, string | null>()
  const aliases = new Map(
    [...xml.matchAll(/<Schema Namespace="([^"]+)" Alias="([^"]+)"/g)].map(([, name, alias]) => [alias!, name!]),
  )
  let namespace = ''
  let type: OpenType | null = null
  let members: Set<string> | null = null
  let operation: { name: string; to: string | null; returns: string | null } | null = null

  /** `graph.user` and `Collection(graph.user)` in full. */
  const full = (name: string): string =>
    name.replace(/^(Collection\()?([\w.]+?)\.(\w+)(\)?)$/, (_, open = '', space: string, last: string, close = '') => {
      return `${open}${aliases.get(space) ?? space}.${last}${close}`
    })

  for (const [, isEnd, tag = '', rest = ''] of xml.matchAll(TAG)) {
    const attributes = Object.fromEntries(
      [...rest.matchAll(/([\w.:]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
    )
    const { Name: name = '', Type: of = '' } = attributes
    if (isEnd === '/') {
      if (tag === 'EntityType' || tag === 'ComplexType') type = null
      if (tag === 'EnumType') members = null
      if (operation !== null && (tag === 'Action' || tag === 'Function')) {
        if (operation.to !== null) bound.set(`${operation.name} ${operation.to}`, operation.returns)
        operation = null
      }
      continue
    }
    if (tag === 'Schema') namespace = attributes['Namespace'] ?? ''
    else if (tag === 'EntityType' || tag === 'ComplexType') {
      const base = attributes['BaseType']
      const found: OpenType = {
        name: `${namespace}.${name}`,
        base: base === undefined ? null : full(base),
        properties: new Map(),
      }
      types.set(found.name, found)
      // One without anything in it is closed at once.
      type = rest.endsWith('/') ? null : found
    } else if (tag === 'EnumType') {
      members = new Set()
      enums.set(`${namespace}.${name}`, members)
    } else if (tag === 'Member') members?.add(name)
    else if ((tag === 'Property' || tag === 'NavigationProperty') && type !== null) {
      const nullable = attributes['Nullable'] !== 'false'
      type.properties.set(name, { type: full(of), nullable, navigates: tag === 'NavigationProperty' })
    } else if (tag === 'EntitySet') roots.set(name, `Collection(${full(attributes['EntityType'] ?? '')})`)
    else if (tag === 'Singleton') roots.set(name, full(of))
    else if ((tag === 'Action' || tag === 'Function') && attributes['IsBound'] === 'true') {
      operation = { name, to: null, returns: null }
    } else if (tag === 'Parameter' && operation !== null) operation.to ??= full(of)
    else if (tag === 'ReturnType' && operation !== null) operation.returns = full(of)
  }
  return { types, enums, roots, bound }
}

/** The property of a type, its own or inherited. */
export function propertyOf({ types }: Description, typeName: string, name: string): Property | null {
  for (let type = types.get(typeName); type !== undefined; type = types.get(type.base ?? '')) {
    const found = type.properties.get(name)
    if (found !== undefined) return found
  }
  return null
}

export function derives({ types }: Description, typeName: string, from: string): boolean {
  for (let type = types.get(typeName); type !== undefined; type = types.get(type.base ?? '')) {
    if (type.name === from) return true
  }
  return false
}

/** What is in a collection, or null. */
export function itemOf(typeName: string): string | null {
  return /^Collection\((.+)\)$/.exec(typeName)?.[1] ?? null
}
