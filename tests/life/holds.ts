import { evidenceHolds } from './evidence-holds.ts'
import { wordsReadWell } from './words-read-well.ts'
import type { World } from './world.ts'

/** What must be true after any story, besides what the story is about. */
export async function holds(world: World): Promise<void> {
  await evidenceHolds(world)
  wordsReadWell(world)
}
