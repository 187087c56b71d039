import type { LastWord } from '#core/grant/overdue.ts'

/** What the directory last said about a removal, as half a sentence. What is said about other changes only is not here. */
const WORDS: Readonly<Partial<Record<LastWord, string>>> = {
  'not asked yet': 'the directory could not be asked yet',
  'no answer': 'no answer came from the directory',
  unavailable: 'the directory could not be reached',
  changed: 'the directory says that it is done, and no read shows it yet',
  unchanged: 'the directory says that it was so already, and no read shows it yet',
  accepted: 'the directory has taken the order, and no read shows it yet',
  rejected: 'the directory refuses',
  'no such person': 'the directory knows no such person',
  'no such group': 'the directory knows no such group',
  'group is managed by the vendor': 'the directory manages this group itself and refuses',
  'membership comes from a rule': 'a rule of the directory puts the person there, and must be changed first',
  'no native end': 'the directory has no end of its own for it',
  'not allowed': 'the directory does not allow Tenure to do it: a permission is missing',
  'not understood': 'the directory refuses, for a reason that Tenure does not know',
}

export function lastWordInWords(lastWord: LastWord): string {
  // A record may hold a word that a later version of Tenure wrote.
  return (Object.hasOwn(WORDS, lastWord) ? WORDS[lastWord] : undefined) ?? 'the directory did not do it yet'
}
