import type { RefObject } from 'react'
import { useEffect, useRef } from 'react'

let firstPage = true

/**
 * Names the window after the page. When the page was come to from another one, its heading takes the focus too, so that a
 * screen reader says where one is; at the first load the browser does that by itself. `shown` tells when the content has
 * taken the place of the waiting page, whose heading, and the focus with it, is then gone.
 */
export function usePageTitle(title: string, page: string, shown = true): RefObject<HTMLHeadingElement> {
  const heading = useRef<HTMLHeadingElement>(null)
  const tookFocus = useRef(false)
  useEffect(() => {
    document.title = `${title} – Tenure`
  }, [title])
  useEffect(() => {
    tookFocus.current = !firstPage
    if (tookFocus.current) heading.current?.focus({ preventScroll: true })
    firstPage = false
  }, [page])
  useEffect(() => {
    if (tookFocus.current && document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [shown])
  return heading
}
