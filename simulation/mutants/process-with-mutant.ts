import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Found, Order } from './hunt.ts'
import type { Mutant } from './mutant.ts'

const PUT_IN = new URL('./put-mutant-in.ts', import.meta.url).href
const HUNT = fileURLToPath(new URL('./hunt.ts', import.meta.url))

/** Looks at these schedules in a process of its own, with the mutant in it; null: with none. A process that goes on for too long is ended. */
export function lookWith(mutant: Mutant | null, order: Order, mostMs: number): Promise<readonly Found[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', PUT_IN, HUNT, JSON.stringify(order)], {
      env: { ...process.env, TENURE_MUTANT: JSON.stringify(mutant) },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: mostMs,
      killSignal: 'SIGKILL',
    })
    let said = ''
    let complained = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (complained += text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve(foundIn(said))
      const name = mutant?.name ?? 'no mutant'
      const why =
        code === null ? `it took longer than ${mostMs / 1_000} s` : `code ${code}: ${complained.slice(0, 500)}`
      reject(new Error(`the process with "${name}" did not come to an end of its own: ${why}`))
    })
  })
}

function foundIn(lines: string): readonly Found[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Found)
}
