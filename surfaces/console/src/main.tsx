import '@atlaskit/css-reset'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { chooseHost } from './host/choose-host.ts'
import { HostContextOfReact } from './host/use-host.ts'
import { App } from './page/app.tsx'
import './style/page.css'

const host = await chooseHost()
// Before anything is painted, so that nobody sees a bright page turn dark.
const [context] = await Promise.all([host.context(), host.theme()])

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root element')
createRoot(root).render(
  <StrictMode>
    <HostContextOfReact.Provider value={host}>
      <App insideJira={context.kind === 'jira'} />
    </HostContextOfReact.Provider>
  </StrictMode>,
)
