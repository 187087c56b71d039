import type { Mutant } from './mutant.ts'

const CLAIM = 'engine/store/memory/claim.ts'
const COMMIT = 'engine/store/memory/commit.ts'

/** Mistakes in how work and evidence are kept. The twin in memory is what the simulation runs; the differential test holds PostgreSQL against it. */
export const OF_STORES: readonly Mutant[] = [
  {
    name: 'a timer dies with its worker',
    file: CLAIM,
    find: 'const until = now + leaseMs',
    replace: 'const until = now + 400 * 24 * 3_600_000',
    incident: 'TEAM #149',
    faults: [43],
  },
  {
    name: 'a killed worker keeps its work for four hours',
    file: CLAIM,
    find: 'now - dueSinceMs, now + leaseMs',
    replace: 'now - dueSinceMs, now + 4 * 3_600_000',
    incident: 'graphile-worker: a killed worker’s jobs stay locked for 4 h',
    faults: [43],
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
    find: 'const hashes = events.map(',
    replace: 'const hashes = events.slice(1).map(',
    incident: null,
    faults: [],
  },
  {
    name: 'no fencing: a membership is written by whoever held it once',
    file: 'engine/store/memory/write-memberships.ts',
    find: 'return row?.version === each.expected && (settlement === undefined || row.fence === settlement.fence)',
    replace: 'return row !== undefined',
    incident: null,
    faults: [44],
  },
]
