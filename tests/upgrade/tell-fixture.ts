import { createHash } from 'node:crypto'
import { parseSigningKey } from '#engine/evidence/signed-note.ts'
import type { Ids } from '#engine/ports.ts'
import { keepInstallationFact } from '#engine/store/installation.ts'
import { openPool } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase } from '#engine/store/test-database.ts'
import { populate } from '#sandbox/populate.ts'
import { START } from '../life/world.ts'
import { smallCompany } from './company.ts'
import { countersOf, tablesOf, writeFixture } from './fixture.ts'
import { openOutside, outsideNow, outsideOf } from './outside.ts'
import { startProduct } from './product.ts'
import { tellStory } from './story.ts'

/** Made for the fixtures, and known to everybody: it protects nothing. */
const SIGNING_KEY = 'PRIVATE+KEY+tenure.test/fixture+13bd641a+AZYKiy/c76gXJr2S+qRuuHe+Ux6xa+kaHL6I1jGE6iF4'

/** The same ids and salts in the same order, so that the same story is the same bytes. */
function idsFrom(seed: string): Ids {
  let drawn = 0
  const next = (): Buffer =>
    createHash('sha256')
      .update(`${seed} ${(drawn += 1)}`)
      .digest()
  return {
    next: (prefix) => `${prefix}_${next().toString('hex', 0, 8)}`,
    bytes: (length) => next().subarray(0, length),
  }
}

/** Little is taken at once: a worker that dies takes nothing with it but what the story means it to. */
const LITTLE_AT_ONCE = { batch: 3, leaseMs: 5_000 }

/** Tells the story on a fresh database of the newest schema, and writes down what it left behind. */
export async function tellFixture(folder: string): Promise<void> {
  const database = await createTestDatabase()
  // One connection: whatever is done at once is done in one order, the same each time.
  const pool = openPool({ ...database.connectionConfig, max: 1 })
  try {
    await keepInstallationFact(pool, 'mode', 'company')
    const begin = outsideOf(smallCompany())
    const standIns = openOutside(begin, START)
    const { company } = begin
    const signingKey = parseSigningKey(SIGNING_KEY)
    const ids = idsFrom('fixture')
    const product = await startProduct({ pool, company, standIns, signingKey, ids, work: LITTLE_AT_ONCE, now: START })
    await populate(product.ports, company)
    const told = await tellStory(product)
    await writeFixture(folder, {
      ...told,
      at: new Date(product.clock.now()).toISOString(),
      signingKey: SIGNING_KEY,
      counters: await countersOf(pool),
      outside: outsideNow(begin, standIns),
      tables: await tablesOf(pool),
    })
  } finally {
    await pool.end()
    await database.drop()
  }
}
