import type { Catalog } from '#core/catalog/catalog.ts'
import type { Refusal } from '#core/event.ts'
import type { Actor } from '#core/trigger/actor.ts'
import { canonicalHash } from '../evidence/canonical-hash.ts'
import type { Ports } from '../ports.ts'
import { CATALOG, RULE } from './stream-kinds.ts'
import { takeTurn } from './turn.ts'

/** Puts a catalog in force as a whole, and with it a version of each rule that changed. The same catalog again changes nothing. */
export async function publishCatalog(ports: Ports, catalog: Catalog, by: Actor): Promise<Refusal | null> {
  const result = await takeTurn(ports, by, async (turn) => {
    const stream = await turn.open(CATALOG, 'catalog')
    const before = stream.state.version
    const refusal = stream.decide({ kind: 'publish catalog', catalog, hash: canonicalHash(catalog) })
    if (refusal || stream.state.version === before) return refusal
    for (const rule of catalog.rules) {
      const ruleStream = await turn.open(RULE, `approval-rule/${rule.id}`)
      ruleStream.decide({ kind: 'publish rule', rule, hash: canonicalHash(rule) })
    }
    turn.publish({ version: stream.state.version, catalog })
    return null
  })
  if (result === 'lease lost') throw new Error('a turn without a claim lost a lease')
  return result
}
