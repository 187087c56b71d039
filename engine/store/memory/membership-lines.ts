import { URGENCIES } from '#core/identity-action/urgency.ts'
import type { Directories, WorkOf } from '../store.ts'
import type { Line } from './line.ts'
import type { MembershipRow } from './tables.ts'

type Work = 'write' | 'read'

/** A line for each directory, kind of work and urgency, so that each is found without walking over the others. */
export class MembershipLines {
  private readonly ofProvider = new Map<string, Readonly<Record<Work, readonly Line<MembershipRow>[]>>>()
  /** What is due for nothing in particular: nobody claims it. */
  private readonly idle: Line<MembershipRow>
  private readonly newLine: () => Line<MembershipRow>

  constructor(newLine: () => Line<MembershipRow>) {
    this.newLine = newLine
    this.idle = newLine()
  }

  lineOf({ group: { provider }, work, urgency }: MembershipRow): Line<MembershipRow> {
    if (work === null) return this.idle
    let lines = this.ofProvider.get(provider)
    if (lines === undefined) {
      const byUrgency = () => URGENCIES.map(() => this.newLine())
      lines = { write: byUrgency(), read: byUrgency() }
      this.ofProvider.set(provider, lines)
    }
    return lines[work][urgency] ?? this.idle
  }

  /** The lines of this work, the most urgent first; those of one urgency belong together. */
  byUrgency({ work, of, urgencies }: WorkOf): readonly (readonly Line<MembershipRow>[])[] {
    const chosen = [...this.ofProvider].flatMap(([provider, lines]) => (isOf(provider, of) ? [lines[work]] : []))
    const wanted = urgencies ? URGENCIES.filter((each) => urgencies.includes(each)) : URGENCIES
    return wanted.map((urgency) => chosen.flatMap((lines) => lines[urgency] ?? []))
  }

  /** The same lines, in whatever order: for whoever looks at the first of them all, which is often. */
  together(wanted: WorkOf): readonly Line<MembershipRow>[] {
    const { work, of, urgencies } = wanted
    if (urgencies !== undefined || of === undefined || !('provider' in of)) return this.byUrgency(wanted).flat()
    return this.ofProvider.get(of.provider)?.[work] ?? []
  }

  all(): readonly Line<MembershipRow>[] {
    return [this.idle, ...[...this.ofProvider.values()].flatMap(({ write, read }) => [...write, ...read])]
  }
}

function isOf(provider: string, of: Directories | undefined): boolean {
  if (of === undefined) return true
  return 'provider' in of ? of.provider === provider : !of.noneOf.includes(provider)
}
