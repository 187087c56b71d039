import { open, readdir, readFile, realpath } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { parseVerifierKey } from './checkpoint.ts'
import type { PackSource } from './pack-source.ts'
import { verifyPack } from './verify-pack.ts'
import type { Verdict } from './verify-pack.ts'

/*
 * The only file of this room that touches a disk. Exit codes: 0 verified, 1 not verified, 2 the call was not understood
 * or a file could not be read.
 */

const USAGE = `Usage: node verify/cli.ts <pack folder> --checkpoint <file> --key <verifier key> [--json]

Checks an evidence pack, trusting nothing in it. The checkpoint and the verifier key must come to
you by another way than the pack: they are what is trusted.

  --checkpoint <file>   a signed checkpoint; give it again for older ones, which shows that nothing
                        was rewritten between them
  --key <key>           the log's verifier key, <name>+<key id>+<base64>
  --json                one JSON object instead of words
`

export interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** Runs the command and answers the exit code. */
export async function run(args: readonly string[], { out, err }: Streams): Promise<0 | 1 | 2> {
  const asked = parseArguments(args)
  if (typeof asked === 'string') {
    err(`${asked}\n\n${USAGE}`)
    return 2
  }
  if ((await parseVerifierKey(asked.key)) === null) {
    err('The verifier key is not understood: <name>+<key id>+<base64> is expected, of an Ed25519 key.\n')
    return 2
  }
  const pack = openFolder(asked.folder)
  try {
    // A folder that is not there is a slip of the caller, not a pack without records.
    await readdir(asked.folder)
    const checkpoints = await Promise.all(asked.checkpoints.map((file) => readFile(file, 'utf8')))
    const verdict = await verifyPack(pack, { checkpoints, key: asked.key })
    out(asked.json ? `${JSON.stringify(verdict)}\n` : inWords(verdict))
    return verdict.verified ? 0 : 1
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    err(`${harmless(error.message)}\n`)
    return 2
  } finally {
    await pack.close()
  }
}

/** A pack in a folder. Close it after use. */
export function openFolder(folder: string): PackSource & { close: () => Promise<void> } {
  const files = new Map<string, Promise<FileHandle | null>>()
  const file = (name: string): Promise<FileHandle | null> => {
    const known = files.get(name) ?? openIfThere(`${folder}/${name}`)
    files.set(name, known)
    return known
  }
  return {
    async size(name) {
      const handle = await file(name)
      return handle === null ? null : (await handle.stat()).size
    },
    async read(name, from, length) {
      const handle = await file(name)
      if (handle === null) return new Uint8Array(0)
      const bytes = new Uint8Array(length)
      let done = 0
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, from + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      return bytes.subarray(0, done)
    },
    async close() {
      for (const handle of await Promise.all(files.values())) await handle?.close()
    },
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

interface Asked {
  readonly folder: string
  readonly checkpoints: readonly string[]
  readonly key: string
  readonly json: boolean
}

/** What was asked, or what is wrong with it, in words. */
function parseArguments(args: readonly string[]): Asked | string {
  const folders: string[] = []
  const checkpoints: string[] = []
  const keys: string[] = []
  let json = false
  const rest = args.values()
  for (const argument of rest) {
    if (argument === '--json') {
      json = true
    } else if (argument === '--checkpoint' || argument === '--key') {
      const { value } = rest.next()
      if (value === undefined) return `${argument} needs a value.`
      if (argument === '--key') keys.push(value)
      else checkpoints.push(value)
    } else if (argument.startsWith('-')) {
      return `${argument} is not an option.`
    } else {
      folders.push(argument)
    }
  }
  const [folder] = folders
  const [key] = keys
  if (folder === undefined || folders.length > 1) return 'One pack folder is needed.'
  if (checkpoints.length === 0) return 'A checkpoint is needed.'
  if (key === undefined || keys.length > 1) return 'One verifier key is needed.'
  return { folder, checkpoints, key, json }
}

/** Of a list that people read. `--json` gives more. */
const MOST_SHOWN = 50

function inWords(verdict: Verdict): string {
  const { open, records, checkpoint, requests, approved, granted, expired, changes, removedAndReadBack, erased } =
    verdict
  const head = checkpoint === null ? 'no checkpoint' : `checkpoint ${checkpoint.size} of ${checkpoint.origin}`
  const lines = [
    `${verdict.verified ? 'Verified' : 'NOT verified'}: ${records} records against ${head}.`,
    `${requests} requests, ${approved} approved, ${granted} granted, ${expired} expired; ` +
      `${changes} changes proven, ${removedAndReadBack} removed and read back; personal fields erased in ${erased}; ${open.length} changes still open.`,
    ...open
      .slice(0, MOST_SHOWN)
      .map((one) => `Still open: ${one.record} (index ${one.index}), ${one.do} since ${one.since}.`),
    ...verdict.findings.slice(0, MOST_SHOWN).map(({ code, record, index, said }) => {
      const where = record === null && index === null ? 'the pack' : `${record ?? 'a record'} (index ${index ?? '?'})`
      return `Finding: ${code}: ${where}: ${said}.`
    }),
  ]
  const more = verdict.findingsInAll - MOST_SHOWN
  if (more > 0) lines.push(`And ${more} more findings.`)
  return lines.map((line) => `${harmless(line)}\n`).join('')
}

/** Names come out of the pack: what could steer a terminal is shown as what it is. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

const started = process.argv[1]
if (started !== undefined && (await realpath(started).catch(() => null)) === import.meta.filename) {
  // Whoever reads only the first lines (`| head`) closes the pipe: no fault of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  const write = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(text)
  process.exitCode = await run(process.argv.slice(2), { out: write(process.stdout), err: write(process.stderr) })
}
