/** `npm run bench -- <name>` */
const BENCHES = ['governed', 'expiry', 'takeover', 'storm', 'sync']
const name = process.argv[2] ?? ''
if (BENCHES.includes(name)) await import(`./${name}.ts`)
else {
  process.stderr.write(`Which one? ${BENCHES.join(', ')}\n`)
  process.exitCode = 2
}
