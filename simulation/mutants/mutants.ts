import type { Mutant } from './mutant.ts'
import { OF_CONNECTORS } from './of-connectors.ts'
import { OF_CORE } from './of-core.ts'
import { OF_ENGINE } from './of-engine.ts'
import { OF_STORES } from './of-stores.ts'
import { OF_SURFACES } from './of-surfaces.ts'

/** Every mutant, room by room. */
export const MUTANTS: readonly Mutant[] = [...OF_CORE, ...OF_ENGINE, ...OF_STORES, ...OF_CONNECTORS, ...OF_SURFACES]
