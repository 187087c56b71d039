import type { RefObject } from 'react'
import { useEffect, useRef } from 'react'

let firstPage = true

/**
 * Names the window after the page. When the page was come to from another one, its heading takes the focus too, so that a
 * screen reader says where one is; at the first load the browser does that by itself.
 */
export function usePageTitle(title: string, page: string): RefObject<HTMLHeadingElement> {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} – Tenure`
  }, [title])
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true })
    firstPage = false
  }, [page])
  return heading
}
