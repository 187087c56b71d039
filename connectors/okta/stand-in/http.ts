import { serveStandIn } from '#connectors/kit/serve-stand-in.ts'
import type { ServedStandIn, ServeOptions } from '#connectors/kit/serve-stand-in.ts'
import type { OktaStandIn } from './state.ts'

/** Serves the stand-in over HTTP on loopback; `OKTA_DOMAIN` is then the `url`. A request is under way until its answer is sent. */
export function serveOktaStandIn(
  standIn: Pick<OktaStandIn, 'answer' | 'began' | 'ended'>,
  options: ServeOptions,
): Promise<ServedStandIn> {
  const { began, ended } = standIn
  return serveStandIn((request, now) => standIn.answer(request, now), { ...options, attendance: { began, ended } })
}
