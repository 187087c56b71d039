import { ALL, haltStream, type HaltState } from '#core/halt/halt.ts'
import type { Ports } from '../ports.ts'

/** An order in force because of which no removal is sent. `provider` null: it is about everything. */
export interface OrderAgainstRemovals {
  readonly provider: string | null
  readonly since: string
}

/** Of these providers, that of everything first. */
export async function ordersAgainstRemovals(
  ports: Pick<Ports, 'store'>,
  providers: readonly string[],
): Promise<readonly OrderAgainstRemovals[]> {
  const scopes = [ALL, ...new Set(providers)]
  const states = await ports.store.load(scopes.map(haltStream))
  return scopes.flatMap((scope) => {
    const halted = (states.get(haltStream(scope))?.state as unknown as HaltState | undefined)?.halted
    if (!halted || halted.exceptRemovals) return []
    return [{ provider: scope === ALL ? null : scope, since: halted.since }]
  })
}
