import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Instant } from '#core/instant.ts'
import { connectors, type Registry } from '#connectors/index.ts'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { randomIds } from '#engine/ids.ts'
import { haltReads } from '#engine/read/halts.ts'
import { liveWindows } from '#engine/read/live-windows.ts'
import { databaseClock } from '#engine/store/clock.ts'
import { postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { askForLink } from '#surfaces/api/link-socket.ts'
import { applyCatalog } from '#surfaces/cli/catalog.ts'
import { claim } from '#surfaces/cli/claim.ts'
import { checkConnections, readConnectWords, type ConnectWords } from '#surfaces/cli/connect.ts'
import type { CommandIo, ExitCode } from '#surfaces/cli/command.ts'
import { eraseEvidence, exportEvidence } from '#surfaces/cli/evidence.ts'
import { findings, readFindingsWords } from '#surfaces/cli/findings.ts'
import { haltOrResume } from '#surfaces/cli/halt.ts'
import { members } from '#surfaces/cli/members.ts'
import { checkPeople, importPeople } from '#surfaces/cli/people.ts'
import { readHaltWords } from '#surfaces/cli/read-halt-words.ts'
import { readSyncWords, sync } from '#surfaces/cli/sync.ts'
import { why } from '#surfaces/cli/why.ts'
import { readWindowsWords, showWindows } from '#surfaces/cli/windows.ts'
import { connectAll } from './connect-all.ts'
import { openDatabase } from './database.ts'
import { linkSocketPath } from './link-socket-path.ts'
import { readSettings, type Settings } from './settings.ts'
import { verifierKeyOf } from './signing-key.ts'

const USAGE = `Usage: tenure <command>

  start                              run the server (npm start)
  console link                       another link into the running console
  halt [--provider okta] [--except-removals] --reason "…"
                                     the emergency stop: no write to the provider (or to any) starts any more, ends of
                                     access included unless they are exempted; docs/emergency-stop.md
  halt --status                      what is halted, since when, by whom and why
  resume [--provider okta] --reason "…"
                                     lift it; what has waited is done
  windows --live [--csv]             who must lose what, and when: one line for each grant and group
  connect --check [--provider okta] [--json]
                                     what is connected: what Tenure can do there, whether its rights are the ones it
                                     needs and no others, and what it never touches
  why <person> <group>               each reason that somebody is in a group, or that nobody gave it; the group as
                                     name or id, or okta:name
  claim <group> [provider]           put a group under governance, by name or id (provider: okta)
  members <group>                    who is in a group, as its directory was last read; name or id, or okta:name
  sync <provider> [--full]           read a directory now: its people, its groups, and who is in them; --full: every group
  sync --status                      how far each directory is read
  findings [--json]                  what the directories and the grants do not agree on: who was there before a group was
                                     claimed, and who was added or taken out around Tenure
  findings remove <id> --reason "…"   have what was found removed; to keep it, ask for its role as always
  catalog apply <file.json>          put a catalog in force
  people --check                     who may have to approve, and lacks a proven account
  people import <file.csv> <name> [--replace]
                                     link Jira accounts, vouched for by an administrator of that name; an account
                                     that belongs to somebody else already is taken from them only with --replace
  evidence export <folder>           write a pack that anybody can check without us
  verify <folder> --checkpoint <file> --key <key>   check a pack, trusting nobody
  evidence erase <stream@version>    forget the personal fields of one record

Settings come from the environment; docs/configuration.md lists them.
`

const DIRECTORIES = Object.values(connectors as Registry)
  .filter((each) => each.capabilities.includes('membership'))
  .map((each) => each.name)

type Command = (io: CommandIo, pool: Pool) => Promise<ExitCode>

/** The command that the words mean; null when they mean none. */
function commandOf(words: readonly string[], settings: Settings): Command | null {
  const [first, second, third, fourth, fifth] = words
  const order = readHaltWords(words)
  if (order) return (io, pool) => haltOrResume(io, haltReads(pool), order)
  const windows = readWindowsWords(words)
  if (windows)
    return async (io, pool) => {
      const at = { now: await nowOf(settings, io, pool), overdueAfterMs: settings.overdueAfterMs }
      return showWindows(io, liveWindows(pool, at), windows)
    }
  const syncing = readSyncWords(words)
  if (syncing) return (io) => sync(io, DIRECTORIES, syncing)
  const found = readFindingsWords(words)
  if (found) return (io) => findings(io, found)
  if (first === 'why' && second && third && fourth === undefined) return (io) => why(io, DIRECTORIES, second, third)
  if (first === 'members' && second && third === undefined) return (io) => members(io, DIRECTORIES, second)
  if (first === 'claim' && second) return (io) => claim(io, third ?? 'okta', second)
  if (first === 'people' && second === '--check') return (io) => checkPeople(io)
  if (first === 'people' && second === 'import' && third && fourth && (fifth === undefined || fifth === '--replace'))
    return async (io) => importPeople(io, await readFile(third, 'utf8'), fourth, { replace: fifth === '--replace' })
  if (first === 'catalog' && second === 'apply' && third)
    return async (io) => applyCatalog(io, await readFile(third, 'utf8'))
  if (first === 'evidence' && second === 'export' && third)
    return async (io, pool) => exportEvidence(io, third, await verifierKeyOf(pool))
  if (first === 'evidence' && second === 'erase' && third) return (io) => eraseEvidence(io, third)
  return null
}

async function run(words: readonly string[]): Promise<ExitCode> {
  if (words.length === 0 || words[0] === 'help' || words[0] === '--help') {
    process.stdout.write(USAGE)
    return words.length === 0 ? 2 : 0
  }
  const settings = readSettings(process.env)
  if (words[0] === 'console' && words[1] === 'link') return consoleLink(settings)
  const connect = readConnectWords(words)
  if (connect) return checkConnected(settings, connect)
  const command = commandOf(words, settings)
  if (!command) {
    process.stderr.write(`"${words.join(' ')}" is not a command, or something is missing after it.\n\n${USAGE}`)
    return 2
  }
  return withDatabase(settings, command)
}

/** The sandbox has a clock of its own, which its visitor moves. */
async function nowOf(settings: Settings, { ports }: CommandIo, pool: Pool): Promise<Instant> {
  if (settings.connections !== null) return ports.clock.now()
  const { sandboxClock } = await import('#sandbox/run-sandbox.ts')
  return (await sandboxClock(pool, ports.clock)).now()
}

async function consoleLink(settings: Settings): Promise<ExitCode> {
  const link = await askForLink(await linkSocketPath(settings.stateFolder))
  if (link === null) {
    process.stderr.write('No Tenure runs with this state folder. Start it with npm start.\n')
    return 1
  }
  process.stdout.write(`${link}\n`)
  return 0
}

/** Needs no database: whoever sets up a connection asks before anything runs. */
async function checkConnected(settings: Settings, words: ConnectWords): Promise<ExitCode> {
  const network = createUndiciFetch()
  try {
    const io = {
      fetch: network.fetch,
      now: () => Date.now(),
      sleep: (ms: number) => sleep(ms),
      newId: () => randomIds.next('io'),
    }
    const connections =
      settings.connections === null
        ? (await import('#sandbox/connect-stand-ins.ts')).connectStandIns(io)
        : connectAll(settings.connections, io)
    if (settings.connections === null)
      process.stdout.write('No connection is configured: these are the stand-ins of the sandbox.\n\n')
    const connected = Object.entries(connections).flatMap(([name, capabilities]) => {
      const connector = (connectors as Registry)[name]
      return connector === undefined ? [] : [{ connector, capabilities }]
    })
    const say = (line: string): void => void process.stdout.write(`${line}\n`)
    const complain = (line: string): void => void process.stderr.write(`${line}\n`)
    return await checkConnections({ say, complain }, connected, words)
  } finally {
    await network.close()
  }
}

async function withDatabase(settings: Settings, command: Command): Promise<ExitCode> {
  const database = await openDatabase(settings, (fault) => process.stderr.write(`${String(fault)}\n`))
  const clock = await databaseClock(database.pool)
  const network = createUndiciFetch()
  try {
    const io = {
      fetch: network.fetch,
      now: clock.now,
      sleep: (ms: number) => clock.sleep(ms),
      newId: () => randomIds.next('io'),
    }
    const connections = settings.connections === null ? {} : connectAll(settings.connections, io)
    const ports = {
      store: postgresStore(database.pool),
      clock,
      ids: randomIds,
      provider: (name: string) => connections[name],
      log: () => undefined,
    }
    const say = (line: string): void => void process.stdout.write(`${line}\n`)
    const complain = (line: string): void => void process.stderr.write(`${line}\n`)
    return await command({ ports, operator: userInfo().username, say, complain }, database.pool)
  } finally {
    clock.stop()
    await network.close()
    await database.close()
  }
}

// Whoever reads only the first lines of an answer, as `head` does, closes the pipe.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  if (fault.code !== 'EPIPE') throw fault
})

const words = process.argv.slice(2)
if (words[0] === 'start') await import('./main.ts')
else if (words[0] === 'verify') {
  const { run: verify } = await import('#verify/cli.ts')
  const out = (text: string): void => void process.stdout.write(text)
  process.exitCode = await verify(words.slice(1), { out, err: (text) => void process.stderr.write(text) })
} else {
  try {
    process.exitCode = await run(words)
  } catch (fault) {
    process.stderr.write(fault instanceof ConfigFault ? `${fault.message}.\n` : `${String((fault as Error).message)}\n`)
    process.exitCode = 1
  }
}
