import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { EmbeddedPostgresFault } from '#engine/store/embedded-postgres/fault.ts'

/** Why a start failed, in one sentence for faults that an operator can mend, and with everything there is for the others. */
export function startFaultInWords(fault: unknown, environment: Readonly<Record<string, string | undefined>>): string {
  const { code, message, stack, port, syscall } = fault as NodeJS.ErrnoException & { port?: number }
  if (fault instanceof ConfigFault || fault instanceof EmbeddedPostgresFault) return sentence(message)
  if (code === 'EADDRINUSE') {
    return `port ${port ?? ''} is taken, perhaps by another Tenure. Set TENURE_PORT, TENURE_WEBHOOK_PORT, TENURE_SANDBOX_JIRA_PORT or TENURE_SANDBOX_DIRECTORIES_PORT to a free one (docs/configuration.md).`
  }
  const network = syscall === 'connect' || syscall === 'getaddrinfo' || message?.startsWith('Connection terminated')
  if (environment['DATABASE_URL'] && (network || code?.startsWith('28') || code === '3D000')) {
    return `the database that DATABASE_URL names cannot be used: ${sentence(message)}`
  }
  if (message?.startsWith('Tenure will not listen')) return message
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EROFS') {
    return `the state folder cannot be used: ${sentence(message)} Set TENURE_HOME to a folder that can be written.`
  }
  return stack ?? String(fault)
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
