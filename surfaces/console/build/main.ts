import { buildConsoleWhenStale } from './when-stale.ts'

/** `npm run build:console`: for an image, where nothing may have to be built at the start. */
const built = await buildConsoleWhenStale({ onFailure: (said) => console.error(said) }).done
if (built.kind === 'ready') console.log(built.folder)
else process.exitCode = 1
