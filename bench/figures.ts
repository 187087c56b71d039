import { loadavg } from 'node:os'

/** What a bench prints: one line of JSON on standard output. Words for people go to standard error. */
export interface Figures {
  readonly name: string
  /** Ours against the baseline of the same run; more is better. */
  readonly ratio: number
  readonly median: number
  readonly spread: readonly [lowest: number, highest: number]
  /** Load average over one minute and number of cores: above 1.5 a core the run is void. */
  readonly load: { readonly average: number; readonly cores: number; readonly void: boolean }
  readonly [more: string]: unknown
}

export function report(
  name: string,
  ratios: readonly number[],
  more: Readonly<Record<string, unknown>>,
  cores: number,
): void {
  const sorted = ratios.toSorted((a, b) => a - b)
  const median = medianOf(sorted)
  const average = Math.round((loadavg()[0] ?? 0) * 100) / 100
  const figures: Figures = {
    name,
    ratio: rounded(median),
    median: rounded(median),
    spread: [rounded(sorted[0] ?? 0), rounded(sorted.at(-1) ?? 0)],
    load: { average, cores, void: average > 1.5 * cores },
    ...more,
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

export function note(words: string): void {
  process.stderr.write(`${words}\n`)
}
