import { serveStandIn } from '#connectors/kit/serve-stand-in.ts'
import type { ServedStandIn, ServeOptions } from '#connectors/kit/serve-stand-in.ts'
import type { GoogleStandIn } from './state.ts'

/** Serves the stand-in over HTTP on loopback, all of Google's hosts at one address; `GOOGLE_ORIGIN` is then the `url`. */
export function serveGoogleStandIn(
  standIn: Pick<GoogleStandIn, 'answer'>,
  options: ServeOptions,
): Promise<ServedStandIn> {
  return serveStandIn((request, now) => standIn.answer(request, now), options)
}
