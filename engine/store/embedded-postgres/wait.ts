/** Waiting for a process of the operating system, which no clock of ours governs. Decides nothing about access. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Growing steps from 10 to 200 ms that together last `ms`: quick when things go well, patient when not. */
export function* patience(ms: number): Generator<number> {
  let step = 10
  for (let waited = 0; waited < ms; waited += step) {
    yield step
    step = Math.min(step * 1.3, 200)
  }
}
