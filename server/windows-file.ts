import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isoOf, type Instant } from '#core/instant.ts'
import type { LiveWindow } from '#engine/read/live-windows.ts'
import { windowsCsv } from '#surfaces/cli/windows.ts'

/**
 * Who must lose what and when, in a file outside the database: so that somebody can take access away by hand when
 * everything of ours is down. A file is there whole or not at all, and only for the account that Tenure runs under.
 */
export async function writeWindowsFile(
  folder: string,
  now: Instant,
  windows: AsyncIterable<LiveWindow>,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = `windows-${isoOf(now).slice(0, 19).replaceAll(':', '-')}Z.csv`
  const path = join(folder, name)
  const unfinished = join(folder, `.${name}.${process.pid}.unfinished`)
  try {
    // Never through a link that somebody else has put there.
    await rm(unfinished, { force: true })
    const file = await open(unfinished, 'wx', 0o600)
    try {
      for await (const line of windowsCsv(windows)) await file.write(`${line}\r\n`)
      // What is renamed before it is on the disk may be an empty file after the power failed.
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw cause
  }
  await forgetOldest(folder)
  return path
}

const KEPT = 48

async function forgetOldest(folder: string): Promise<void> {
  const names = await readdir(folder)
  const files = names.filter((name) => /^windows-[\dTZ-]+\.csv$/.test(name)).sort()
  const old = files.slice(0, Math.max(0, files.length - KEPT))
  // What a killed process left half written, and nobody finishes any more.
  const oldestKept = files.at(-KEPT) ?? files[0] ?? ''
  const left = names.filter((name) => name.endsWith('.unfinished') && name.slice(1) < oldestKept)
  for (const name of [...old, ...left]) await rm(join(folder, name), { force: true })
}
