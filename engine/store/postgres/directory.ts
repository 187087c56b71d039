import type { Pool, PoolClient } from 'pg'
import type { DirectoryGroup } from '#connectors/kit/directory.ts'
import type { GroupRef, PersonId } from '#core/identity-action/membership-key.ts'
import type { DirectorySaved, DirectorySeen, NewLink, PersonLink, StoredPerson } from '../store.ts'
import { inTransaction } from './transaction.ts'

/**
 * Writes what a complete look at a directory showed. Whoever is missing from it is not active any more; nobody is deleted.
 * A look that began before another one that is written already tells nothing new: all of it is passed over, or a read that
 * hung would bring back who has left since.
 */
export async function saveDirectory(pool: Pool, provider: string, seen: DirectorySeen): Promise<DirectorySaved> {
  return inTransaction(pool, async (client) => {
    // One at a time for a directory, so that the newest is known.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('directory ' || $1, 0))`, [provider])
    const { rows: newest } = await client.query<{ at: number | null }>(
      `SELECT max(seen_at) AS at FROM (
         SELECT seen_at FROM directory_person WHERE provider = $1
         UNION ALL SELECT seen_at FROM directory_group WHERE provider = $1) AS known`,
      [provider],
    )
    if ((newest[0]?.at ?? seen.at) > seen.at) return { people: 0, groups: 0, gone: 0 }
    return writeDirectory(client, provider, seen)
  })
}

async function writeDirectory(client: PoolClient, provider: string, seen: DirectorySeen): Promise<DirectorySaved> {
  await client.query(
    `INSERT INTO directory_person (provider, account, person_id, login, email, email_verified, name, title, department, manager, active, seen_at)
     SELECT $1, account, person_id, login, email, email_verified, name, title, department, manager, active, $2
     FROM jsonb_to_recordset($3) AS p(account text, person_id text, login text, email text, email_verified boolean,
       name text, title text, department text, manager text, active boolean)
     ON CONFLICT (provider, account) DO UPDATE SET login = excluded.login, email = excluded.email,
       email_verified = excluded.email_verified, name = excluded.name, title = excluded.title,
       department = excluded.department, manager = excluded.manager, active = excluded.active, seen_at = excluded.seen_at`,
    [provider, seen.at, JSON.stringify(seen.people.map(personRow))],
  )
  const gone = await client.query(
    `UPDATE directory_person SET active = false WHERE provider = $1 AND active AND seen_at < $2`,
    [provider, seen.at],
  )
  await client.query(
    `INSERT INTO directory_group (provider, id, name, description, not_writable, fed_by_rule, seen_at)
     SELECT $1, id, name, description, not_writable, fed_by_rule, $2
     FROM jsonb_to_recordset($3) AS g(id text, name text, description text, not_writable text, fed_by_rule boolean)
     ON CONFLICT (provider, id) DO UPDATE SET name = excluded.name, description = excluded.description,
       not_writable = excluded.not_writable, fed_by_rule = excluded.fed_by_rule, seen_at = excluded.seen_at`,
    [provider, seen.at, JSON.stringify(seen.groups.map(groupRow))],
  )
  return { people: seen.people.length, groups: seen.groups.length, gone: gone.rowCount ?? 0 }
}

function personRow(person: DirectorySeen['people'][number]): Record<string, unknown> {
  const { account, newPersonId, login, email, emailVerified, displayName, title, department, manager, active } = person
  return {
    account,
    person_id: newPersonId,
    login,
    email,
    email_verified: emailVerified,
    name: displayName,
    title,
    department,
    manager,
    active,
  }
}

function groupRow(group: DirectoryGroup): Record<string, unknown> {
  const { name, description, notWritable, fedByRule } = group
  return { id: group.group.id, name, description, not_writable: notWritable, fed_by_rule: fedByRule }
}

/**
 * A directory stores a manager as a login, an e-mail address or an account id; more than one match is nobody. An address
 * counts only when it is verified: whoever may write their own could make themselves somebody's manager, who approves.
 */
const PERSON = `
  SELECT p.person_id AS "personId", p.provider, p.account, p.login, p.email, p.email_verified AS "emailVerified", p.name,
    p.title, p.department, p.active,
    CASE WHEN p.manager IS NULL THEN NULL ELSE (
      SELECT CASE WHEN count(*) = 1 THEN min(m.person_id) END FROM directory_person m
      WHERE m.provider = p.provider AND (m.account = p.manager OR lower(m.login) = lower(p.manager)
        OR (m.email_verified AND lower(m.email) = lower(p.manager)))
    ) END AS "managerId"
  FROM directory_person p`

