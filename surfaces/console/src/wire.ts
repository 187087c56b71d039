/** Types only: nothing of the server is in the bundle. */
export type {
  Concern,
  ErrorAnswer,
  PersonChoice,
  RequestAnswer,
  RequestsAnswer,
  SessionAnswer,
  StateFilter,
} from '../../api/wire.ts'
export type { RequestLine, RequestState, RequestView, TimelineEntry } from '../../../engine/read/request-view.ts'
