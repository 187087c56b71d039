import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import type { ConfigFields } from '#connectors/kit/connector.ts'

/** As people write it: text in every field, '' where nothing was given. */
export interface EntraConfig {
  readonly tenant: string
  readonly clientId: string
  readonly privateKey: string
  readonly certificate: string
  readonly clientSecret: string
  readonly nativeEnd: string
  readonly cloud: string
  readonly concurrency: string
}

export const configFields: ConfigFields<EntraConfig> = {
  tenant: {
    env: 'ENTRA_TENANT',
    label: 'Tenant',
    help: 'The directory (tenant) ID, or a verified domain such as acme.onmicrosoft.com: Entra admin center > Overview.',
    secret: false,
    required: true,
  },
  clientId: {
    env: 'ENTRA_CLIENT_ID',
    label: 'Application ID',
    help: 'Of the app registration that you made for Tenure: App registrations > the app > Application (client) ID.',
    secret: false,
    required: true,
  },
  privateKey: {
    env: 'ENTRA_PRIVATE_KEY',
    label: 'Private key',
    help: 'The private key of the certificate that you uploaded to the app: PEM, RSA of 2048 bits or more.',
    secret: true,
    required: false,
  },
  certificate: {
    env: 'ENTRA_CERTIFICATE',
    label: 'Certificate',
    help: 'That certificate as PEM, or its thumbprint in hexadecimal (SHA-256; the shorter SHA-1 that the portal shows works too).',
    secret: false,
    required: false,
  },
  clientSecret: {
    env: 'ENTRA_CLIENT_SECRET',
    label: 'Client secret',
    help: 'Instead of a certificate: the value (not the ID) of a client secret. It ends after two years at the latest.',
    secret: true,
    required: false,
  },
  nativeEnd: {
    env: 'ENTRA_NATIVE_END',
    label: 'Native end',
    help: '"pim": memberships with an end are assignments of PIM for Groups, so that Entra ends them should Tenure be down. Needs Entra ID P2 or ID Governance. Off unless set.',
    secret: false,
    required: false,
  },
  cloud: {
    env: 'ENTRA_CLOUD',
    label: 'Cloud',
    help: '"us", "us-dod" or "china" for a national cloud; the address of a test server on this machine. Leave it empty otherwise.',
    secret: false,
    required: false,
  },
  concurrency: {
    env: 'ENTRA_CONCURRENCY',
    label: 'Calls at once',
    help: 'How many calls may be under way at once, of all replicas together; 10 unless set.',
    secret: false,
    required: false,
  },
}

export interface EntraSettings {
  /** e.g. `https://login.microsoftonline.com`. */
  readonly loginOrigin: string
  /** e.g. `https://graph.microsoft.com`. */
  readonly graphOrigin: string
  readonly tenant: string
  readonly clientId: string
  readonly auth: CertificateAuth | { readonly kind: 'secret'; readonly clientSecret: string }
  readonly nativeEnd: boolean
  readonly concurrency: number
}

export interface CertificateAuth {
  readonly kind: 'certificate'
  readonly key: KeyObject
  /** The header that names the certificate in an assertion, and its value: RFC 7515 sections 4.1.7 and 4.1.8. */
  readonly thumbprint: { readonly header: 'x5t#S256' | 'x5t'; readonly value: string }
}

