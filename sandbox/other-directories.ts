import type { EntraConfig } from '#connectors/entra/config.ts'
import { createEntraStandIn, type EntraStandIn } from '#connectors/entra/stand-in/state.ts'
import type { GoogleConfig } from '#connectors/google/config.ts'
import { createGoogleStandIn, type GoogleStandIn } from '#connectors/google/stand-in/state.ts'
import type { CompanyFacts } from './company/company.ts'
import { entraConfigOf, entraSeedOf } from './seeds/entra-seed.ts'
import { googleConfigOf, googleSeedOf } from './seeds/google-seed.ts'
import type { RsaKeys } from './seeds/rsa-keys.ts'

/** Entra ID and Google Workspace with the same company in them, and the configuration with which the real connectors reach them. */
export interface OtherDirectories {
  readonly entra: EntraStandIn
  readonly google: GoogleStandIn
  /** `url`: of the server that serves the stand-in. Without it the vendor's own addresses, for a `fetch` that never leaves the process. */
  entraConfig(url?: string): EntraConfig
  googleConfig(url?: string): GoogleConfig
}

export interface OtherDirectoryKeys {
  readonly entra: RsaKeys
  readonly google: RsaKeys
}

export function createOtherDirectories(company: CompanyFacts, keys: OtherDirectoryKeys): OtherDirectories {
  const options = { limits: null, keepsCalls: false }
  return {
    entra: createEntraStandIn(entraSeedOf(company, keys.entra), options),
    google: createGoogleStandIn(googleSeedOf(company, keys.google), options),
    entraConfig: (url = '') => ({ ...entraConfigOf(keys.entra), cloud: url }),
    googleConfig: (url = '') => ({ ...googleConfigOf(company, keys.google), origin: url }),
  }
}
