import { createPrivateKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import type { ConfigFields } from '#connectors/kit/connector.ts'

/** As people write it: text in every field, '' where nothing was given. */
export interface GoogleConfig {
  readonly serviceAccountKey: string
  readonly adminEmail: string
  readonly readOnlyGroups: string
  readonly nativeEnd: string
  readonly concurrency: string
  readonly origin: string
}

export const configFields: ConfigFields<GoogleConfig> = {
  serviceAccountKey: {
    env: 'GOOGLE_SERVICE_ACCOUNT_KEY',
    label: 'Service account key',
    help: 'The JSON key file of the service account, whole: Google Cloud console > IAM > Service Accounts > Keys > Add key.',
    secret: true,
    required: true,
  },
  adminEmail: {
    env: 'GOOGLE_ADMIN_EMAIL',
    label: 'Administrator',
    help: 'The address of the administrator whom the service account acts for: an account of its own, that never leaves.',
    secret: false,
    required: true,
  },
  readOnlyGroups: {
    env: 'GOOGLE_READ_ONLY_GROUPS',
    label: 'Groups never to write',
    help: 'Groups whose members Google Cloud Directory Sync keeps: addresses or ids with commas between, or *@domain.',
    secret: false,
    required: false,
  },
  nativeEnd: {
    env: 'GOOGLE_NATIVE_END',
    label: 'End at Google',
    help: 'Whether members are given an end at Google, too: on unless set to off. Google writes to the owners of a group for each.',
    secret: false,
    required: false,
  },
  concurrency: {
    env: 'GOOGLE_CONCURRENCY',
    label: 'Calls at once',
    help: 'How many calls may be under way at once, of all replicas together; 10 unless set.',
    secret: false,
    required: false,
  },
  origin: {
    env: 'GOOGLE_ORIGIN',
    label: 'Address of a test server',
    help: 'Where all of Google is, for a stand-in. Leave it empty for the real one.',
    secret: false,
    required: false,
  },
}

export interface GoogleSettings {
  readonly origins: { readonly token: string; readonly admin: string; readonly identity: string }
  readonly account: ServiceAccount
  /** The administrator whom the service account acts for. */
  readonly subject: string
  /** In lower case: addresses, ids, and `*@domain`. */
  readonly readOnlyGroups: readonly string[]
  readonly nativeEnd: boolean
  readonly concurrency: number
}

export interface ServiceAccount {
  readonly email: string
  readonly key: KeyObject
  readonly keyId: string | null
  /** The number under which an administrator delegates; '' when the file does not tell. */
  readonly clientId: string
}

/** Throws a `ConfigFault` in words that an operator can act on. */
export function settingsOf(config: GoogleConfig): GoogleSettings {
  const text = (name: keyof GoogleConfig): string => config[name].trim()
  return {
    origins: originsOf(text('origin')),
    account: accountOf(text('serviceAccountKey')),
    subject: subjectOf(text('adminEmail')),
    readOnlyGroups: readOnlyGroupsOf(text('readOnlyGroups')),
    nativeEnd: isOn(text('nativeEnd')),
    concurrency: concurrencyOf(text('concurrency')),
  }
}

const GOOGLE = {
  token: 'https://oauth2.googleapis.com',
  admin: 'https://admin.googleapis.com',
  identity: 'https://cloudidentity.googleapis.com',
}

function originsOf(text: string): GoogleSettings['origins'] {
  if (text === '') return GOOGLE
  const url = URL.parse(text)
  if (url === null || url.pathname !== '/' || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigFault('GOOGLE_ORIGIN is not the address of a server, e.g. http://127.0.0.1:8430')
  }
  const loopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]'
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new ConfigFault('GOOGLE_ORIGIN must be reached by https')
  }
  return { token: url.origin, admin: url.origin, identity: url.origin }
}

const keyFile = z.object({
  type: z.literal('service_account'),
  client_email: z.string().regex(/^[^\s@]+@[^\s@]+$/),
  private_key: z.string(),
  private_key_id: z.string().optional(),
  client_id: z.string().optional(),
})

/** Where tokens are asked for stands in the file as well, and is not read from it: a file must not choose where a key is shown. */
function accountOf(text: string): ServiceAccount {
  if (text === '') throw new ConfigFault('GOOGLE_SERVICE_ACCOUNT_KEY is missing')
  const file = keyFile.safeParse(jsonOf(text))
  if (!file.success) {
    throw new ConfigFault(
      'GOOGLE_SERVICE_ACCOUNT_KEY is not the JSON key file of a service account ("type": "service_account", with client_email and private_key)',
    )
  }
  const { client_email: email, private_key, private_key_id, client_id } = file.data
  return { email, key: keyOf(private_key), keyId: private_key_id ?? null, clientId: client_id ?? '' }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The cause is left out: a parser's message quotes the text, which is the key.
    throw new ConfigFault('GOOGLE_SERVICE_ACCOUNT_KEY is no JSON: give the whole key file as it was downloaded')
  }
}

function keyOf(pem: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem.replaceAll('\\n', '\n'))
  } catch {
    throw new ConfigFault('GOOGLE_SERVICE_ACCOUNT_KEY holds a private_key that is none')
  }
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new ConfigFault('GOOGLE_SERVICE_ACCOUNT_KEY must hold an RSA key of 2048 bits or more')
  }
  return key
}

function subjectOf(text: string): string {
  if (text === '')
    throw new ConfigFault('GOOGLE_ADMIN_EMAIL is missing: the administrator whom the service account acts for')
  if (!/^[^\s@]+@[^\s@]+$/.test(text))
    throw new ConfigFault('GOOGLE_ADMIN_EMAIL is not an address, e.g. tenure@acme.com')
  if (/\.iam\.gserviceaccount\.com$/i.test(text)) {
    throw new ConfigFault('GOOGLE_ADMIN_EMAIL is a service account: it must be a person of your Workspace')
  }
  return text.toLowerCase()
}

function readOnlyGroupsOf(text: string): readonly string[] {
  const groups = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((each) => each !== '')
  for (const group of groups) {
    if (!/^(\*@[\w.-]+|[^\s@*]+@[\w.-]+|[a-z0-9_-]+)$/.test(group)) {
      throw new ConfigFault(
        'GOOGLE_READ_ONLY_GROUPS must hold addresses, ids or *@domain, with commas between, e.g. sales@acme.com, *@lists.acme.com',
      )
    }
  }
  return groups
}

function isOn(text: string): boolean {
  if (text === '' || text.toLowerCase() === 'on') return true
  if (text.toLowerCase() === 'off') return false
  throw new ConfigFault('GOOGLE_NATIVE_END must be on or off')
}

function concurrencyOf(text: string): number {
  if (text === '') return 10
  const calls = Number(text)
  if (Number.isInteger(calls) && calls >= 1 && calls <= 1000) return calls
  throw new ConfigFault('GOOGLE_CONCURRENCY must be a whole number from 1 to 1000')
}
