import type { Pool } from 'pg'

const change = (what: 'add' | 'remove', answered: string): string =>
  `FROM membership WHERE state #>> '{change,do}' = '${what}' AND ${answered}`
const UNANSWERED = `state #> '{change,answered}' = 'null'`
const answeredBy = (kind: string): string => `state #>> '{change,answered,kind}' = '${kind}'`
const grant = (status: string, more = 'true'): string =>
  `FROM stream_state WHERE kind = 'grant' AND state ->> 'status' = '${status}' AND ${more}`
const some = (list: string): string => `jsonb_array_length(state -> '${list}') > 0`

/** Every state in which an upgrade may find a piece of work, and how it is found in the tables. */
const STATES: Readonly<Record<string, string>> = {
  'an add that was intended, and its worker died': change('add', `${UNANSWERED} AND lease_until IS NOT NULL`),
  'an add that was answered, and is not read back': change('add', answeredBy('changed')),
  'an add that was not answered': change('add', answeredBy('unavailable')),
  'a removal that was intended, and its worker died': change('remove', `${UNANSWERED} AND lease_until IS NOT NULL`),
  'a removal that was answered, and is not read back': change('remove', answeredBy('changed')),
  'a removal that was not answered': change('remove', answeredBy('unavailable')),
  'a removal that was refused': `FROM membership WHERE state ->> 'desired' = 'removed' AND state ->> 'blocked' IS NOT NULL`,
  'a removal that nobody has begun': `FROM membership WHERE state ->> 'desired' = 'removed' AND work = 'write' AND due_at IS NOT NULL`,
  'a membership that was adopted': `FROM membership WHERE state @> '{"reasons":[{"adopted":true,"confirmed":true}]}'`,
  'a membership that is being adopted': `FROM membership WHERE state @> '{"reasons":[{"adopted":true,"confirmed":false}]}'`,
  'a membership with two reasons': `FROM membership WHERE jsonb_array_length(state -> 'reasons') = 2`,
  'a grant of which nothing is there': grant('opening', `NOT ${some('confirmed')}`),
  'a grant of which a part is there': grant('opening', some('confirmed')),
  'a live window': grant('live', `state ->> 'endsAt' IS NOT NULL`),
  'standing access': grant('live', `state ->> 'endsAt' IS NULL`),
  'a grant that ends, and nothing is gone': grant('ending', `NOT ${some('released')}`),
  'a grant that ends, and a part is gone': grant('ending', some('released')),
  'a grant that ended': grant('ended'),
  'a grant that failed': grant('failed'),
  ...Object.fromEntries(
    ['waiting', 'approved', 'declined', 'refused', 'void'].map((status) => [
      `a request that is ${status}`,
      `FROM stream_state WHERE kind = 'request' AND state ->> 'status' = '${status}'`,
    ]),
  ),
  ...Object.fromEntries(
    ['window ends', 'complete by', 'look at ticket', 'poll tickets', 'sync directory'].map((kind) => [
      `a timer: ${kind}`,
      `FROM timer WHERE kind = '${kind}' AND due_at IS NOT NULL`,
    ]),
  ),
  'a timer that a dead worker holds': 'FROM timer WHERE due_at IS NOT NULL AND lease_until IS NOT NULL',
  'something that came in': 'FROM inbox WHERE due_at IS NOT NULL AND lease_until IS NULL',
  'something that came in, and a dead worker holds it':
    'FROM inbox WHERE due_at IS NOT NULL AND lease_until IS NOT NULL',
  'something to be said': 'FROM outbox WHERE due_at IS NOT NULL AND lease_until IS NULL',
  'something to be said, and a dead worker holds it':
    'FROM outbox WHERE due_at IS NOT NULL AND lease_until IS NOT NULL',
  'a record that is sealed': 'FROM checkpoint',
  'a record that is not sealed': 'FROM event WHERE NOT EXISTS (SELECT FROM checkpoint WHERE position = ANY(positions))',
  'a record whose personal fields were erased':
    'FROM event e WHERE personal IS NOT NULL AND NOT EXISTS (SELECT FROM personal p WHERE (p.stream, p.version) = (e.stream, e.version))',
  'a second catalog': 'FROM catalog_version WHERE version = 2',
  'a link': 'FROM person_link',
}

export async function statesMissingIn(pool: Pool): Promise<readonly string[]> {
  const missing: string[] = []
  for (const [what, where] of Object.entries(STATES)) {
    const { rowCount } = await pool.query(`SELECT ${where} LIMIT 1`)
    if (rowCount === 0) missing.push(what)
  }
  return missing
}
