import { join } from 'node:path'
import type { Pool } from 'pg'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { openOrCreateSigningKey, openSigningKey } from '#engine/evidence/signing-key-file.ts'
import type { SigningKey } from '#engine/evidence/signed-note.ts'
import { installationFact, keepInstallationFact } from '#engine/store/installation.ts'

const VERIFIER_KEY = 'verifier key'

/**
 * The key that signs this database's log: one for ever, however many hosts serve it. A log of two keys is no log, so a
 * host that has lost the key, or never had it, does not start, and makes none.
 */
export async function signingKeyOf(pool: Pool, folder: string): Promise<SigningKey> {
  const known = await verifierKeyOf(pool)
  const key = known === null ? await openOrCreateSigningKey(folder) : await openSigningKey(folder)
  // Of two hosts that start at once with keys of their own, the first to be written down wins.
  const kept = known ?? (key && (await keepInstallationFact(pool, VERIFIER_KEY, key.verifierKey)))
  if (key !== null && key.verifierKey === kept) return key
  const path = join(folder, 'evidence-signing-key')
  throw new ConfigFault(
    `the log in this database is signed by the key ${kept?.split('+')[0]}, and ${path} ${key === null ? 'is missing' : 'is another key'}: copy the file evidence-signing-key from the host that has served this database, or restore it from a backup. A new key would break the log`,
  )
}

/** The public half, as it was written down when the first server started; null before. */
export function verifierKeyOf(pool: Pool): Promise<string | null> {
  return installationFact(pool, VERIFIER_KEY)
}
