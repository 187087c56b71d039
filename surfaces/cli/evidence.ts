import { writeFile } from 'node:fs/promises'
import { exportPack } from '#engine/evidence/export-pack.ts'
import type { CommandIo, ExitCode } from './command.ts'

/** `tenure evidence export <folder>`: a pack that anybody can check without us, and beside it the checkpoint to hand over by another way. */
export async function exportEvidence(io: CommandIo, folder: string, verifierKey: string | null): Promise<ExitCode> {
  // Only a server that started has a key, and seals.
  const written = verifierKey === null ? null : await exportPack(io.ports, folder, 'tenure')
  if (!written) {
    io.complain('Nothing is sealed yet. The running server seals records within seconds.')
    return 1
  }
  const checkpoint = `${folder}.checkpoint`
  await writeFile(checkpoint, written.checkpoint)
  io.say(`${written.records} records written to ${folder}.`)
  if (!written.rootAgrees)
    io.complain('The records do not fit the signed checkpoint: somebody changed the database behind our back.')
  io.say(
    'Anybody can check them so. The checkpoint and the key are what is trusted: hand them over by another way than the pack.',
  )
  io.say(`  npm exec -- tenure verify ${folder} --checkpoint ${checkpoint} --key ${verifierKey}`)
  return written.rootAgrees ? 0 : 1
}

/** `tenure evidence erase <stream@version>`: forgets the personal fields of one record. The proof of the record stays whole. */
export async function eraseEvidence(io: CommandIo, name: string): Promise<ExitCode> {
  const at = name.lastIndexOf('@')
  const version = Number(name.slice(at + 1))
  if (at < 1 || !Number.isInteger(version)) {
    io.complain('Name the record as stream@version, e.g. request/req_7k2m@1.')
    return 2
  }
  const erased = await io.ports.store.erase(name.slice(0, at), version)
  if (erased) io.say(`The personal fields of ${name} are gone. The record and its proof are not.`)
  else io.complain(`${name} has no personal fields, or is no record.`)
  return erased ? 0 : 1
}
