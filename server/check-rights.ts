import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { Log } from '#engine/ports.ts'
import type { Connections } from './compose.ts'

/**
 * At the start each vendor that can be asked is asked what our credentials may do. With a right too many nothing is begun; a right
 * too few, or a vendor that does not answer, is said, and the rest goes on.
 */
export async function checkRights(connections: Connections, log: Log): Promise<void> {
  const tooMany: string[] = []
  await Promise.all(
    Object.entries(connections).map(async ([name, { rights }]) => {
      if (!rights) return
      const reading = await rights.check()
      if (reading.kind !== 'read') {
        return log('warning', `${name}: nobody knows yet what the credentials may do: ${plainText(reading.said, 300)}`)
      }
      const { missing, warnings } = reading.value
      for (const { right, why } of reading.value.tooMany)
        tooMany.push(`${name}: ${right} is held, and must not be: ${why}`)
      for (const right of missing)
        log('warning', `${name}: the right ${right} is missing, and what needs it will be refused`)
      for (const warning of warnings) log('warning', `${name}: ${warning}`)
    }),
  )
  if (tooMany.length > 0) throw new ConfigFault(tooMany.toSorted().join('; '))
}
