import { halfOf } from '#connectors/kit/bad-days.ts'
import type { Chosen, SpoiltAnswer } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { error } from './answers.ts'
import { gateway } from './bad-answers.ts'

type Row = Readonly<Record<string, unknown>>

/** The work was done, or would have been; only the answer is bad. */
export const SPOILT_ANSWERS = {
  '500 after the effect': {
    needs: 'anything',
    spoil: () => error(500, 'InternalServerError', 'An unexpected error occurred.'),
  },
  '502 after the effect': { needs: 'anything', spoil: () => gateway(502) },
  '503 after the effect': { needs: 'anything', spoil: () => error(503, 'ServiceUnavailable', 'Service unavailable.') },
  '504 after the effect': { needs: 'anything', spoil: () => gateway(504) },
  'half a JSON': { needs: 'anything', spoil: halfOf },
  /** Another 2xx than usual, without a word: the documentation of some calls keeps it open. */
  '202 without a word': {
    needs: 'anything',
    spoil: (answer) => (answer.status < 300 ? { status: 202, headers: answer.headers, body: '' } : answer),
  },
  'nextLink that loops': { needs: 'a list', spoil: (answer, { url }) => withNext(answer, url) },
  'nextLink to another host': {
    needs: 'a list',
    spoil: (answer) => withNext(answer, 'https://collector.example.net/v1.0/users/delta?$skiptoken=1'),
  },
  'neither nextLink nor deltaLink': {
    needs: 'a list',
    spoil: (answer) => changed(answer, (body) => without(body, '@odata.nextLink', '@odata.deltaLink')),
  },
  'null for a list': { needs: 'a list', spoil: (answer) => changed(answer, (body) => ({ ...body, value: null })) },
  'null among the rows': {
    needs: 'a list',
    spoil: (answer, _, where) => withRows(answer, where, (rows, place) => rows.toSpliced(place, 0, null as never)),
  },
  'row missing': {
    needs: 'a list',
    spoil: (answer, _, where) => withRows(answer, where, (rows, place) => rows.toSpliced(place, 1)),
  },
  'row twice': {
    needs: 'a list',
    spoil: (answer, _, where) => withRows(answer, where, (rows, place) => rows.toSpliced(place, 0, rows[place]!)),
  },
  /** Replays come in no order: a row that is there is told as gone as well. */
  'row also as removed': {
    needs: 'a list',
    spoil: (answer, _, where) =>
      withRows(answer, where, (rows, place) => [
        ...rows,
        { id: rows[place]!['id'], '@removed': { reason: 'changed' } },
      ]),
  },
  'unknown fields': {
    needs: 'an answer to read',
    spoil: (answer, _, where) =>
      withRows(answer, where, (rows) => rows.map((row) => ({ ...row, brandNew: { since: [1] } }))),
  },
  'unknown enum value': {
    needs: 'an answer to read',
    spoil: (answer, _, where) =>
      withRow(answer, where, (row) => {
        const named = ['userType', 'visibility', 'assignmentType', 'memberType'].filter(
          (name) => typeof row[name] === 'string',
        )
        const types = Array.isArray(row['groupTypes'])
          ? { groupTypes: [...(row['groupTypes'] as string[]), 'BrandNew'] }
          : {}
        return { ...row, ...types, ...Object.fromEntries(named.map((name) => [name, 'brandNew'])) }
      }),
  },
  'values of another kind': {
    needs: 'an answer to read',
    spoil: (answer, _, where) =>
      withRow(answer, where, (row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            name === 'id' || name.startsWith('@') ? value : oddOf(value),
          ]),
        ),
      ),
  },
  'null where a value was': {
    needs: 'an answer to read',
    spoil: (answer, _, where) =>
      withRow(answer, where, (row) => {
        // Without its id a row is not a row with a null but no row at all: that has to be asked for.
        const names = Object.keys(row).filter((name) => name !== 'id' && !name.startsWith('@') && row[name] !== null)
        const name = where.field ?? names[where.turn % Math.max(1, names.length)]
        return name === undefined ? row : { ...row, [name]: null }
      }),
  },
  /** One request of a batch is answered twice, and not the same. */
  'batch that contradicts itself': {
    needs: 'anything',
    spoil: (answer) => ofBatch(answer, (items) => items.flatMap((item) => [item, { ...item, status: 500 }])),
  },
  'batch without its last answer': {
    needs: 'anything',
    spoil: (answer) => ofBatch(answer, (items) => items.slice(0, -1)),
  },
  'batch of failed dependencies': {
    needs: 'anything',
    spoil: (answer) => ofBatch(answer, (items) => items.map((item) => ({ ...item, status: 424, body: null }))),
  },
} as const satisfies Readonly<Record<string, SpoiltAnswer>>

function changed(answer: HttpAnswer, change: (body: Row) => Row): HttpAnswer {
  if (answer.status !== 200) return answer
  return { ...answer, body: JSON.stringify(change(JSON.parse(answer.body) as Row)) }
}

function without(body: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
}

function withNext(answer: HttpAnswer, target: string): HttpAnswer {
  return changed(answer, (body) => ({ ...without(body, '@odata.deltaLink'), '@odata.nextLink': target }))
}

function ofBatch(answer: HttpAnswer, change: (items: readonly Row[]) => readonly Row[]): HttpAnswer {
  return changed(answer, (body) =>
    Array.isArray(body['responses']) ? { ...body, responses: change(body['responses'] as Row[]) } : body,
  )
}

/** `change` gets the rows and the place of the chosen one; a single object is a list of one. */
function withRows(
  answer: HttpAnswer,
  where: Chosen,
  change: (rows: readonly Row[], place: number) => readonly Row[],
): HttpAnswer {
  return changed(answer, (body) => {
    const isList = Array.isArray(body['value'])
    const rows = isList ? (body['value'] as readonly Row[]) : [body]
    const place =
      where.row === undefined ? where.turn % Math.max(1, rows.length) : rows.findIndex(({ id }) => id === where.row)
    if (rows.length === 0 || place === -1) return body
    const after = change(rows, place)
    return isList ? { ...body, value: after } : (after[0] ?? body)
  })
}

function withRow(answer: HttpAnswer, where: Chosen, change: (row: Row) => Row): HttpAnswer {
  return withRows(answer, where, (rows, place) => rows.with(place, change(rows[place]!)))
}

/** What a value of this kind never was. */
function oddOf(value: unknown): unknown {
  return typeof value === 'string' ? { text: value } : 7
}
