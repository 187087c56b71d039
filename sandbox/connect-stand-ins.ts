import { connectors } from '#connectors/index.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { StandIn } from '#connectors/kit/stand-in.ts'
import { generateCompany, SANDBOX_SEED } from './company/company.ts'
import { createOtherDirectories } from './other-directories.ts'
import { newRsaKeys } from './seeds/rsa-keys.ts'
import { connectInProcess, createStandIns, JIRA_SITE } from './stand-ins.ts'

/** Each connector that has a stand-in, on a stand-in of its own that nobody else sees: for whoever wants to look at a connection. */
export function connectStandIns(io: Omit<Io, 'fetch'>): Readonly<Record<string, Capabilities>> {
  const company = generateCompany(SANDBOX_SEED)
  const others = createOtherDirectories(company, { entra: newRsaKeys(), google: newRsaKeys() })
  const on = (answer: StandIn): Io => ({ ...io, fetch: async (request) => answer(request, io.now()) })
  return {
    entra: connectors.entra.connect(others.entraConfig(), on(others.entra.answer)),
    google: connectors.google.connect(others.googleConfig(), on(others.google.answer)),
    ...connectInProcess(createStandIns(company, { siteUrl: JIRA_SITE }), io),
  }
}
