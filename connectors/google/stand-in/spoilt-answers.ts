import { halfOf } from '#connectors/kit/bad-days.ts'
import type { Chosen, SpoiltAnswer } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { error, json } from './answers.ts'
import { gateway } from './bad-answers.ts'
import { pathOf, rowsIn } from './path.ts'

type Row = Readonly<Record<string, unknown>>

/** The work was done, or would have been; only the answer is bad. */
export const SPOILT_ANSWERS = {
  '500 after the effect': { needs: 'anything', spoil: () => error(500, 'internalError', 'Internal error.') },
  '502 after the effect': { needs: 'anything', spoil: () => gateway(502) },
  '503 after the effect': { needs: 'anything', spoil: () => error(503, 'backendError', 'Backend Error') },
  /** Taken, and told as if it were in the way of itself. */
  '409 conflict after the effect': { needs: 'anything', spoil: () => error(409, 'conflict', 'Conflict.') },
  /** Cloud Identity has begun, and not finished. */
  'operation that is not done': {
    needs: 'anything',
    spoil: (answer) => (answer.status === 200 ? json(200, { name: 'operations/under-way', done: false }) : answer),
  },
  /** Well formed, and about somebody or something else than was asked. */
  'about another one': {
    needs: 'anything',
    spoil: (answer) =>
      changed(answer, (body) => ({
        ...body,
        ...('id' in body ? { id: '9'.repeat(21) } : {}),
        ...('groupKey' in body ? { groupKey: { id: 'another@acme.example' } } : {}),
      })),
  },
  'end that is no moment': {
    needs: 'a list',
    spoil: (answer) => ({ ...answer, body: answer.body.replace(/"expireTime":"[^"]*"/g, '"expireTime":"tomorrow"') }),
  },
  'half a JSON': { needs: 'anything', spoil: halfOf },
  'page token that loops': {
    needs: 'a list',
    spoil: (answer) => changed(answer, (body) => ({ ...body, nextPageToken: 'the-same-again' })),
  },
  'null for a list': {
    needs: 'a list',
    spoil: (answer, request) => changed(answer, (body) => ({ ...body, [nameOf(request)]: null })),
  },
  'list left out': {
    needs: 'a list',
    spoil: (answer, request) => changed(answer, (body) => without(body, nameOf(request), 'nextPageToken')),
  },
  'empty object': { needs: 'an answer to read', spoil: (answer) => changed(answer, () => ({})) },
  'null among the rows': {
    needs: 'a list',
    spoil: (answer, request, where) =>
      withRows(answer, request, where, (rows, place) => rows.toSpliced(place, 0, null as never)),
  },
  'row missing': {
    needs: 'a list',
    spoil: (answer, request, where) => withRows(answer, request, where, (rows, place) => rows.toSpliced(place, 1)),
  },
  'row twice': {
    needs: 'a list',
    spoil: (answer, request, where) =>
      withRows(answer, request, where, (rows, place) => rows.toSpliced(place, 0, rows[place]!)),
  },
  'unknown fields': {
    needs: 'an answer to read',
    spoil: (answer, request, where) =>
      withRows(answer, request, where, (rows) => rows.map((row) => ({ ...row, brandNew: { since: [1] } }))),
  },
  'unknown enum value': {
    needs: 'an answer to read',
    spoil: (answer, request, where) =>
      withRow(answer, request, where, (row) => {
        const named = ['type', 'role', 'status', 'suspensionReason'].filter((name) => typeof row[name] === 'string')
        return { ...row, ...Object.fromEntries(named.map((name) => [name, 'BRAND_NEW'])) }
      }),
  },
  'values of another kind': {
    needs: 'an answer to read',
    spoil: (answer, request, where) =>
      withRow(answer, request, where, (row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, KEPT.has(name) ? value : oddOf(value)])),
      ),
  },
  'null where a value was': {
    needs: 'an answer to read',
    spoil: (answer, request, where) =>
      withRow(answer, request, where, (row) => {
        // Without its id a row is not a row with a null but no row at all: that has to be asked for.
        const names = Object.keys(row).filter((name) => !KEPT.has(name) && row[name] !== null)
        const name = where.field ?? names[where.turn % Math.max(1, names.length)]
        return name === undefined ? row : { ...row, [name]: null }
      }),
  },
} as const satisfies Readonly<Record<string, SpoiltAnswer>>

/** What says which row it is, in the one service or the other. */
const KEPT: ReadonlySet<string> = new Set(['id', 'kind', 'preferredMemberKey', 'groupKey'])

function nameOf({ url }: HttpRequest): string {
  return rowsIn(pathOf(url).kind) ?? 'items'
}

function changed(answer: HttpAnswer, change: (body: Row) => Row): HttpAnswer {
  if (answer.status !== 200) return answer
  return { ...answer, body: JSON.stringify(change(JSON.parse(answer.body) as Row)) }
}

function without(body: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
}

/** `change` gets the rows and the place of the chosen one; a single object is a list of one. */
function withRows(
  answer: HttpAnswer,
  request: HttpRequest,
  where: Chosen,
  change: (rows: readonly Row[], place: number) => readonly Row[],
): HttpAnswer {
  return changed(answer, (body) => {
    const name = rowsIn(pathOf(request.url).kind)
    const rows = name === null ? [body] : ((body[name] ?? []) as readonly Row[])
    const place =
      where.row === undefined ? where.turn % Math.max(1, rows.length) : rows.findIndex(({ id }) => id === where.row)
    if (rows.length === 0 || place === -1) return body
    const after = change(rows, place)
    return name === null ? (after[0] ?? body) : { ...body, [name]: after }
  })
}

function withRow(answer: HttpAnswer, request: HttpRequest, where: Chosen, change: (row: Row) => Row): HttpAnswer {
  return withRows(answer, request, where, (rows, place) => rows.with(place, change(rows[place]!)))
}

/** What a value of this kind never was. */
function oddOf(value: unknown): unknown {
  return typeof value === 'string' ? { text: value } : 7
}
