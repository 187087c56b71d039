import { serveStandIn } from '#connectors/kit/serve-stand-in.ts'
import type { ServedStandIn, ServeOptions } from '#connectors/kit/serve-stand-in.ts'
import type { OktaStandIn } from './state.ts'

/** Serves the stand-in over HTTP on loopback; `OKTA_DOMAIN` is then the `url`. */
export function serveOktaStandIn(standIn: OktaStandIn, options: ServeOptions): Promise<ServedStandIn> {
  return serveStandIn((request, now) => standIn.answer(request, now), options)
}