/** Throws a `ConfigFault` in words that an operator can act on. */
export function settingsOf(config: EntraConfig): EntraSettings {
  const clientId = config.clientId.trim()
  if (!GUID.test(clientId)) throw new ConfigFault('ENTRA_CLIENT_ID is missing, or is no application ID')
  return {
    ...cloudOf(config.cloud.trim()),
    tenant: tenantOf(config.tenant.trim()),
    clientId,
    auth: authOf(config),
    nativeEnd: nativeEndOf(config.nativeEnd.trim()),
    concurrency: concurrencyOf(config.concurrency),
  }
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** https://learn.microsoft.com/graph/deployments */
const CLOUDS: Readonly<Record<string, { readonly loginOrigin: string; readonly graphOrigin: string }>> = {
  '': { loginOrigin: 'https://login.microsoftonline.com', graphOrigin: 'https://graph.microsoft.com' },
  us: { loginOrigin: 'https://login.microsoftonline.us', graphOrigin: 'https://graph.microsoft.us' },
  'us-dod': { loginOrigin: 'https://login.microsoftonline.us', graphOrigin: 'https://dod-graph.microsoft.us' },
  china: { loginOrigin: 'https://login.chinacloudapi.cn', graphOrigin: 'https://microsoftgraph.chinacloudapi.cn' },
}

function cloudOf(name: string): { readonly loginOrigin: string; readonly graphOrigin: string } {
  const known = Object.hasOwn(CLOUDS, name) ? CLOUDS[name] : undefined
  if (known) return known
  const url = URL.parse(name)
  const loopback = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost' || url?.hostname === '[::1]'
  if (url === null || url.pathname !== '/' || url.search !== '' || url.username !== '' || !loopback) {
    throw new ConfigFault(
      'ENTRA_CLOUD must be empty, us, us-dod or china, or the address of a test server on this machine',
    )
  }
  return { loginOrigin: url.origin, graphOrigin: url.origin }
}

function tenantOf(tenant: string): string {
  if (tenant === '') throw new ConfigFault('ENTRA_TENANT is missing: the directory (tenant) ID')
  if (/^(common|organizations|consumers)$/i.test(tenant)) {
    throw new ConfigFault(`ENTRA_TENANT must be one tenant: nobody gets a token for an app at "${tenant}"`)
  }
  if (GUID.test(tenant) || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(tenant)) return tenant
  throw new ConfigFault('ENTRA_TENANT is neither a tenant ID nor a domain')
}

function authOf(config: EntraConfig): EntraSettings['auth'] {
  const [keyText, certificate] = [config.privateKey.trim(), config.certificate.trim()]
  const clientSecret = config.clientSecret.trim()
  if (keyText === '' && certificate === '') {
    if (clientSecret === '') {
      throw new ConfigFault('ENTRA_PRIVATE_KEY and ENTRA_CERTIFICATE are missing (or ENTRA_CLIENT_SECRET instead)')
    }
    if (!/^[\x21-\x7e]+$/.test(clientSecret))
      throw new ConfigFault('ENTRA_CLIENT_SECRET holds characters that no secret has')
    if (GUID.test(clientSecret))
      throw new ConfigFault('ENTRA_CLIENT_SECRET is the ID of the secret: its value is needed')
    return { kind: 'secret', clientSecret }
  }
  if (clientSecret !== '') throw new ConfigFault('a certificate and ENTRA_CLIENT_SECRET are set: leave one of them out')
  if (keyText === '') throw new ConfigFault('ENTRA_PRIVATE_KEY is missing: the key of ENTRA_CERTIFICATE')
  if (certificate === '')
    throw new ConfigFault('ENTRA_CERTIFICATE is missing: the certificate of ENTRA_PRIVATE_KEY, or its thumbprint')
  const key = keyOf(keyText)
  return { kind: 'certificate', key, thumbprint: thumbprintOf(certificate, key) }
}

/** An environment variable often holds the line breaks of a PEM file as `\n`. */
function keyOf(text: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(text.replaceAll('\\n', '\n'))
  } catch {
    // The cause is left out: a parser's message may quote the text, which is the key.
    throw new ConfigFault('ENTRA_PRIVATE_KEY is no private key in PEM form (or it needs a passphrase)')
  }
  if (key.asymmetricKeyType !== 'rsa')
    throw new ConfigFault('ENTRA_PRIVATE_KEY must be an RSA key: Entra takes no other')
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new ConfigFault('ENTRA_PRIVATE_KEY is an RSA key of less than 2048 bits')
  }
  return key
}

function thumbprintOf(text: string, key: KeyObject): CertificateAuth['thumbprint'] {
  const hex = text.replaceAll(/[\s:]/g, '')
  if (/^[0-9a-f]{64}$/i.test(hex)) return { header: 'x5t#S256', value: base64url(hex) }
  if (/^[0-9a-f]{40}$/i.test(hex)) return { header: 'x5t', value: base64url(hex) }
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(text.replaceAll('\\n', '\n'))
  } catch {
    throw new ConfigFault('ENTRA_CERTIFICATE is neither a certificate in PEM form nor a thumbprint')
  }
  if (!certificate.checkPrivateKey(key)) throw new ConfigFault('ENTRA_PRIVATE_KEY is not the key of ENTRA_CERTIFICATE')
  return { header: 'x5t#S256', value: base64url(certificate.fingerprint256.replaceAll(':', '')) }
}

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url')
}

function nativeEndOf(text: string): boolean {
  if (text === '' || text === 'pim') return text === 'pim'
  throw new ConfigFault('ENTRA_NATIVE_END must be pim, or empty')
}

function concurrencyOf(text: string): number {
  if (text.trim() === '') return 10
  const calls = Number(text)
  if (Number.isInteger(calls) && calls >= 1 && calls <= 1000) return calls
  throw new ConfigFault('ENTRA_CONCURRENCY must be a whole number from 1 to 1000')
}
