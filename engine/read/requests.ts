import type { Pool } from 'pg'
import { fold, type Catalog } from '#core/catalog/catalog.ts'
import type { RefusalCode } from '#core/event.ts'
import { NO_GRANT, type GrantState } from '#core/grant/grant.ts'
import { groupStream, membershipStream } from '#core/identity-action/membership-key.ts'
import type { RequestState as RequestStream } from '#core/request/request.ts'
import { grantIdOf } from '../handle/open-grant.ts'
import { lineOf, type Names } from './request-line.ts'
import type { RequestReads } from './request-reads.ts'
import type { RequestLine, RequestView } from './request-view.ts'
import { partsOf, type RecordRow } from './timeline.ts'

export interface ReadSettings {
  /** Where a ticket is read by people; null when there is no such place. */
  readonly issueUrl: (key: string) => string | null
  /** The surface's table that turns codes into words. */
  readonly inWords: (code: RefusalCode, detail: Readonly<Record<string, string>>) => string
}

/** What people ask about requests, answered from the states that were written with the events. */
export function requestReads(pool: Pool, settings: ReadSettings): RequestReads {
  return {
    list: (options) => list(pool, settings, options),
    view: (requestId) => view(pool, settings, requestId),
  }
}

interface Row {
  readonly name: string
  readonly state: RequestStream
  readonly created_at: number
}

const ROW = `SELECT name, state, created_at FROM stream_state WHERE kind = 'request'`

async function list(
  pool: Pool,
  settings: ReadSettings,
  options: { readonly limit: number; readonly before?: string },
): Promise<readonly RequestLine[]> {
  const { rows } =
    options.before === undefined
      ? await pool.query<Row>(`${ROW} ORDER BY created_at DESC, name DESC LIMIT $1`, [options.limit])
      : await pool.query<Row>(
          `${ROW} AND (created_at, name) < (SELECT created_at, name FROM stream_state WHERE name = $2)
           ORDER BY created_at DESC, name DESC LIMIT $1`,
          [options.limit, `request/${options.before}`],
        )
  const grants = await grantsOf(pool, rows.map(idOf))
  const names = await namesFor(pool, [rows, [...grants.values()]])
  return rows.map((row) =>
    lineOf(idOf(row), row.state, grants.get(idOf(row)) ?? NO_GRANT, row.created_at, names, settings),
  )
}

function idOf(row: Row): string {
  return row.name.slice('request/'.length)
}

async function grantsOf(pool: Pool, requestIds: readonly string[]): Promise<ReadonlyMap<string, GrantState>> {
  const { rows } = await pool.query<{ name: string; state: GrantState }>(
    'SELECT name, state FROM stream_state WHERE name = ANY($1)',
    [requestIds.map((id) => `grant/${grantIdOf(id)}`)],
  )
  return new Map(rows.map((row) => [row.name.replace('grant/grt_', 'req_'), row.state]))
}

async function view(pool: Pool, settings: ReadSettings, requestId: string): Promise<RequestView | null> {
  const { rows } = await pool.query<Row>(`${ROW} AND name = $1`, [`request/${requestId}`])
  const [row] = rows
  if (!row) return null
  const grant = (await grantsOf(pool, [requestId])).get(requestId) ?? NO_GRANT
  const records = await recordsOf(pool, requestId, row.state)
  const names = await namesFor(pool, [row, grant, records])
  const { state } = row
  const { rows: heads } = await pool.query<{ size: number; root: string; at: number }>(
    `SELECT size, encode(root_hash, 'hex') AS root, at FROM checkpoint ORDER BY size DESC LIMIT 1`,
  )
  const head = heads[0]
  return {
    ...lineOf(requestId, state, grant, row.created_at, names, settings),
    reason: state.form?.reason ?? null,
    approvedBy: approversOf(state, records, names),
    groupNames: (state.submitted?.groups ?? []).map(names.group),
    refusal:
      state.status === 'refused' && state.code
        ? settings.inWords(state.code, { ...state.form, ...state.detail })
        : null,
    parts: partsOf(records, names, settings),
    evidence: {
      records: records.length,
      sealed: records.filter((each) => each.index !== null).length,
      checkpoint: head ? { size: head.size, rootHash: head.root, at: head.at } : null,
    },
  }
}