/** The same whatever the collation of the database: callers take the first that fits. */
const IN_ORDER = 'ORDER BY p.provider COLLATE "C", p.account COLLATE "C"'
const LINKS_IN_ORDER = 'ORDER BY system COLLATE "C", account COLLATE "C"'

export async function people(pool: Pool, ids: readonly PersonId[]): Promise<readonly StoredPerson[]> {
  const { rows } = await pool.query<StoredPerson>(`${PERSON} WHERE p.person_id = ANY($1) ${IN_ORDER}`, [ids])
  return rows
}

export async function peopleByAddresses(pool: Pool, addresses: readonly string[]): Promise<readonly StoredPerson[]> {
  const { rows } = await pool.query<StoredPerson>(
    `WITH asked AS (SELECT DISTINCT lower(address) AS address FROM unnest($1::text[]) AS a(address))
     ${PERSON} WHERE lower(p.email) IN (SELECT address FROM asked) OR lower(p.login) IN (SELECT address FROM asked)
     ${IN_ORDER}`,
    [addresses],
  )
  return rows
}

export async function peopleOfAccounts(
  pool: Pool,
  provider: string,
  accounts: readonly string[],
): Promise<readonly StoredPerson[]> {
  const { rows } = await pool.query<StoredPerson>(
    `${PERSON} WHERE p.provider = $1 AND p.account = ANY($2) ${IN_ORDER}`,
    [provider, accounts],
  )
  return rows
}

export async function managers(pool: Pool): Promise<readonly PersonId[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT DISTINCT "managerId" AS id FROM (${PERSON}) everybody WHERE "managerId" IS NOT NULL`,
  )
  return rows.map((row) => row.id).sort()
}

interface GroupRow {
  readonly provider: string
  readonly id: string
  readonly name: string
  readonly description: string
  readonly not_writable: string | null
  readonly fed_by_rule: boolean
}

export async function groups(pool: Pool, refs: readonly GroupRef[]): Promise<readonly DirectoryGroup[]> {
  const { rows } = await pool.query<GroupRow>(
    `SELECT g.* FROM directory_group g JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY AS r(provider, id, place)
     USING (provider, id) ORDER BY r.place`,
    [refs.map((each) => each.provider), refs.map((each) => each.id)],
  )
  return rows.map(groupOf)
}

export async function groupsNamed(pool: Pool, provider: string, nameOrId: string): Promise<readonly DirectoryGroup[]> {
  const { rows } = await pool.query<GroupRow>(
    'SELECT * FROM directory_group WHERE provider = $1 AND (id = $2 OR name = $2) ORDER BY id COLLATE "C"',
    [provider, nameOrId],
  )
  return rows.map(groupOf)
}

function groupOf(row: GroupRow): DirectoryGroup {
  return {
    group: { provider: row.provider, id: row.id },
    name: row.name,
    description: row.description,
    notWritable: row.not_writable,
    fedByRule: row.fed_by_rule,
  }
}

const LINK = `SELECT system, account, person_id AS "personId", proof, proven_by AS "provenBy", at FROM person_link`

export async function linksOf(pool: Pool, ids: readonly PersonId[]): Promise<readonly PersonLink[]> {
  const { rows } = await pool.query<PersonLink>(`${LINK} WHERE person_id = ANY($1) ${LINKS_IN_ORDER}`, [ids])
  return rows
}

export async function linksOfAccounts(
  pool: Pool,
  system: string,
  accounts: readonly string[],
): Promise<readonly PersonLink[]> {
  const { rows } = await pool.query<PersonLink>(`${LINK} WHERE system = $1 AND account = ANY($2) ${LINKS_IN_ORDER}`, [
    system,
    accounts,
  ])
  return rows
}

/** False when an account is somebody else's by now than `replaces` says; the caller then takes all of it back. */
export async function saveLinks(client: PoolClient, links: readonly NewLink[]): Promise<boolean> {
  if (links.length === 0) return true
  const { rowCount } = await client.query(
    `INSERT INTO person_link (system, account, person_id, proof, proven_by, at)
     SELECT system, account, "personId", proof, "provenBy", at
     FROM jsonb_to_recordset($1) AS l(system text, account text, "personId" text, proof text, "provenBy" text, at bigint)
     ORDER BY system, account
     ON CONFLICT (system, account) DO UPDATE SET person_id = excluded.person_id, proof = excluded.proof,
       proven_by = excluded.proven_by, at = excluded.at
     WHERE person_link.person_id = (
       SELECT replaces FROM jsonb_to_recordset($1) AS r(system text, account text, replaces text)
       WHERE r.system = excluded.system AND r.account = excluded.account)`,
    [JSON.stringify(links)],
  )
  return rowCount === links.length
}
