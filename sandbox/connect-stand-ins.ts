import { createEntraStandIn } from '#connectors/entra/stand-in/state.ts'
import { createGoogleStandIn } from '#connectors/google/stand-in/state.ts'
import { connectors } from '#connectors/index.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import { generateCompany, SANDBOX_SEED, type Company } from './company/company.ts'
import { entraConfigOf, entraSeedOf } from './seeds/entra-seed.ts'
import { googleConfigOf, googleSeedOf } from './seeds/google-seed.ts'
import { newRsaKeys } from './seeds/rsa-keys.ts'
import { connectInProcess, createStandIns, JIRA_SITE } from './stand-ins.ts'

/** Each connector that has a stand-in, on a stand-in of its own that nobody else sees: for whoever wants to look at a connection. */
export function connectStandIns(io: Omit<Io, 'fetch'>): Readonly<Record<string, Capabilities>> {
  const company = generateCompany(SANDBOX_SEED)
  const keys = newRsaKeys()
  const standIn = createEntraStandIn(entraSeedOf(company, keys), { limits: null })
  const entra = connectors.entra.connect(entraConfigOf(keys), {
    ...io,
    fetch: async (request) => standIn.answer(request, io.now()),
  })
  const google = googleOn(company, io)
  return { entra, google, ...connectInProcess(createStandIns(company, { siteUrl: JIRA_SITE }), io) }
}

function googleOn(company: Company, io: Omit<Io, 'fetch'>): Capabilities {
  const keys = newRsaKeys()
  const standIn = createGoogleStandIn(googleSeedOf(company, keys), { limits: null })
  const fetch: Io['fetch'] = async (request) => standIn.answer(request, io.now())
  return connectors.google.connect(googleConfigOf(company, keys), { ...io, fetch })
}