function approversOf(state: RequestStream, records: readonly RecordRow[], names: Names): readonly string[] {
  const approved = records.find((each) => each.type === 'RequestApproved')
  if (!approved) return []
  if (state.approvedBy.length > 0) return state.approvedBy.map(names.person)
  const rule = approved.data['rule'] as unknown as { readonly id: string; readonly version: number }
  return [`rule "${names.rule(rule.id)}", version ${rule.version}`]
}

/** Every record of the request: its own, its grant's, and those of its memberships that were made because of this grant. */
async function recordsOf(pool: Pool, requestId: string, state: RequestStream): Promise<readonly RecordRow[]> {
  const grantId = grantIdOf(requestId)
  const { submitted } = state
  const memberships = (submitted?.groups ?? []).map((group) =>
    membershipStream({ group, personId: submitted?.beneficiaryId ?? '' }),
  )
  const { rows } = await pool.query<RecordRow>(
    `SELECT e.stream, e.version, e.type, e.at, e.by, e.data, p.fields AS personal, l.index, encode(l.hash, 'hex') AS "leafHash"
     FROM event e LEFT JOIN personal p USING (stream, version)
       LEFT JOIN LATERAL (
         SELECT c.first_index + place - 1 AS index, substring(c.hashes FROM (place - 1) * 32 + 1 FOR 32) AS hash
         FROM checkpoint c, array_position(c.positions, e.position) AS place
         WHERE c.last_position >= e.position AND c.first_position <= e.position AND place IS NOT NULL LIMIT 1) l ON true
     WHERE e.stream = ANY($1) OR (e.stream = ANY($2) AND (
       e.data ->> 'grantId' = $3 OR e.data ->> 'reasonId' = $3 OR e.data -> 'reasonIds' ? $3 OR
       e.data ->> 'changeId' IN (SELECT c.data ->> 'changeId' FROM event c
         WHERE c.stream = ANY($2) AND c.type = 'ChangeIntended' AND c.data ->> 'grantId' = $3)))
     ORDER BY e.position`,
    [[`request/${requestId}`, `grant/${grantId}`], memberships, grantId],
  )
  return rows
}

export async function namesFor(pool: Pool, about: unknown): Promise<Names> {
  const text = JSON.stringify(about)
  const personIds = [...new Set(text.match(/per_[A-Za-z0-9_-]+/g) ?? [])]
  const [people, groups, catalogs] = await Promise.all([
    pool.query<{ person_id: string; name: string }>(
      'SELECT person_id, name FROM directory_person WHERE person_id = ANY($1)',
      [personIds],
    ),
    pool.query<{ provider: string; id: string; name: string }>(
      'SELECT provider, id, name FROM directory_group WHERE id = ANY($1)',
      [[...new Set([...text.matchAll(/"id":"([^"]+)"/g)].map((match) => match[1]))]],
    ),
    pool.query<{ catalog: Catalog }>('SELECT catalog FROM catalog_version ORDER BY version DESC LIMIT 1'),
  ])
  const catalog = catalogs.rows[0]?.catalog
  const person = new Map(people.rows.map((row) => [row.person_id, row.name]))
  const group = new Map(groups.rows.map((row) => [groupStream(row), row.name]))
  return {
    person: (id) => person.get(id) ?? id,
    group: (ref) => group.get(groupStream(ref)) ?? ref.id,
    app: (id) => catalog?.apps.find((each) => each.id === id)?.name ?? id,
    role: (id) => catalog?.roles.find((each) => each.id === id)?.name ?? id,
    rule: (id) => catalog?.rules.find((each) => each.id === id)?.name ?? id,
    tierOf: (app, role) => {
      const appId = catalog?.apps.find((each) => fold(each.name) === fold(app))?.id
      return catalog?.roles.find((each) => each.appId === appId && fold(each.name) === fold(role))?.tier ?? null
    },
  }
}
