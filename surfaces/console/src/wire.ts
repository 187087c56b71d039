/** Types only: nothing of the server is in the bundle. */
export type {
  Concern,
  ErrorAnswer,
  HaltsAnswer,
  OverdueAnswer,
  OverdueLine,
  PersonChoice,
  RequestAnswer,
  RequestsAnswer,
  SessionAnswer,
  StateFilter,
} from '../../api/wire.ts'
export type { HaltLine } from '../../../engine/read/halt-view.ts'
export type { RequestLine, RequestState, RequestView, TimelineEntry } from '../../../engine/read/request-view.ts'
