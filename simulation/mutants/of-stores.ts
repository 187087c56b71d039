import type { Mutant } from './mutant.ts'

const CLAIM = 'engine/store/memory/claim.ts'
const COMMIT = 'engine/store/memory/commit.ts'

/** Mistakes in how work and evidence are kept. The twin in memory is what the simulation runs; the differential test holds PostgreSQL against it. */
export const OF_STORES: readonly Mutant[] = [
  {
    name: 'a timer dies with its worker',
    file: CLAIM,
    find: 'timers.giveUpLeases(now)',
    replace: '',
    incident: 'TEAM #149',
    faults: [43],
  },
  {
    name: 'a killed worker keeps its work for four hours',
    file: CLAIM,
    find: 'memberships.giveUpLeases(now)',
    replace: 'memberships.giveUpLeases(now - 4 * 3_600_000)',
    incident: 'graphile-worker: a killed worker’s jobs stay locked for 4 h',
    faults: [43],
  },
  {
    name: 'two answers to one question count',
    file: 'engine/store/memory/write-states.ts',
    find: "if (row?.version !== each.expected) return 'conflict'",
    replace: "if (row === undefined) return 'conflict'",
    incident: 'bolt-js #822',
    faults: [],
  },
  {
    name: 'a membership is written without its fence and version',
    file: 'engine/store/memory/write-memberships.ts',
    find: 'return row?.version === each.expected && (settlement === undefined || row.fence === settlement.fence)',
    replace: 'return row !== undefined || settlement === undefined',
    incident: null,
    faults: [43, 44],
  },
  {
    name: 'settled without a fence',
    file: 'engine/store/memory/settle.ts',
    find: "if (row?.fence !== settlement.fence) return 'lease lost'",
    replace: "if (row === undefined) return 'lease lost'",
    incident: null,
    faults: [44],
  },
  {
    name: 'half of a transaction stays',
    file: 'engine/store/memory/transaction.ts',
    find: 'if (failure !== null) this.takeBack()',
    replace: '',
    incident: null,
  },
  {
    name: 'memberships move without evidence',
    file: COMMIT,
    find: 'addEvents(tables, moved, value.now)\n',
    replace: 'addEvents(tables, moved.filter((each) => !isMembership(each)), value.now)\n',
    incident: null,
    faults: [],
  },
  {
    name: 'a message is lost on its way to the outbox',
    file: COMMIT,
    find: 'for (const { key, stream, version } of value.outbox ?? []) {',
    replace: 'for (const { key, stream, version } of (value.outbox ?? []).slice(1)) {',
    incident: null,
    faults: [],
  },
  {
    name: 'sealing skips a record',
    file: 'engine/store/memory/event-log.ts',
    find: 'const hashes = events.map((event) => Buffer.from(sealing.leafHash(event)))',
    replace: 'const hashes = events.slice(1).map((event) => Buffer.from(sealing.leafHash(event)))',
    incident: null,
    faults: [],
  },
]
