/** Every way in which this surface says no: a closed list. Texts of faults, vendors and parsers never reach an answer. */
export type ErrorCode = keyof typeof ERRORS

const ERRORS = {
  'no session': { status: 401, words: 'You are not signed in here, or your session has ended.' },
  'link used': { status: 410, words: 'This link was used already. Each link lets one browser in, once.' },
  'link expired': { status: 410, words: 'This link is too old.' },
  'link unknown': { status: 404, words: 'Tenure did not make this link, or it was started again since.' },
  'link not opened by a person': { status: 403, words: 'This link works only when a person opens it as a page.' },
  'wrong host': { status: 421, words: 'Tenure answers only as localhost, 127.0.0.1 or [::1].' },
  'not loopback': { status: 403, words: 'Until sign-in exists, Tenure talks only to the machine that it runs on.' },
  'another site': { status: 403, words: 'This change was not asked for from a page of Tenure itself.' },
  'sandbox only': { status: 404, words: 'This exists only in the sandbox company.' },
  'not found': { status: 404, words: 'There is nothing at this address.' },
  'no such request': { status: 404, words: 'There is no request with this id.' },
  'no such person': { status: 404, words: 'There is no such person in the sandbox company.' },
  'nobody chosen': { status: 409, words: 'Choose a person first: this view is about one.' },
  'clock is moving': {
    status: 409,
    words: 'The clock of the sandbox is being moved already. Wait until it has arrived.',
  },
  'not understood': { status: 400, words: 'Tenure could not understand this.' },
  'too large': { status: 413, words: 'This is larger than anything that Tenure expects here.' },
  'wrong type': { status: 415, words: 'Tenure expects JSON here.' },
  starting: { status: 503, words: 'The database is starting. This takes a few seconds.' },
  fault: { status: 500, words: 'Something broke inside Tenure. The log of the server says what.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly words: string }>>

export function statusOf(code: ErrorCode): number {
  return ERRORS[code].status
}

export function wordsOf(code: ErrorCode): string {
  return ERRORS[code].words
}

/** Codes whose answer should tell how to get in. */
export function isAboutEntry(code: ErrorCode): boolean {
  return code === 'no session' || code.startsWith('link ')
}
