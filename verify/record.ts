/** One record of the log, restated here from docs/evidence.md: this room shares no code with what it checks. */
export interface EvidenceRecord {
  readonly v: 1
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly at: string
  readonly by: Fields
  readonly data: Fields
  readonly personal: string | null
}

export type Fields = Readonly<Record<string, unknown>>

const KEYS = ['at', 'by', 'data', 'personal', 'stream', 'type', 'v', 'version']

/** Null for anything that is not exactly a record of version 1, with no key more or less. */
export function recordFrom(value: unknown): EvidenceRecord | null {
  if (!isFields(value) || !hasExactly(value, KEYS)) return null
  const record = value as Partial<EvidenceRecord>
  const understood =
    record.v === 1 &&
    isName(record.stream) &&
    Number.isSafeInteger(record.version) &&
    Number(record.version) >= 1 &&
    isName(record.type) &&
    instantOf(record.at) !== null &&
    isFields(record.by) &&
    isName(record.by['kind']) &&
    isFields(record.data) &&
    (record.personal === null || isSha256(record.personal))
  return understood ? (record as EvidenceRecord) : null
}

export function nameOf(record: EvidenceRecord): string {
  return `${record.stream}@${record.version}`
}

/** Milliseconds since 1970; null for anything but ISO 8601 in UTC with milliseconds, the one spelling records use. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return null
  const instant = Date.parse(value)
  return Number.isNaN(instant) || new Date(instant).toISOString() !== value ? null : instant
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function hasExactly(fields: Fields, sortedKeys: readonly string[]): boolean {
  const keys = Object.keys(fields).sort()
  return keys.length === sortedKeys.length && keys.every((key, i) => key === sortedKeys[i])
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isSha256(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
