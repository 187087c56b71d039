import { EVERY_REQUEST, hashOfRequests } from './route.ts'

let last = hashOfRequests(EVERY_REQUEST)

/** The list as it was last looked at, filter and all: where "back" leads to. */
export function listAddress(): string {
  return last
}

export function rememberList(hash: string): void {
  last = hash
}
