import type { RequestLine, RequestView } from './request-view.ts'

/** What the surfaces may ask about requests. */
export interface RequestReads {
  /** Newest first. `before` is the `requestId` of the last line already seen; an id that nobody knows gives an empty list. */
  list(options: { readonly limit: number; readonly before?: string }): Promise<readonly RequestLine[]>
  /** Null: no such request. */
  view(requestId: string): Promise<RequestView | null>
}
