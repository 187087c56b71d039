import { connectors, type Registry } from '#connectors/index.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { Connections } from './compose.ts'

/** Connects what is configured. What is wrong in a configuration is thrown in words, before anything runs. */
export function connectAll(
  configs: Readonly<Record<string, unknown>>,
  io: Io,
  registry: Registry = connectors,
): Connections {
  return Object.fromEntries(
    Object.entries(configs).map(([name, config]) => {
      const connector = registry[name]
      if (connector === undefined) throw new Error(`there is no connector "${name}"`)
      return [name, connector.connect(config as never, io)]
    }),
  )
}
