/** Whether there is a console to serve. The server answers in all three cases. */
export type ConsoleState =
  | { readonly kind: 'building' }
  /** `folder` holds one build and never changes afterwards: another build is another folder. */
  | { readonly kind: 'ready'; readonly folder: string }
  | { readonly kind: 'failed' }

export interface ConsoleBuild {
  state(): ConsoleState
}

/** A console that was built before, e.g. into an image. */
export function builtConsole(folder: string): ConsoleBuild {
  return { state: () => ({ kind: 'ready', folder }) }
}
