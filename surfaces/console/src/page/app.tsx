import type { ReactElement } from 'react'
import { usePolled } from '../ask/use-polled.ts'
import { Announcer } from '../part/announcer.tsx'
import { HaltBanner } from '../part/halt-banner.tsx'
import { SandboxBanner } from '../part/sandbox-banner.tsx'
import { TopBar } from '../part/top-bar.tsx'
import { useRoute } from '../route/use-route.ts'
import type { SessionAnswer } from '../wire.ts'
import { NoSessionPage } from './no-session-page.tsx'
import { NowherePage } from './nowhere-page.tsx'
import { RequestPage } from './request-page.tsx'
import { RequestsPage } from './requests-page.tsx'

const SETTING_UP_MS = 2_000
/** The sandbox's clock is shown, to the minute. */
const SANDBOX_MS = 10_000
const RARELY_MS = 30_000

export function App({ insideJira }: { readonly insideJira: boolean }): ReactElement {
  const route = useRoute()
  const session = usePolled<SessionAnswer>('/api/session', ({ sandbox }) => {
    if (!sandbox) return RARELY_MS
    // While the company is being set up there is nobody to choose yet.
    return sandbox.persons.length === 0 ? SETTING_UP_MS : SANDBOX_MS
  })
  const noSession =
    session.trouble?.kind === 'refused' && session.trouble.code === 'no session' ? session.trouble : null
  return (
    <>
      <button type="button" className="skip-link" onClick={() => document.querySelector('main')?.focus()}>
        Skip to the content
      </button>
      {insideJira ? null : <TopBar />}
      {session.value?.sandbox && !noSession ? <SandboxBanner session={session.value} /> : null}
      {noSession ? null : <HaltBanner />}
      <main tabIndex={-1}>
        {noSession ? (
          <NoSessionPage words={noSession.words} how={noSession.how} />
        ) : route.page === 'requests' ? (
          <RequestsPage filter={route} session={session.value} />
        ) : route.page === 'request' ? (
          <RequestPage key={route.requestId} requestId={route.requestId} />
        ) : (
          <NowherePage />
        )}
      </main>
      <Announcer />
    </>
  )
}
