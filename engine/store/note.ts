/**
 * A note of a settlement, fit to be kept: it may repeat what a vendor said, and a commit must never fail for the sake of a
 * word to the operator. PostgreSQL takes no NUL, and JSON no half of a surrogate pair.
 */
export function storableNote(note: string | undefined): string | null {
  return note === undefined ? null : note.replaceAll('\u0000', '\ufffd').toWellFormed()
}
