import { createPrivateKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import type { ConfigFields } from '#connectors/kit/connector.ts'
import type { Wanted } from './permissions.ts'

/** As people write it: text in every field, '' where nothing was given. */
export interface OktaConfig {
  readonly domain: string
  readonly clientId: string
  readonly privateKey: string
  readonly keyId: string
  readonly apiToken: string
  readonly accessToken: string
  readonly concurrency: string
  readonly accounts: string
  readonly log: string
}

export const configFields: ConfigFields<OktaConfig> = {
  domain: {
    env: 'OKTA_DOMAIN',
    label: 'Okta domain',
    help: 'The address of your organisation without "-admin", e.g. acme.okta.com.',
    secret: false,
    required: true,
  },
  clientId: {
    env: 'OKTA_CLIENT_ID',
    label: 'Client ID',
    help: 'Of the API Services app that you made for Tenure: Applications > the app > General > Client ID.',
    secret: false,
    required: false,
  },
  privateKey: {
    env: 'OKTA_PRIVATE_KEY',
    label: 'Private key',
    help: 'The private key of the app, as Okta showed it once: JSON (JWK) or PEM (PKCS #8), RSA or EC P-256.',
    secret: true,
    required: false,
  },
  keyId: {
    env: 'OKTA_KEY_ID',
    label: 'Key ID',
    help: 'The "kid" of that key; needed only for a PEM key when the app has several.',
    secret: false,
    required: false,
  },
  apiToken: {
    env: 'OKTA_API_TOKEN',
    label: 'API token',
    help: 'Instead of the app and its key: an API token (Security > API > Tokens). It may do whatever its administrator may, so Tenure warns at each start.',
    secret: true,
    required: false,
  },
  accessToken: {
    env: 'OKTA_ACCESS_TOKEN',
    label: 'Access token',
    help: 'An access token that was issued already, for test servers that know no private keys. Leave it empty for a real Okta.',
    secret: true,
    required: false,
  },
  concurrency: {
    env: 'OKTA_CONCURRENCY',
    label: 'Calls at once',
    help: 'How many calls may be under way at once, of all replicas together; 10 unless set. Okta allows 75 for a whole organisation (35 on a free plan).',
    secret: false,
    required: false,
  },
  accounts: {
    env: 'OKTA_ACCOUNTS',
    label: 'Accounts',
    help: '"on" lets Tenure suspend and restore accounts and end their sessions. The app then needs okta.users.manage, which can do more than that: leave it empty until you want it.',
    secret: false,
    required: false,
  },
  log: {
    env: 'OKTA_LOG',
    label: 'System Log',
    help: '"on" lets Tenure read the System Log: who changed a group, and who signed in. The app then needs okta.logs.read.',
    secret: false,
    required: false,
  },
}

export interface OktaSettings extends Wanted {
  /** e.g. `https://acme.okta.com`. */
  readonly origin: string
  readonly auth:
    | PrivateKeyAuth
    | { readonly kind: 'api token'; readonly apiToken: string }
    | { readonly kind: 'access token'; readonly accessToken: string }
  readonly concurrency: number
}

export interface PrivateKeyAuth {
  readonly kind: 'private key'
  readonly clientId: string
  readonly key: KeyObject
  readonly algorithm: 'RS256' | 'ES256'
  readonly keyId: string | null
}

/** Throws a `ConfigFault` in words that an operator can act on. */
export function settingsOf(config: OktaConfig): OktaSettings {
  return {
    origin: originOf(config.domain.trim()),
    auth: authOf(config),
    concurrency: concurrencyOf(config.concurrency),
    accounts: isOn('OKTA_ACCOUNTS', config.accounts),
    log: isOn('OKTA_LOG', config.log),
  }
}

function originOf(domain: string): string {
  if (domain === '') throw new ConfigFault('OKTA_DOMAIN is missing, e.g. acme.okta.com')
  const url = URL.parse(domain.includes('://') ? domain : `https://${domain}`)
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigFault('OKTA_DOMAIN is not a domain, e.g. acme.okta.com')
  }
  if (url.pathname !== '/') throw new ConfigFault('OKTA_DOMAIN must be a domain without a path, e.g. acme.okta.com')
  const loopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]'
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new ConfigFault('OKTA_DOMAIN must be reached by https')
  }
  if (/-admin\.(okta|oktapreview|okta-emea)\.com$/.test(url.hostname)) {
    throw new ConfigFault('OKTA_DOMAIN is the address of the Admin Console: leave out "-admin"')
  }
  return url.origin
}

