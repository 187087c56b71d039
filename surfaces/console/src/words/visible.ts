/**
 * A text from outside, with those characters made visible that would otherwise deceive the eye: the ones that turn the
 * direction of what follows ("gnp.exe" shown as "exe.png"), and control characters. Line breaks stay: they are shown
 * only where a text may have several lines.
 */
export function visible(text: string): string {
  return text.replace(
    DECEIVING,
    (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )
}

const DECEIVING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g
