import { fold, type App, type Catalog, type Role } from '../catalog/catalog.ts'
import { refused, type Refused } from '../event.ts'

/** What a person wrote into the form, as text: hostile until it was read. */
export interface AskForm {
  readonly app: string
  readonly role: string
  readonly duration: string
  readonly reason: string
}

/** What the form means under a catalog. */
export interface Ask {
  readonly app: App
  readonly role: Role
  /** Null: asked without an end. */
  readonly hours: number | null
  readonly windowBecause: 'short need' | 'asked for an end' | 'asked for no end'
  readonly reason: string
}

export const LONGEST_REASON_CHARACTERS = 4_000

/**
 * Turns a form into an ask, or says what is wrong with it. The first flaw in the order of the form is named. What the
 * person wrote is not repeated in a refusal: the refusal is kept for ever, and their words can be erased.
 */
export function readAsk(form: AskForm, catalog: Catalog): { readonly kind: 'ask'; readonly ask: Ask } | Refused {
  const appNamed = catalog.apps.filter((each) => fold(each.name) === fold(form.app) || each.id === form.app)
  const app = appNamed[0]
  if (!app || appNamed.length > 1) return refused('unknown app')

  const named = catalog.roles.filter((each) => fold(each.name) === fold(form.role) || each.id === form.role)
  const ofApp = named.filter((each) => each.appId === app.id)
  const role = ofApp[0]
  if (!role || ofApp.length > 1) {
    return ofApp.length === 0 && named.length > 0
      ? refused('role is of another app', { app: app.name })
      : refused('unknown role', { app: app.name })
  }

  const hours = readDuration(form.duration)
  if (hours === 'missing') return refused('duration missing', { role: role.name })
  if (hours === 'not understood') return refused('duration not understood')
  const flaw = flawOfDuration(hours, role)
  if (flaw) return flaw

  const reason = form.reason.trim()
  if (isInvisible(reason)) return refused('reason missing')
  if (reason.length > LONGEST_REASON_CHARACTERS) {
    return refused('reason too long', { characters: String(reason.length), most: String(LONGEST_REASON_CHARACTERS) })
  }
  if (hasControlCharacters(reason)) return refused('reason has control characters')

  const windowBecause =
    hours === null ? 'asked for no end' : hours < catalog.shortNeedHours ? 'short need' : 'asked for an end'
  return { kind: 'ask', ask: { app, role, hours, windowBecause, reason } }
}

function flawOfDuration(hours: number | null, role: Role): Refused | null {
  const { durations } = role
  if (hours === null)
    return durations.noEnd && role.tier !== 'privileged' ? null : refused('no end not allowed', { role: role.name })
  if (durations.maximumHours !== null && hours > durations.maximumHours) {
    return refused('duration above maximum', { hours: String(hours), maximum: String(durations.maximumHours) })
  }
  if (durations.hours.length > 0 && !durations.hours.includes(hours)) {
    return refused('duration not offered', { hours: String(hours), offered: durations.hours.join(', ') })
  }
  return null
}

/** Hours, or null for "no end". Understands what a form may hold: "6", "6 h", "6 hours", "1 hour", "2 days", "1 week", "No end". */
export function readDuration(text: string): number | null | 'missing' | 'not understood' {
  const words = fold(text)
  if (words === '') return 'missing'
  if (words === 'no end' || words === 'without an end') return null
  const match = /^(\d{1,5}) ?(h|hour|hours|d|day|days|w|week|weeks)?$/.exec(words)
  if (!match) return 'not understood'
  const unit = match[2]?.[0] ?? 'h'
  const hours = Number(match[1]) * (unit === 'w' ? 168 : unit === 'd' ? 24 : 1)
  return hours > 0 ? hours : 'not understood'
}

/** Line breaks and tabs are how people write; every other control or direction-changing character can make text read as something else. */
function hasControlCharacters(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- refusing control characters is what this is for
  return (
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text) || !isWellFormed(text)
  )
}

/** Lone surrogates are no text: they have no canonical form and no database stores them. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)
}

/** Spaces without a width, fillers and other signs that no reader sees are no reason. */
function isInvisible(text: string): boolean {
  return /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u.test(text)
}
