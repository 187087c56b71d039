import { serveStandIn } from '#connectors/kit/serve-stand-in.ts'
import type { ServedStandIn, ServeOptions } from '#connectors/kit/serve-stand-in.ts'
import type { EntraStandIn } from './state.ts'

/** Serves the stand-in over HTTP on loopback, the token endpoint and Graph at one address; `ENTRA_CLOUD` is then the `url`. */
export function serveEntraStandIn(
  standIn: Pick<EntraStandIn, 'answer'>,
  options: ServeOptions,
): Promise<ServedStandIn> {
  return serveStandIn((request, now) => standIn.answer(request, now), options)
}
