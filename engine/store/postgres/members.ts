import type { Pool } from 'pg'
import type { Member } from '#connectors/kit/connector.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Instant } from '#core/instant.ts'
import type { MembersRead, MembersSaved, MembersWanted, SyncStanding } from '../store.ts'
import { inTransaction } from './transaction.ts'

export async function wantMembers(pool: Pool, provider: string, wanted: MembersWanted): Promise<number> {
  const { at, groups, cursor } = wanted
  return inTransaction(pool, async (client) => {
    await client.query(
      'UPDATE directory_group SET members_tried_at = NULL WHERE provider = $1 AND members_wanted_at IS NOT NULL',
      [provider],
    )
    // A group that is not listed any more is read once more, so that its members go with it.
    const { rowCount } =
      groups === 'all'
        ? await client.query(
            `UPDATE directory_group SET members_wanted_at = $2, members_tried_at = NULL WHERE provider = $1
             AND (members_read_at IS NOT NULL OR seen_at = (SELECT max(seen_at) FROM directory_group WHERE provider = $1))`,
            [provider, at],
          )
        : await client.query(
            `UPDATE directory_group SET members_wanted_at = $2, members_tried_at = NULL
             WHERE provider = $1 AND id = ANY($3)`,
            [provider, at, groups],
          )
    await client.query(
      `INSERT INTO directory_cursor (provider, cursor, full_at) VALUES ($1, $2, $3)
       ON CONFLICT (provider) DO UPDATE SET cursor = $2,
         full_at = CASE WHEN $4 THEN $3 ELSE directory_cursor.full_at END`,
      [provider, cursor, at, groups === 'all'],
    )
    return rowCount ?? 0
  })
}

export async function groupsToRead(
  pool: Pool,
  provider: string,
  first: readonly string[],
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM directory_group WHERE provider = $1 AND members_wanted_at IS NOT NULL AND members_tried_at IS NULL
     ORDER BY id <> ALL($2), id COLLATE "C" LIMIT $3`,
    [provider, first, limit],
  )
  return rows.map((row) => row.id)
}

/** One statement for what is new or otherwise, one for what is gone, one for the groups, however many there are. */
export async function saveMembers(pool: Pool, provider: string, reads: readonly MembersRead[]): Promise<MembersSaved> {
  return inTransaction(pool, async (client) => {
    const { rows: locked } = await client.query<{ id: string; read_at: Instant | null }>(
      `SELECT id, members_read_at AS read_at FROM directory_group
       WHERE provider = $1 AND id = ANY($2) ORDER BY id COLLATE "C" FOR UPDATE`,
      [provider, reads.map((each) => each.groupId)],
    )
    const known = new Map(locked.map((row) => [row.id, row.read_at]))
    // A read that began before another one that is kept already tells nothing new.
    const news = reads.filter((each) => known.has(each.groupId) && (known.get(each.groupId) ?? 0) <= each.at)
    const rows = news.flatMap(({ groupId, members, at }) =>
      (members ?? []).map(({ account, source }) => ({ groupId, account, source, at })),
    )
    const ids = news.map((each) => each.groupId)
    const members = [
      provider,
      rows.map((each) => each.groupId),
      rows.map((each) => each.account),
      rows.map((each) => each.source),
      rows.map((each) => each.at),
    ]
    const { rows: counts } = await client.query<{ added: number }>(
      `WITH written AS (
         INSERT INTO directory_member (provider, group_id, account, source, since)
         SELECT $1, g, a, s, t FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) AS m(g, a, s, t)
         WHERE NOT EXISTS (SELECT FROM directory_member k
           WHERE k.provider = $1 AND k.group_id = g AND k.account = a AND k.source = s)
         ON CONFLICT (provider, group_id, account) DO UPDATE SET source = excluded.source
         RETURNING (xmax = 0) AS is_new)
       SELECT count(*) FILTER (WHERE is_new)::int AS added FROM written`,
      members,
    )
    const gone = await client.query(
      `DELETE FROM directory_member k WHERE provider = $1 AND group_id = ANY($2) AND NOT EXISTS (
         SELECT FROM unnest($3::text[], $4::text[]) AS m(g, a) WHERE g = k.group_id AND a = k.account)`,
      [provider, ids, members[1], members[2]],
    )
    await client.query(
      `UPDATE directory_group SET members_tried_at = CASE WHEN again THEN at END,
         members_read_at = CASE WHEN is_there THEN at END,
         members_wanted_at = CASE WHEN again THEN at WHEN is_there AND members_wanted_at > at THEN members_wanted_at END
       FROM unnest($2::text[], $3::bigint[], $4::boolean[], $5::boolean[]) AS r(group_id, at, is_there, again)
       WHERE provider = $1 AND id = group_id`,
      [
        provider,
        ids,
        news.map((each) => each.at),
        news.map((each) => each.members !== null),
        news.map((each) => each.again === true),
      ],
    )
    return { added: counts[0]?.added ?? 0, removed: gone.rowCount ?? 0 }
  })
}

export async function putOffMembers(pool: Pool, provider: string, ids: readonly string[], at: Instant): Promise<void> {
  await pool.query('UPDATE directory_group SET members_tried_at = $3 WHERE provider = $1 AND id = ANY($2)', [
    provider,
    ids,
    at,
  ])
}

export async function membersOf(pool: Pool, { provider, id }: GroupRef): Promise<readonly Member[]> {
  const { rows } = await pool.query<Member>(
    `SELECT account, source FROM directory_member WHERE provider = $1 AND group_id = $2 ORDER BY account COLLATE "C"`,
    [provider, id],
  )
  return rows
}

export async function syncStanding(pool: Pool, provider: string): Promise<SyncStanding> {
  const { rows } = await pool.query<SyncStanding>(
    `SELECT (SELECT cursor FROM directory_cursor WHERE provider = $1) AS cursor,
       (SELECT full_at FROM directory_cursor WHERE provider = $1) AS "fullAt",
       (SELECT count(*)::int FROM directory_person WHERE provider = $1 AND active) AS people,
       (SELECT count(*)::int FROM directory_group WHERE provider = $1) AS groups,
       (SELECT count(*)::int FROM directory_group WHERE provider = $1 AND members_wanted_at IS NOT NULL) AS waiting,
       (SELECT count(*)::int FROM directory_member WHERE provider = $1) AS memberships`,
    [provider],
  )
  const [row] = rows
  if (!row) throw new Error('a query without a table gives a row')
  return row
}
