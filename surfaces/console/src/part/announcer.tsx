import type { ReactElement } from 'react'

const ID = 'announcer'

/** Says something to those who do not see what changed, e.g. that a value was copied. */
export function announce(text: string): void {
  const element = document.getElementById(ID)
  if (!element) return
  // Emptied first: the same words a second time are news again.
  element.textContent = ''
  setTimeout(() => (element.textContent = text), 50)
}

export function Announcer(): ReactElement {
  return <div id={ID} role="status" aria-live="polite" className="visually-hidden" />
}
