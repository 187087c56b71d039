import { jsonLog } from './log.ts'
import { runServer } from './run-server.ts'
import { readSettings } from './settings.ts'
import { startFaultInWords } from './start-fault.ts'

/** `npm start`: everything, until it is told to stop. */
const log = jsonLog(
  (line) => process.stderr.write(`${line}\n`),
  () => new Date().toISOString(),
)

try {
  const began = performance.now()
  const server = await runServer(readSettings(process.env), log)
  process.stdout.write(greeting(server, (performance.now() - began) / 1_000))
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second Ctrl-C means now.
      if (stopping) process.exit(130)
      stopping = true
      void server.stop().then(() => process.exit(0))
    })
  }
} catch (fault) {
  process.stderr.write(`Tenure did not start: ${startFaultInWords(fault, process.env)}\n`)
  process.exit(1)
}

function greeting(
  { consoleLink, askUrl, directoriesUrl, webhookUrl, where, companyName }: Awaited<ReturnType<typeof runServer>>,
  seconds: number,
): string {
  return [
    `Tenure is ready after ${seconds.toFixed(1)} s.${companyName === null ? '' : ` This is the sandbox: the company ${companyName}, and stand-ins of Okta, Entra ID, Google Workspace and Jira.`}`,
    '',
    ...(askUrl === null ? [] : [`  Ask for access    ${askUrl}`]),
    ...(directoriesUrl === null
      ? []
      : [`  Directories       ${directoriesUrl}   (be their administrator, and change a group around Tenure)`]),
    `  Console           ${consoleLink}   (works once; another one: npm exec -- tenure console link)`,
    ...(webhookUrl === null ? [] : [`  Webhook door      ${webhookUrl}`]),
    `  Data              ${where}`,
    '',
    'Stop with Ctrl-C.',
    '',
  ].join('\n')
}
