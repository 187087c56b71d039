import { halfOf } from '#connectors/kit/bad-days.ts'
import type { Chosen, SpoiltAnswer } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { error } from './answers.ts'
import { gateway } from './bad-answers.ts'

/** The work was done, or would have been; only the answer is bad. */
export const SPOILT_ANSWERS = {
  '500 after the effect': { needs: 'anything', spoil: () => error(500, 'E0000009') },
  '502 after the effect': { needs: 'anything', spoil: () => gateway(502) },
  '503 after the effect': { needs: 'anything', spoil: () => error(503, 'E0000010') },
  '504 after the effect': { needs: 'anything', spoil: () => gateway(504) },
  'half a JSON': { needs: 'anything', spoil: halfOf },
  'cursor that loops': { needs: 'a list', spoil: (answer, { url }) => withNext(answer, url) },
  'next page on another host': {
    needs: 'a list',
    spoil: (answer) => withNext(answer, 'https://collector.example.net/api/v1/users?after=1'),
  },
  /** The list ends before its last page: with this page, or without any row of it where it is the last one itself. */
  'last page missing': {
    needs: 'a list',
    spoil: (answer) => {
      const { link, ...headers } = answer.headers
      if (answer.status !== 200) return answer
      return link?.includes('rel="next"') === true
        ? { ...answer, headers: { ...headers, link: link.slice(0, link.lastIndexOf(', <')) } }
        : { ...answer, body: '[]' }
    },
  },
  'row missing': {
    needs: 'a list',
    spoil: (answer, _, where) => withRows(answer, where, (rows, place) => rows.toSpliced(place, 1)),
  },
  'row twice': {
    needs: 'a list',
    spoil: (answer, _, where) => withRows(answer, where, (rows, place) => rows.toSpliced(place, 0, rows[place]!)),
  },
  'unknown fields': {
    needs: 'an answer to read',
    spoil: (answer, _, where) =>
      withRows(answer, where, (rows) => rows.map((row) => ({ ...row, brandNew: { since: [1] }, profile: grown(row) }))),
  },
  'unknown enum value': {
    needs: 'an answer to read',
    spoil: (answer, _, where) =>
      withRow(answer, where, (row) => {
        const named = ['status', 'type'].filter((name) => typeof row[name] === 'string')
        return { ...row, ...Object.fromEntries(named.map((name) => [name, 'BRAND_NEW'])) }
      }),
  },
  'null for a list': {
    needs: 'a list',
    spoil: (answer) => (answer.status === 200 ? { ...answer, body: 'null' } : answer),
  },
  'null among the rows': {
    needs: 'a list',
    spoil: (answer, _, where) => withRows(answer, where, (rows, place) => rows.toSpliced(place, 0, null as never)),
  },
  'values of another kind': {
    needs: 'an answer to read',
    spoil: (answer, _, where) =>
      withRow(answer, where, (row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, name === 'id' ? value : oddOf(value)])),
      ),
  },
  'null where a value was': {
    needs: 'an answer to read',
    spoil: (answer, _, where) =>
      withRow(answer, where, (row) => {
        // Without its id a row is not a row with a null but no row at all: that has to be asked for.
        const names = Object.keys(row).filter((name) => name !== 'id' && row[name] !== null)
        const name = where.field ?? names[where.turn % Math.max(1, names.length)]
        return name === undefined ? row : { ...row, [name]: null }
      }),
  },
} as const satisfies Readonly<Record<string, SpoiltAnswer>>

type Row = Readonly<Record<string, unknown>>

function withNext(answer: HttpAnswer, target: string): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, link: `<${target}>; rel="next"` } }
}

/** `change` gets the rows and the place of the chosen one; a single object is a list of one. */
function withRows(
  answer: HttpAnswer,
  where: Chosen,
  change: (rows: readonly Row[], place: number) => readonly Row[],
): HttpAnswer {
  if (answer.status !== 200) return answer
  const value = JSON.parse(answer.body) as Row | readonly Row[]
  const rows = Array.isArray(value) ? (value as readonly Row[]) : [value as Row]
  const place = where.row === undefined ? where.turn % rows.length : rows.findIndex(({ id }) => id === where.row)
  if (rows.length === 0 || place === -1) return answer
  const changed = change(rows, place)
  return { ...answer, body: JSON.stringify(Array.isArray(value) ? changed : changed[0]) }
}

function withRow(answer: HttpAnswer, where: Chosen, change: (row: Row) => Row): HttpAnswer {
  return withRows(answer, where, (rows, place) => rows.with(place, change(rows[place]!)))
}

/** What a value of this kind never was. */
function oddOf(value: unknown): unknown {
  return typeof value === 'string' ? { text: value } : 7
}

function grown(row: Row): unknown {
  const { profile } = row
  return typeof profile === 'object' && profile !== null ? { ...profile, brandNewAttribute: { nested: true } } : profile
}