function authOf(config: OktaConfig): OktaSettings['auth'] {
  const accessToken = config.accessToken.trim()
  if (accessToken !== '') {
    if (!/^[\x21-\x7e]+$/.test(accessToken))
      throw new ConfigFault('OKTA_ACCESS_TOKEN holds characters that no token has')
    return { kind: 'access token', accessToken }
  }
  const apiToken = config.apiToken.trim()
  if (apiToken !== '') {
    if (!/^[\x21-\x7e]+$/.test(apiToken)) throw new ConfigFault('OKTA_API_TOKEN holds characters that no token has')
    if (config.privateKey.trim() !== '')
      throw new ConfigFault('OKTA_API_TOKEN and OKTA_PRIVATE_KEY are both set: leave the API token out')
    return { kind: 'api token', apiToken }
  }
  const clientId = config.clientId.trim()
  if (clientId === '') throw new ConfigFault('OKTA_CLIENT_ID is missing')
  const text = config.privateKey.trim()
  if (text === '') throw new ConfigFault('OKTA_PRIVATE_KEY is missing')
  const { key, keyId } = text.startsWith('{') ? jwkOf(text) : { key: pemOf(text), keyId: null }
  const wanted = config.keyId.trim()
  return { kind: 'private key', clientId, key, algorithm: algorithmOf(key), keyId: wanted === '' ? keyId : wanted }
}

function jwkOf(text: string): { key: KeyObject; keyId: string | null } {
  try {
    const jwk = JSON.parse(text) as Record<string, unknown>
    const keyId = typeof jwk['kid'] === 'string' && jwk['kid'] !== '' ? jwk['kid'] : null
    return { key: createPrivateKey({ key: jwk, format: 'jwk' }), keyId }
  } catch {
    // The cause is left out: a parser's message quotes the text, which is the key.
    throw new ConfigFault('OKTA_PRIVATE_KEY is no private key in JSON (JWK) form')
  }
}

/** An environment variable often holds the line breaks of a PEM file as `\n`. */
function pemOf(text: string): KeyObject {
  try {
    return createPrivateKey(text.replaceAll('\\n', '\n'))
  } catch {
    throw new ConfigFault('OKTA_PRIVATE_KEY is neither a JSON (JWK) nor a PEM (PKCS #8) private key')
  }
}

function algorithmOf(key: KeyObject): 'RS256' | 'ES256' {
  if (key.asymmetricKeyType === 'rsa') {
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return 'RS256'
    throw new ConfigFault('OKTA_PRIVATE_KEY is an RSA key of less than 2048 bits')
  }
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256'
  throw new ConfigFault('OKTA_PRIVATE_KEY must be an RSA key or an EC key on the curve P-256')
}

function isOn(name: string, text: string): boolean {
  const value = text.trim().toLowerCase()
  if (value !== '' && value !== 'on' && value !== 'off') throw new ConfigFault(`${name} is "on", or empty`)
  return value === 'on'
}

function concurrencyOf(text: string): number {
  if (text.trim() === '') return 10
  const calls = Number(text)
  if (Number.isInteger(calls) && calls >= 1 && calls <= 1000) return calls
  throw new ConfigFault('OKTA_CONCURRENCY must be a whole number from 1 to 1000')
}
