import type { Ports } from '#engine/ports.ts'

/** What a command may touch. Words go to `say`; trouble goes to `complain`. */
export interface CommandIo {
  readonly ports: Ports
  /** The name of whoever runs the command, for the record. */
  readonly operator: string
  say(line: string): void
  complain(line: string): void
}

/** 0: done. 1: the answer is no. 2: the call was not understood. */
export type ExitCode = 0 | 1 | 2
