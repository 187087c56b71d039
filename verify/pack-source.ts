import { textOf } from './bytes.ts'
import type { Bytes } from './bytes.ts'

/**
 * The files of a pack, wherever they lie: a folder (`cli.ts`), files that somebody dropped on a page, memory. Names
 * are as in docs/evidence.md, with a slash between folder and file.
 */
export interface PackSource {
  /** In bytes; null when the pack has no such file. */
  readonly size: (name: string) => Promise<number | null>
  /** The bytes from an offset, so many or up to the end of the file. */
  readonly read: (name: string, from: number, length: number) => Promise<Bytes>
}

/** One line of a file, without its line feed. */
export interface Line {
  /** Counted from 0. */
  readonly position: number
  /** Null when the line cannot be taken as text; `flaw` then says why. */
  readonly text: string | null
  readonly flaw: string | null
}

const PIECE_BYTES = 1024 * 1024
/** Longer than any record by far. A file without line feeds must not fill the memory. */
const MAX_LINE_BYTES = 4 * 1024 * 1024
const LINE_FEED = 0x0a

/** The whole text of a small file; null when it is missing, too long or not UTF-8. */
export async function readText(source: PackSource, name: string): Promise<string | null> {
  const size = await source.size(name)
  if (size === null || size > PIECE_BYTES) return null
  return textOf(await source.read(name, 0, size))
}

/** The lines of a file, in batches as they come off the disk. A missing file has no lines. */
export async function* readLines(source: PackSource, name: string): AsyncGenerator<readonly Line[]> {
  const size = (await source.size(name)) ?? 0
  let position = 0
  let begun: Uint8Array[] = []
  let begunBytes = 0

  const finish = (last: Uint8Array, ended: boolean): Line => {
    const line = lineOf(position++, begunBytes + last.length, [...begun, last], ended)
    begun = []
    begunBytes = 0
    return line
  }

  for (let from = 0; from < size; from += PIECE_BYTES) {
    const piece = await source.read(name, from, Math.min(PIECE_BYTES, size - from))
    const lines: Line[] = []
    let start = 0
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, start)) {
      lines.push(finish(piece.subarray(start, end), true))
      start = end + 1
    }
    const rest = piece.subarray(start)
    // Of a line that is too long only the length is kept.
    if (begunBytes + rest.length <= MAX_LINE_BYTES) begun.push(rest)
    begunBytes += rest.length
    yield lines
  }
  if (begunBytes > 0) yield [finish(new Uint8Array(0), false)]
}

function lineOf(position: number, length: number, parts: readonly Uint8Array[], ended: boolean): Line {
  if (length > MAX_LINE_BYTES) return { position, text: null, flaw: `the line is ${length} bytes long` }
  const [only] = parts
  const text = textOf(parts.length === 1 && only !== undefined ? only : joinedParts(parts, length))
  if (text === null) return { position, text: null, flaw: 'the line is not UTF-8' }
  return { position, text, flaw: ended ? null : 'the last line has no line feed' }
}

function joinedParts(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
