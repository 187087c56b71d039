import { createHash } from 'node:crypto'
import { randomOf } from './random.ts'

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const UNMISTAKABLE = '23456789abcdefghjkmnpqrstvwxyz'
const HEXADECIMAL = '0123456789abcdef'

/** Ours, e.g. `per_7k2m9qd4xw3h`. `what` names the thing within the company, so an id stays when others are added. */
export function personIdOf(seed: number, what: string): string {
  return `per_${randomOf(seed, `person id ${what}`).text(UNMISTAKABLE, 12)}`
}

/** In Okta's shape: 20 characters that begin with the kind: `00u` a user, `00g` a group, `0pr` a group rule. */
export function oktaIdOf(seed: number, kind: '00u' | '00g' | '0pr', what: string): string {
  return `${kind}${randomOf(seed, `okta ${kind} ${what}`).text(LETTERS_AND_DIGITS, 17)}`
}

/** In Atlassian's shape: a number of its own directory, a colon and a UUID (version 4). The colon is meant to be there. */
export function jiraAccountIdOf(seed: number, what: string): string {
  const random = randomOf(seed, `jira account ${what}`)
  const block = (length: number) => random.text(HEXADECIMAL, length)
  return `712020:${block(8)}-${block(4)}-4${block(3)}-${random.text('89ab', 1)}${block(3)}-${block(12)}`
}

/** RFC 9562 section 5.8: a version 8 of our own making, the same for the same name. */
export function entraIdOf(name: string): string {
  const hex = createHash('sha256').update(`sandbox entra ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** In Google's shape: 21 digits, the same for the same name. */
export function googleIdOf(name: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(`sandbox google ${name}`).digest('hex').slice(0, 20)}`)
  return `1${digits.toString().padStart(20, '0').slice(-20)}`
}

/** In Google's shape: fifteen letters and digits. */
export function googleGroupIdOf(name: string): string {
  return `01${createHash('sha256').update(`sandbox google group ${name}`).digest('hex').slice(0, 13)}`
}
