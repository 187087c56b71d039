import { connectors } from '#connectors/index.ts'
import type { Connector } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { Connections } from './compose.ts'

/** Connects every configured connector. What is missing or wrong in a configuration is thrown in words, before anything runs. */
export function connectAll(configs: Readonly<Record<string, unknown>>, io: Io): Connections {
  return Object.fromEntries(
    Object.entries(connectors).map(([name, connector]) => [
      name,
      (connector as unknown as Connector<unknown>).connect(configs[name], io),
    ]),
  )
}
