import { derives, itemOf, propertyOf } from './csdl.ts'
import type { Description } from './csdl.ts'

/** What is wrong with a value of this type: unknown properties, other kinds, nulls where none may be, words of no enum. */
export function wrongWith(description: Description, value: unknown, typeName: string, at: string): readonly string[] {
  const item = itemOf(typeName)
  if (item !== null) {
    if (!Array.isArray(value)) return [`${at}: no list`]
    return value.flatMap((one, place) => wrongWith(description, one, item, `${at}[${place}]`))
  }
  const primitive = PRIMITIVES[typeName]
  if (primitive !== undefined) return primitive(value) ? [] : [`${at}: ${JSON.stringify(value)} is no ${typeName}`]
  const members = description.enums.get(typeName)
  if (members !== undefined) {
    return typeof value === 'string' && members.has(value)
      ? []
      : [`${at}: ${JSON.stringify(value)} is no word of ${typeName}`]
  }
  if (!description.types.has(typeName)) return [`${at}: the type ${typeName} is not described`]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: no object`]
  return wrongWithObject(description, value as Readonly<Record<string, unknown>>, typeName, at)
}

function wrongWithObject(
  description: Description,
  value: Readonly<Record<string, unknown>>,
  declared: string,
  at: string,
): readonly string[] {
  const named = value['@odata.type']
  const typeName = typeof named === 'string' ? named.replace(/^#/, '') : declared
  if (!derives(description, typeName, declared)) return [`${at}: ${typeName} is no ${declared}`]
  return Object.entries(value).flatMap(([name, each]) => {
    if (name.startsWith('@')) return ANNOTATIONS.has(name) ? [] : [`${at}: the annotation ${name} is unknown`]
    // `members@delta` and `members@odata.bind` are about the property before the sign.
    const [plain = '', about] = name.split('@')
    const property = propertyOf(description, typeName, plain)
    if (property === null) return [`${at}.${plain}: not described`]
    if (about === 'odata.bind') return property.navigates ? [] : [`${at}.${plain}: nothing to bind`]
    if (about !== undefined && about !== 'delta') return [`${at}.${name}: an annotation that is unknown`]
    if (each === null) return property.nullable ? [] : [`${at}.${plain}: null, which it must not be`]
    // A single one is told by `delta` as a list as well.
    const asList = about === 'delta' && itemOf(property.type) === null
    return wrongWith(description, each, asList ? `Collection(${property.type})` : property.type, `${at}.${plain}`)
  })
}

const ANNOTATIONS: ReadonlySet<string> = new Set([
  '@odata.context',
  '@odata.type',
  '@odata.id',
  '@odata.nextLink',
  '@odata.deltaLink',
  '@odata.count',
  '@removed',
])

const PRIMITIVES: Readonly<Record<string, (value: unknown) => boolean>> = {
  'Edm.String': (value) => typeof value === 'string',
  'Edm.Boolean': (value) => typeof value === 'boolean',
  'Edm.Int16': Number.isInteger,
  'Edm.Int32': Number.isInteger,
  'Edm.Int64': Number.isInteger,
  'Edm.Double': (value) => typeof value === 'number',
  'Edm.Guid': (value) => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
  'Edm.DateTimeOffset': (value) =>
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(value),
  'Edm.Duration': (value) =>
    typeof value === 'string' && /^-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/.test(value),
}
