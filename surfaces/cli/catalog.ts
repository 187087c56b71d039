import { publishCatalog } from '#engine/handle/publish-catalog.ts'
import { inWords } from '../words/refusals.ts'
import { readCatalogFile } from './catalog-file.ts'
import type { CommandIo, ExitCode } from './command.ts'

/** `tenure catalog apply <file>`: puts a catalog in force as a whole. The same content again changes nothing. */
export async function applyCatalog(io: CommandIo, content: string): Promise<ExitCode> {
  const reading = await readCatalogFile(io.ports, content)
  if (reading.kind === 'flawed') {
    for (const flaw of reading.flaws) io.complain(flaw)
    io.complain('Nothing was changed.')
    return 1
  }
  const before = (await io.ports.store.catalogInForce())?.version ?? 0
  const refusal = await publishCatalog(io.ports, reading.catalog, { kind: 'operator', name: io.operator })
  if (refusal) {
    io.complain(inWords(refusal.code, refusal.detail))
    return 1
  }
  const after = (await io.ports.store.catalogInForce())?.version ?? 0
  io.say(
    after === before ? `Version ${after} is in force already, with the same content.` : `Version ${after} is in force.`,
  )
  return 0
}
