import { DOUBLE_CLICK, FAULT_KINDS, PENDING_FAULTS } from '../faults/kinds.ts'
import { LIFE_STATES, type Tally } from './report.ts'

/** The table of what befell what, as a page: each kind of fault, in how many schedules, and how often in which state of a life. */
export function coverageOf(tally: Tally): string {
  const kinds = [...FAULT_KINDS, DOUBLE_CLICK].toSorted((a, b) => a.number - b.number)
  const rows = kinds.map(({ number, kind }) => {
    const { schedules = 0, states = {} } = tally.fired[`${number} ${kind}`] ?? {}
    return `| ${number} | ${kind} | ${schedules} | ${LIFE_STATES.map((state) => states[state] ?? 0).join(' | ')} |`
  })
  const never = kinds.filter(({ number, kind }) => tally.fired[`${number} ${kind}`] === undefined)
  return [
    '# Which faults befell what',
    '',
    `Written by \`npm run sim -- --schedules ${tally.schedules} --seed ${String(tally.firstSeed)} --coverage docs/simulation/coverage.md\`. The states are those of`,
    'requests and their grants, seen as one life, that were there at the moment when the fault took hold.',
    '',
    `| no. | fault | schedules | ${LIFE_STATES.join(' | ')} |`,
    `| --- | --- | --- | ${LIFE_STATES.map(() => '---').join(' | ')} |`,
    ...rows,
    '',
    `Never seen to fire: ${never.length === 0 ? 'none' : never.map(({ kind }) => kind).join(', ')}.`,
    '',
    'Not there yet:',
    '',
    ...PENDING_FAULTS.map(({ number, until }) => `- ${number}: ${until}`),
    '',
  ].join('\n')
}
